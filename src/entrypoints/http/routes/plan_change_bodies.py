"""How it is sent what changes in a plan: by a report, or if something were otherwise."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from ....domain.planning.schedule import Schedule
from ....domain.planning.use_cases.asking import WhatIf
from ....domain.planning.what_if import Assumed, PlanDiff
from ..told import what_if_in_words
from ..words import step_title
from .plan_bodies import LaterStartBody, OutlookBody, PlanBody, later_start_body


class MoveBody(msgspec.Struct, frozen=True):
    """A step whose end moves; ``days`` is positive when it moves later."""

    key: str
    title: str
    before: date
    after: date
    days: int


class OutlookChangeBody(msgspec.Struct, frozen=True):
    """How one target stands before and after; null where it is not aimed at."""

    target: str
    title: str
    before: str | None
    after: str | None
    slack_before: int | None
    slack_after: int | None
    next_safe: LaterStartBody | None


class DiffBody(msgspec.Struct, frozen=True):
    """What changes between two schedules."""

    summary: Annotated[str, msgspec.Meta(description="What it comes to, in one sentence.")]
    outlooks: list[OutlookChangeBody]
    moves: list[MoveBody]
    appear: list[str]
    vanish: list[str]


class ReportedBody(msgspec.Struct, frozen=True):
    """The plan as it is now, and what the report changed."""

    plan: PlanBody
    changed: DiffBody


class WhatIfBody(msgspec.Struct, frozen=True):
    """What would differ, and how each target would stand. Nothing was changed."""

    changed: DiffBody
    outlooks: list[OutlookBody]


def assumed_by(question: WhatIf, diff: PlanDiff) -> Assumed:
    """Return what the question assumes, targets by their titles."""
    added = [one.title for one in diff.outlooks if one.before is None]
    dropped = [one.title for one in diff.outlooks if one.target in question.drop]
    return Assumed(question.reports, question.durations, tuple(added), tuple(dropped), question.today)


def diff_body(diff: PlanDiff, schedule: Schedule, assumed: Assumed | None = None) -> DiffBody:
    """Return the differences as they are sent; ``assumed`` is what they come from, where it was only asked about."""
    return DiffBody(
        summary=what_if_in_words(diff, assumed, schedule),
        outlooks=[
            OutlookChangeBody(
                target=change.target,
                title=change.title,
                before=change.before.value if change.before else None,
                after=change.after.value if change.after else None,
                slack_before=change.slack_before,
                slack_after=change.slack_after,
                next_safe=later_start_body(change.next_safe),
            )
            for change in diff.outlooks
        ],
        moves=[MoveBody(m.key, step_title(m.key, m.title), m.before, m.after, m.days) for m in diff.moves],
        appear=list(diff.appear),
        vanish=list(diff.vanish),
    )
