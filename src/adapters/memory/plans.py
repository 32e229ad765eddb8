"""Students' plans in memory."""

from collections.abc import Collection, Sequence

from ...domain.planning.plan import Plan
from ...domain.planning.sent_calendar import Sent
from ...domain.shared.errors import Conflict
from ...domain.shared.ids import PlanId, StudentId
from .tables import Entities, Table


class MemoryPlans:
    """The plans as the open unit sees them."""

    def __init__(self, rows: Entities[Plan], calendars: Table[PlanId, Sent]) -> None:
        self._rows = rows
        self._calendars = calendars

    async def add(self, plan: Plan) -> None:
        self._demand_own_calendar(plan)
        self._rows.add(plan.id, plan)

    async def get(self, plan_id: PlanId) -> Plan:
        return self._rows.found(plan_id)

    async def save(self, plan: Plan) -> None:
        self._demand_own_calendar(plan)
        self._rows.save(plan.id, plan)

    async def of_student(
        self, student_id: StudentId, after: PlanId | None = None, limit: int | None = None
    ) -> Sequence[Plan]:
        owned = self._rows.rows(lambda plan: plan.student_id == student_id)
        found = sorted(owned, key=lambda plan: (plan.made_at, plan.id), reverse=True)
        if after is not None:
            places = [place for place, plan in enumerate(found, start=1) if plan.id == after]
            found = found[places[0] :] if places else []
        return found[:limit]

    async def of_students(self, student_ids: Collection[StudentId]) -> Sequence[Plan]:
        wanted = frozenset(student_ids)
        found = self._rows.rows(lambda plan: plan.student_id in wanted)
        return sorted(found, key=lambda plan: (plan.made_at, plan.id), reverse=True)

    async def find_by_calendar(self, calendar_hash: str) -> Plan | None:
        return next(self._rows.rows(lambda plan: calendar_hash and plan.calendar_hash == calendar_hash), None)

    async def calendar_sent(self, plan_id: PlanId) -> Sent:
        return self._calendars.get(plan_id) or {}

    async def note_calendar_sent(self, plan_id: PlanId, sent: Sent) -> None:
        self._calendars.put(plan_id, dict(sent))

    def _demand_own_calendar(self, plan: Plan) -> None:
        """Raise Conflict where another plan is shared under the same secret."""
        shared = plan.calendar_hash
        if shared and self._rows.any(lambda other: other.id != plan.id and other.calendar_hash == shared):
            raise Conflict
