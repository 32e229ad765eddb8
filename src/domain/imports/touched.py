"""A plan that aims at programmes which an import has changed, and what of that counts for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..catalogue.intake import Intake
from ..catalogue.programme import Programme
from ..catalogue.writing import requirement_data
from ..planning.target import TargetRef
from ..shared.dataclass import dataclass
from ..shared.errors import Params, Reason
from ..shared.ids import PlanId, StudentId
from .stated import bare


@dataclass(frozen=True, slots=True)
class TouchedPlan:
    """A plan with those of its targets whose programmes an import has changed; ``version`` is the plan's."""

    id: PlanId
    student_id: StudentId
    version: int
    targets: tuple[TargetRef, ...]


def changes_for(target: TargetRef, before: Programme, after: Programme) -> tuple[Reason, ...]:
    """Return what of a programme is otherwise and counts for who aims at that intake, as codes with parameters.

    Pages, words, and intakes of other terms do not count. Days are those of the target's year, as ISO dates.
    """
    return tuple(_changes(target, before, after))


def _changes(target: TargetRef, before: Programme, after: Programme) -> Iterator[Reason]:
    if before.expired != after.expired:
        yield Reason("programme_change.expired" if after.expired else "programme_change.offered_again")
    old, new = (one.intake(target.term, target.starts_on) for one in (before, after))
    if old is not None and new is None:
        yield Reason("programme_change.intake_gone", {"term": target.term, "starts_on": target.starts_on.isoformat()})
    elif new is not None:
        yield from _deadlines(target, old, new)
    if _required(before) != _required(after):
        yield Reason("programme_change.requirement")
    for name in ("tuition", "application_fee"):
        fees = [getattr(one, name) for one in (before, after)]
        said = [None if fee is None else (str(fee.money), fee.per.value) for fee in fees]
        if said[0] != said[1]:
            params = {"before": said[0] and said[0][0], "after": said[1] and said[1][0]}
            yield Reason(f"programme_change.{name}", params)
    if before.languages != after.languages:
        yield Reason(
            "programme_change.languages", {"before": " ".join(before.languages), "after": " ".join(after.languages)}
        )


def _deadlines(target: TargetRef, old: Intake | None, new: Intake) -> Iterator[Reason]:
    stood = _days(old, target.starts_on.year) if old else {}
    stands = _days(new, target.starts_on.year)
    for name in dict.fromkeys([*stood, *stands]):
        if stood.get(name) != stands.get(name):
            kind, _, audience = name.partition(" ")
            params: Params = {
                "kind": kind,
                "deadline_kind": kind,
                "audience": audience,
                "term": target.term,
                "before": stood.get(name),
                "after": stands.get(name),
            }
            yield Reason("programme_change.deadline", params)


def _days(intake: Intake, year: int) -> dict[str, str]:
    """Return the last moments of the year by kind and audience, as they stand on the page, with their zone."""
    found: dict[str, str] = {}
    for deadline in intake.deadlines:
        dated = deadline.in_year(year)
        if dated is not None:
            opens = f", {dated.opens_on.isoformat()}" if dated.opens_on else ""
            last = f"{dated.last.local.isoformat(sep=' ', timespec='minutes')} {dated.last.zone}{opens}"
            name = f"{deadline.kind.value} {deadline.audience.value}"
            found[name] = f"{found[name]}; {last}" if name in found else last
    return found


def _required(programme: Programme) -> Any:
    """Return what is required, without the pages that state it."""
    return None if programme.requirement is None else bare(requirement_data(programme.requirement))
