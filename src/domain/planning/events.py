"""What happens to plans."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import PlanId, StudentId


@dataclass(frozen=True, slots=True)
class PlanMade(Event):
    """A student has a plan for one target or several."""

    tag: ClassVar[str] = "plan.made.v1"
    aggregate: ClassVar[str] = "plan"
    plan_id: PlanId
    student_id: StudentId

    @property
    def aggregate_id(self) -> UUID:
        return self.plan_id


@dataclass(frozen=True, slots=True)
class StepReported(Event):
    """A student reported how far a step is."""

    tag: ClassVar[str] = "plan.step_reported.v1"
    aggregate: ClassVar[str] = "plan"
    plan_id: PlanId
    student_id: StudentId
    step: str
    state: str

    @property
    def aggregate_id(self) -> UUID:
        return self.plan_id


@dataclass(frozen=True, slots=True)
class DurationsAssumed(Event):
    """A student said how long some steps take for her."""

    tag: ClassVar[str] = "plan.durations_assumed.v1"
    aggregate: ClassVar[str] = "plan"
    plan_id: PlanId
    student_id: StudentId

    @property
    def aggregate_id(self) -> UUID:
        return self.plan_id


@dataclass(frozen=True, slots=True)
class TargetsChanged(Event):
    """A student aims at other programmes with the same plan."""

    tag: ClassVar[str] = "plan.targets_changed.v1"
    aggregate: ClassVar[str] = "plan"
    plan_id: PlanId
    student_id: StudentId

    @property
    def aggregate_id(self) -> UUID:
        return self.plan_id
