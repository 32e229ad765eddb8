"""What happens to plans when other rules are in force."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import ImpactId, PlanId, StudentId


@dataclass(frozen=True, slots=True)
class PlanMoved(Event):
    """Other rules are in force, and something of the plan is otherwise; ``before`` and ``after`` name the editions."""

    tag: ClassVar[str] = "plan.moved.v1"
    aggregate: ClassVar[str] = "plan"
    plan_id: PlanId
    student_id: StudentId
    impact_id: ImpactId
    before: str
    after: str

    @property
    def aggregate_id(self) -> UUID:
        return self.plan_id
