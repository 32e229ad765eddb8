"""How the counsellor's queue is sent."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec

from ....domain.counselling.need import InNeed, Need, NeedStep
from ....domain.counselling.use_cases.queue import QueuePage
from ..cursors import cursor as cursor_of
from ..wire import Id, ReasonBody, params_body
from ..words import text_of, words


class NeedStepBody(msgspec.Struct, frozen=True):
    """The step that a need is about."""

    key: str
    title: str
    kind: str
    state: str
    start: date
    finish: date
    latest_finish: date | None


class ToSendBody(msgspec.Struct, frozen=True):
    """What can be sent to the student as it is, in the language in which she wants to be written to."""

    language: Annotated[str, msgspec.Meta(examples=["bn"])]
    text: str


class NeedBody(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to see to, why, and what to send to the student."""

    matter: Annotated[
        Literal["window", "wait", "paper", "step", "stuck", "no_plan"],
        msgspec.Meta(
            description="An open window, a wait that has lasted longer than usual, a paper that runs out before its "
            "day, the most urgent step, a plan that cannot be worked out, or no plan."
        ),
    ]
    why: ReasonBody
    slack: Annotated[
        int | None,
        msgspec.Meta(description="Days left before it costs something; below 0 it does, null where nothing is due."),
    ]
    plan_id: Id | None
    step: NeedStepBody | None
    to_send: ToSendBody


class InNeedBody(msgspec.Struct, frozen=True):
    """A student with what there is to see to, the most urgent first; ``today`` is her own day."""

    student_id: Id
    student_name: str
    today: date
    needs: Annotated[list[NeedBody], msgspec.Meta(min_length=1)]


class QueueBody(msgspec.Struct, frozen=True):
    """Whom to see to first: open windows, then the least slack. ``students`` counts all of yours."""

    items: list[InNeedBody]
    students: int
    next: str | None = None


def queue_body(page: QueuePage) -> QueueBody:
    """Return the page as it is sent."""
    return QueueBody([_in_need(one) for one in page.items], page.students, page.next and cursor_of(page.next))


def _in_need(one: InNeed) -> InNeedBody:
    needs = [_need(need, one.language) for need in one.needs]
    return InNeedBody(str(one.student_id), one.name, one.today, needs)


def _need(need: Need, language: str) -> NeedBody:
    ours = words() if need.step is None else words().with_steps({need.step.key: text_of(need.step)})
    hers = words().in_language(language)
    if need.step is not None:
        hers = hers.with_steps({need.step.key: hers.text(need.step)})
    return NeedBody(
        matter=need.matter.value,
        why=ReasonBody(need.why.code, ours.reason(need.why), params_body(need.why.params)),
        slack=need.slack,
        plan_id=None if need.plan_id is None else str(need.plan_id),
        step=None if need.step is None else _step(need.step),
        to_send=ToSendBody(hers.language, hers.reason(need.to_send)),
    )


def _step(step: NeedStep) -> NeedStepBody:
    return NeedStepBody(
        key=step.key,
        title=text_of(step),
        kind=step.kind,
        state=step.state,
        start=step.start,
        finish=step.finish,
        latest_finish=step.latest_finish,
    )
