"""Legal holds on records, in memory."""

from collections.abc import Sequence

from ...domain.rights.erasure import Hold
from ...domain.shared.ids import HoldId, StudentId
from .tables import Entities


class MemoryHolds:
    """The holds as the open unit sees them."""

    def __init__(self, rows: Entities[Hold]) -> None:
        self._rows = rows

    async def add(self, hold: Hold) -> None:
        self._rows.add(hold.id, hold)

    async def save(self, hold: Hold) -> None:
        self._rows.save(hold.id, hold)

    async def get(self, hold_id: HoldId) -> Hold:
        return self._rows.found(hold_id)

    async def of_student(self, student_id: StudentId) -> Sequence[Hold]:
        found = self._rows.rows(lambda one: one.student_id == student_id)
        return sorted(found, key=lambda one: (one.placed_at, one.id), reverse=True)
