"""How plans are sent: steps, outlooks, money, and the views of a schedule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import msgspec

from ....domain.funding.need import MoneyNeed
from ....domain.planning.schedule import Outlook, PlannedStep, Schedule
from ....domain.planning.target import ApplyBy, LaterStart, Target
from ....domain.planning.use_cases.keeping import PlanPage
from ....domain.planning.use_cases.planned import PlanToday
from ....domain.planning.views import Action, Board, Today
from ....domain.rulebook.editions import edition_of
from ..told import outlook_in_words
from ..wire import Id, MoneyBody, ReasonBody, SourceBody, money_body, reason_body, source_body, warning_bodies
from ..words import sentence, text_of


class ApplyByBody(msgspec.Struct, frozen=True):
    """The deadline: the student's own last whole day, and what the university states."""

    last_day: date
    stated_local: str
    stated_zone: str
    time_stated: bool
    basis: str
    opens_on: date | None
    confidence: str
    source: SourceBody


class TargetBody(msgspec.Struct, frozen=True):
    """A programme from one intake on."""

    key: str
    programme_id: Id
    term: str
    starts_on: date
    title: str
    country: str
    level: str
    apply_by: ApplyByBody | None


class StepBody(msgspec.Struct, frozen=True, kw_only=True):
    """A step with its days; ``slack`` is how many days it can slip, null when nothing is due after it."""

    key: Annotated[str, msgspec.Meta(examples=["DE6@saarland-computer-science-msc/summer-2027"])]
    code: str
    title: str
    kind: str
    owner: str
    target: str | None
    after: list[str]
    state: Annotated[str, msgspec.Meta(examples=["to_do", "in_progress", "done"])]
    start: date
    finish: date
    least_days: Annotated[int | None, msgspec.Meta(description="As the rules say; null where no bound is known.")]
    typical_days: int
    most_days: int | None
    latest_finish: date | None
    slack: int | None
    critical: bool
    due: ReasonBody | None
    advice: str
    note: str
    irreversible: bool
    gate: Annotated[
        ReasonBody | None,
        msgspec.Meta(description="Of an irreversible step: whether it is safe now, or what should be known first."),
    ]
    answered: Annotated[
        ReasonBody | None,
        msgspec.Meta(description="What of the profile or the papers answers it already, or why that will not do."),
    ]
    estimates: Annotated[
        list[ReasonBody],
        msgspec.Meta(description="Holidays that decide its days and are not announced yet."),
    ]
    counts: Annotated[str, msgspec.Meta(examples=["calendar", "working"], description="Which days it counts.")]
    calendar: Annotated[str, msgspec.Meta(examples=["", "home", "target", "both"], description="Whose open days.")]
    documents_in: list[str]
    documents_out: list[str]
    depends_on_unknown: list[str]
    rests_on: list[str]
    source: SourceBody
    confidence: str
    verified: bool


class LaterStartBody(msgspec.Struct, frozen=True):
    """A later beginning that is reached in time."""

    term: str
    starts_on: date
    apply_by: ApplyByBody | None


class OutlookBody(msgspec.Struct, frozen=True):
    """How one target stands, and why, in words."""

    target: TargetBody
    outcome: Annotated[str, msgspec.Meta(examples=["on_time", "at_risk", "late", "lost"])]
    arrives_on: date
    slack: int
    chain: list[str]
    reasons: list[ReasonBody]
    next_safe: LaterStartBody | None
    summary: Annotated[str, msgspec.Meta(description="All of it in a few sentences, for people.")]


class MoneyNeedBody(msgspec.Struct, frozen=True, kw_only=True):
    """Money to be shown in a country, for the target whose day and tuition count: the first of several in it.

    ``tuition_too`` null means that it is not known whether tuition comes on top.

    ``tuition_counted`` false means that it does and is not in the amount, since it is not known in that currency;
    ``depends_on`` names the circumstances that would have to be stated to tell.
    """

    rule: str
    target: Annotated[str, msgspec.Meta(description="The key of that target.")]
    country: str
    amount: MoneyBody | None
    a_month: MoneyBody | None
    months: int
    tuition_too: bool | None
    tuition_counted: bool | None
    depends_on: list[str]
    proofs: list[str]
    on: date
    rests_on: list[str]
    confidence: str
    source_url: str
    warnings: Annotated[list[ReasonBody], msgspec.Meta(description="What of these rules is stale or unverified.")]


class PlanBody(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as of a day: which target leads, every step, what decides, and what it all leans on."""

    id: Id
    student_id: Id
    version: int
    made_at: datetime
    today: date
    pathway: str
    lead: str
    targets: list[TargetBody]
    critical_path: list[str]
    outlooks: list[OutlookBody]
    steps: list[StepBody]
    money: list[MoneyNeedBody]
    unverified: Annotated[list[str], msgspec.Meta(description="Keys of steps whose figures nobody has verified.")]
    warnings: Annotated[
        list[ReasonBody], msgspec.Meta(description="What of the rules behind it is stale or unverified.")
    ]
    rulebook: list[str]
    edition: Annotated[str, msgspec.Meta(description="Send it back as `edition` to have the same answer again.")]
    made_with: list[str]
    zones: str
    calendars: Annotated[list[str], msgspec.Meta(description="The editions of the holidays that count in it.")]
    notices: Annotated[
        list[ReasonBody],
        msgspec.Meta(
            description="Targets that would follow another pathway if the plan were made today, and evidence that runs "
            "out on the way to one; a sum of money that is not known for its day, and since when it has to be there. "
            "`where` is the key of the target."
        ),
    ]
    leans_on: Annotated[list[str], msgspec.Meta(description="Ids of the packs that steps and money come from.")]
    calendar_shared: bool


class StuckPlanBody(msgspec.Struct, frozen=True):
    """A plan that cannot be worked out any more, with every reason; change its targets or the profile."""

    id: Id
    version: int
    made_at: datetime
    errors: list[ReasonBody]


class PlanList(msgspec.Struct, frozen=True):
    """Some of a student's plans, newest first; hand ``next`` back as ``cursor`` for more."""

    items: list[PlanBody]
    stuck: list[StuckPlanBody]
    next: str | None = None


class ActionBody(msgspec.Struct, frozen=True):
    """Something to do or to watch today, and why it comes now."""

    step: StepBody
    why: str
    message: str
    holds_up: list[str]


class TodayBody(msgspec.Struct, frozen=True):
    """The next thing first, then what else can be begun, then what is waited for."""

    today: date
    next: ActionBody | None
    ready: list[ActionBody]
    waiting: list[ActionBody]


class BoardBody(msgspec.Struct, frozen=True):
    """All steps by how far they are."""

    to_do: list[StepBody]
    in_progress: list[StepBody]
    done: list[StepBody]


def plan_list(found: PlanPage, further: str | None) -> PlanList:
    """Return the plans as they are sent, with the cursor of the next page."""
    stuck = [
        StuckPlanBody(str(one.plan.id), one.plan.version, one.plan.made_at, [reason_body(why) for why in one.reasons])
        for one in found.stuck
    ]
    return PlanList([plan_body(one) for one in found.plans], stuck, further)


def plan_body(found: PlanToday) -> PlanBody:
    """Return the plan as it is sent."""
    plan, schedule = found.plan, found.schedule
    return PlanBody(
        id=str(plan.id),
        student_id=str(plan.student_id),
        version=plan.version,
        made_at=plan.made_at,
        today=schedule.today,
        pathway=schedule.pathway,
        lead=schedule.lead.key,
        targets=[_target(target) for target in found.situation.targets],
        critical_path=[step.key for step in schedule.critical_path],
        outlooks=outlooks_of(schedule),
        steps=[step_body(step) for step in schedule.steps],
        money=[_money(target, need, found.warnings_of(need)) for target, need in found.needs],
        unverified=list(schedule.unverified),
        warnings=warning_bodies(found.warnings),
        rulebook=list(schedule.rulebook),
        edition=edition_of(schedule.rulebook),
        made_with=list(plan.made_with),
        zones=schedule.zones,
        calendars=list(schedule.calendars),
        notices=[reason_body(notice) for notice in found.notices],
        leans_on=[pack.id for pack in found.packs],
        calendar_shared=bool(plan.calendar_hash),
    )


def outlooks_of(schedule: Schedule) -> list[OutlookBody]:
    """Return how each target stands."""
    return [_outlook(outlook, schedule) for outlook in schedule.outlooks]


def step_body(planned: PlannedStep) -> StepBody:
    """Return the step as it is sent."""
    task, step = planned.task, planned.task.step
    return StepBody(
        key=planned.key,
        code=step.code,
        title=text_of(step),
        kind=step.kind.value,
        owner=step.owner,
        target=task.target.key if task.target else None,
        after=list(task.after),
        state=planned.state.value,
        start=planned.start,
        finish=planned.finish,
        least_days=step.duration.least,
        typical_days=step.duration.typical,
        most_days=step.duration.most,
        latest_finish=planned.latest_finish,
        slack=planned.slack,
        critical=planned.critical,
        due=reason_body(planned.due) if planned.due else None,
        advice=text_of(step, "advice"),
        note=text_of(step, "note"),
        irreversible=step.irreversible,
        gate=reason_body(planned.gate) if planned.gate else None,
        answered=reason_body(planned.answered) if planned.answered else None,
        estimates=[reason_body(one) for one in planned.estimates],
        counts=step.counts.value,
        calendar=step.calendar.value,
        documents_in=list(step.documents_in),
        documents_out=list(step.documents_out),
        depends_on_unknown=list(task.depends_on_unknown),
        rests_on=list(step.facts),
        source=source_body(step.source),
        confidence=step.confidence.value,
        verified=step.confidence.is_verified,
    )


def later_start_body(later: LaterStart | None) -> LaterStartBody | None:
    """Return the intake that is safe instead as it is sent, None where there is none."""
    return LaterStartBody(later.term, later.starts_on, _apply_by(later.apply_by)) if later else None


def today_body(today: Today, on: date) -> TodayBody:
    """Return today's actions as they are sent."""
    return TodayBody(
        today=on,
        next=_action(today.next) if today.next else None,
        ready=[_action(action) for action in today.ready],
        waiting=[_action(action) for action in today.waiting],
    )


def board_body(board: Board) -> BoardBody:
    """Return the board as it is sent."""
    columns = ([step_body(step) for step in steps] for steps in (board.to_do, board.in_progress, board.done))
    return BoardBody(*columns)


def _target(target: Target) -> TargetBody:
    return TargetBody(
        key=target.key,
        programme_id=str(target.ref.programme_id),
        term=target.ref.term,
        starts_on=target.starts_on,
        title=target.title,
        country=target.country,
        level=target.level,
        apply_by=_apply_by(target.apply_by),
    )


def _apply_by(by: ApplyBy | None) -> ApplyByBody | None:
    if by is None:
        return None
    confidence = by.confidence.value
    return ApplyByBody(
        by.last_day, by.local, by.zone, by.time_stated, by.basis.value, by.opens_on, confidence, source_body(by.source)
    )


def _outlook(outlook: Outlook, schedule: Schedule) -> OutlookBody:
    return OutlookBody(
        target=_target(outlook.target),
        outcome=outlook.outcome.value,
        arrives_on=outlook.arrives_on,
        slack=outlook.slack,
        chain=list(outlook.chain),
        reasons=[reason_body(reason) for reason in outlook.reasons],
        next_safe=later_start_body(outlook.next_safe),
        summary=outlook_in_words(outlook, schedule),
    )


def _money(target: Target, need: MoneyNeed, warnings: Iterable[str]) -> MoneyNeedBody:
    return MoneyNeedBody(
        rule=need.rule,
        target=target.key,
        country=target.country,
        amount=money_body(need.amount),
        a_month=money_body(need.a_month),
        months=need.months,
        tuition_too=need.tuition_too,
        tuition_counted=need.tuition_counted,
        depends_on=list(need.depends_on),
        proofs=list(need.proofs),
        on=need.on,
        rests_on=list(need.rests_on),
        confidence=need.confidence.value,
        source_url=need.source_url,
        warnings=warning_bodies(warnings),
    )


def _action(action: Action) -> ActionBody:
    return ActionBody(step_body(action.step), action.why, sentence(action.why), list(action.holds_up))
