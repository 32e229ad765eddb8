"""How the verdicts for a plan's targets are sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from ....domain.planning.use_cases.verdicts import TargetVerdict
from .verdicts import VerdictBody, verdict_of


class PlanVerdictBody(msgspec.Struct, frozen=True, kw_only=True):
    """How the student stands for one target, and the days on which her test results have to count for it."""

    target: str
    application: date | None
    appointment: date
    enrolment: date
    verdict: VerdictBody


class PlanVerdicts(msgspec.Struct, frozen=True):
    """The verdict for each target, that of the leading one first."""

    items: list[PlanVerdictBody]


def plan_verdicts(found: Iterable[TargetVerdict]) -> PlanVerdicts:
    """Return the verdicts as they are sent."""
    return PlanVerdicts(
        [
            PlanVerdictBody(
                target=one.case.target.key,
                application=one.case.days.application,
                appointment=one.case.lodged_on,
                enrolment=one.case.target.starts_on,
                verdict=verdict_of(one.match),
            )
            for one in found
        ]
    )
