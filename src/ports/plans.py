"""Where plans are kept."""

from collections.abc import Collection, Sequence
from typing import Protocol

from ..domain.planning.plan import Plan
from ..domain.planning.sent_calendar import Sent
from ..domain.shared.ids import PlanId, StudentId


class Plans(Protocol):
    """All students' plans."""

    async def add(self, plan: Plan) -> None:
        """Keep a new plan at version 1."""
        ...

    async def get(self, plan_id: PlanId) -> Plan:
        """Return the plan; raise NotFound where there is none."""
        ...

    async def save(self, plan: Plan) -> None:
        """Keep the changed plan and count its version up; raise Conflict when another writer was first."""
        ...

    async def of_student(
        self, student_id: StudentId, after: PlanId | None = None, limit: int | None = None
    ) -> Sequence[Plan]:
        """Return the student's plans, newest first, from just after the given one, at most ``limit``.

        Of plans made at the same moment the greater id counts as the newer one. After what is no plan of hers comes
        none.
        """
        ...

    async def of_students(self, student_ids: Collection[StudentId]) -> Sequence[Plan]:
        """Return all plans of these students, newest first."""
        ...

    async def find_by_calendar(self, calendar_hash: str) -> Plan | None:
        """Return the plan whose calendar link has the secret with this SHA-256, or None."""
        ...

    async def calendar_sent(self, plan_id: PlanId) -> Sent:
        """Return what the plan's calendar has told, nothing where it has told nothing yet.

        A second unit that asks for the same plan's waits until this one has ended.
        """
        ...

    async def note_calendar_sent(self, plan_id: PlanId, sent: Sent) -> None:
        """Keep what the calendar of a plan that is there has told, in place of what was kept before.

        The plan's version stays: nothing of hers has changed.
        """
        ...
