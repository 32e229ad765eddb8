"""How impact reports look on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from ....domain.impacts.changes import ImpactChange, StudentImpact
from ....domain.impacts.impact import Impact
from ..wire import Id, ParamsBody, params_body
from ..words import sentence, sentence_of


class TotalsBody(msgspec.Struct, frozen=True, kw_only=True):
    """Students and plans looked at, and to how many students what happens; a student counts once a line."""

    students: int
    plans: int
    affected: int
    plans_moved: int
    plans_lost: int
    late: int
    at_risk: int
    top_up: int
    first_top_up_by: date | None
    verdicts_fall: int
    papers: int


class ImpactChangeBody(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is otherwise; ``badness`` only orders, 0 is no loss."""

    about: Annotated[str, msgspec.Meta(examples=["money"])]
    code: Annotated[str, msgspec.Meta(examples=["impact.money_more"])]
    message: str
    params: ParamsBody
    badness: int
    plan_id: Id | None


class StudentImpactBody(msgspec.Struct, frozen=True):
    """What changes for one student, the worst first."""

    student_id: Id
    badness: int
    changes: list[ImpactChangeBody]


class ImpactBody(msgspec.Struct, frozen=True, kw_only=True):
    """What changes from one edition to another; while it is running, for the students counted so far."""

    id: Id
    purpose: Literal["proposed", "activated"]
    state: Literal["running", "finished"]
    before: str
    after: str
    packs: list[str]
    by: Id | None
    job_id: Annotated[str, msgspec.Meta(description="`GET /v1/jobs/{job_id}` says how far it is.")]
    started_at: datetime
    finished_at: datetime | None
    summary: str
    totals: TotalsBody
    items: list[StudentImpactBody]
    next: str | None


def impact_body(impact: Impact, students: Sequence[StudentImpact], following: str | None) -> ImpactBody:
    """Return the report with a page of its students as it is sent."""
    totals = impact.totals
    return ImpactBody(
        id=str(impact.id),
        purpose=impact.purpose.value,
        state=impact.state.value,
        before=impact.before,
        after=impact.after,
        packs=list(impact.packs),
        by=None if impact.by is None else str(impact.by),
        job_id=str(impact.job_id),
        started_at=impact.started_at,
        finished_at=impact.finished_at,
        summary=sentence("impact.all_together", {"told": "; ".join(map(sentence_of, impact.summary()))}),
        totals=TotalsBody(
            students=totals.students,
            plans=totals.plans,
            affected=totals.affected,
            plans_moved=totals.plans_moved,
            plans_lost=totals.plans_lost,
            late=totals.late,
            at_risk=totals.at_risk,
            top_up=totals.top_up,
            first_top_up_by=totals.first_top_up_by,
            verdicts_fall=totals.verdicts_fall,
            papers=totals.papers,
        ),
        items=[_student(one) for one in students],
        next=following,
    )


def _student(found: StudentImpact) -> StudentImpactBody:
    return StudentImpactBody(str(found.student_id), found.badness, [_change(one) for one in found.changes])


def _change(change: ImpactChange) -> ImpactChangeBody:
    return ImpactChangeBody(
        about=change.about.value,
        code=change.code,
        message=sentence(change.code, change.params),
        params=params_body(change.params),
        badness=change.badness,
        plan_id=None if change.plan_id is None else str(change.plan_id),
    )
