"""Which exports there are, in memory."""

from collections.abc import Sequence
from datetime import datetime

from ...domain.rights.export import Export, State
from ...domain.shared.ids import ExportId, StudentId
from .tables import Entities


class MemoryExports:
    """The exports as the open unit sees them."""

    def __init__(self, rows: Entities[Export]) -> None:
        self._rows = rows

    async def add(self, export: Export) -> None:
        self._rows.add(export.id, export)

    async def save(self, export: Export) -> None:
        self._rows.save(export.id, export)

    async def get(self, export_id: ExportId) -> Export:
        return self._rows.found(export_id)

    async def of_student(self, student_id: StudentId) -> Sequence[Export]:
        found = self._rows.rows(lambda one: one.student_id == student_id)
        return sorted(found, key=lambda one: (one.asked_at, one.id), reverse=True)

    async def over(self, now: datetime, limit: int) -> Sequence[Export]:
        ready = [one for one in self._rows.rows() if one.state is State.READY]
        over = [(one.until, one.id, one) for one in ready if one.until is not None and one.until <= now]
        return [one for _, _, one in sorted(over, key=lambda found: found[:2])][:limit]

    async def unused(self, hashes: Sequence[str]) -> frozenset[str]:
        return frozenset(hashes) - {one.sha256 for one in self._rows.rows() if one.sha256}
