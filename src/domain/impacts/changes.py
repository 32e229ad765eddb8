"""What changes for one student when other packs are in force, each change with its reason and how bad it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Params
from ..shared.ids import PlanId, StudentId


class About(StrEnum):
    """What a change is about."""

    PLAN = "plan"
    OUTCOME = "outcome"
    DATES = "dates"
    MONEY = "money"
    VERDICT = "verdict"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class ImpactChange:
    """One thing that is otherwise: a code with parameters, the plan that it is about if any, and how bad it is.

    ``badness`` only orders: 0 is no loss, a lost plan is 1000. ``top_up_by`` is the day on which more money must be
    there than before.
    """

    about: About
    code: str
    params: Params
    badness: int = 0
    plan_id: PlanId | None = None
    top_up_by: date | None = None


@dataclass(frozen=True, slots=True)
class StudentImpact:
    """Everything that changes for one student, the worst first; never without any change."""

    student_id: StudentId
    changes: tuple[ImpactChange, ...]

    @property
    def badness(self) -> int:
        """How bad all of it is together."""
        return sum(change.badness for change in self.changes)

    @property
    def plans(self) -> tuple[PlanId, ...]:
        """The plans that change, once each, in the order of their worst change."""
        return tuple(dict.fromkeys(change.plan_id for change in self.changes if change.plan_id is not None))

    def of_plan(self, plan_id: PlanId) -> tuple[ImpactChange, ...]:
        """Return what changes of the plan."""
        return tuple(change for change in self.changes if change.plan_id == plan_id)


def worst_first(changes: Iterable[ImpactChange]) -> tuple[ImpactChange, ...]:
    """Return the changes ordered by how bad they are; equally bad ones stay in their order."""
    return tuple(sorted(changes, key=lambda change: -change.badness))
