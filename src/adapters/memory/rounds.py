"""When each student's plans are looked through again, in memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from ...domain.shared.ids import StudentId
from .tables import Table


class MemoryRounds:
    """The next looks as the open unit sees them."""

    def __init__(self, rows: Table[StudentId, datetime], now: datetime) -> None:
        self._rows = rows
        self._now = now

    async def due(self, limit: int) -> Sequence[StudentId]:
        # Units of work follow one another here, so nobody else has any.
        looks = ((self._rows.get(student_id), student_id) for student_id in self._rows.keys())  # noqa: SIM118 - a table
        waiting = [(at, student_id) for at, student_id in looks if at is not None and at <= self._now]
        return [student_id for _, student_id in sorted(waiting)[:limit]]

    async def next(self, looks: Mapping[StudentId, datetime]) -> None:
        for student_id, at in looks.items():
            self._rows.put(student_id, at)

    async def sooner(self, student_ids: Collection[StudentId]) -> None:
        await self.next(dict.fromkeys(student_ids, self._now))
