"""Counsellors' overrides in memory."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from ...domain.matching.override import Override, TakenBack
from ...domain.shared.errors import Conflict, NotFound, Reason
from ...domain.shared.ids import OverrideId, ProgrammeId, StudentId
from .tables import Table


class MemoryOverrides:
    """The overrides as the open unit sees them."""

    def __init__(self, rows: Table[OverrideId, Override]) -> None:
        self._rows = rows

    async def add(self, override: Override) -> None:
        if self._rows.get(override.id) is not None:
            raise Conflict(Reason("id.taken"))
        self._rows.put(override.id, override)

    async def take_back(self, override_id: OverrideId, taken_back: TakenBack) -> None:
        override = await self.get(override_id)
        if override.taken_back is not None:
            raise Conflict(Reason("override.taken_back_already"))
        self._rows.put(override_id, replace(override, taken_back=taken_back))

    async def get(self, override_id: OverrideId) -> Override:
        override = self._rows.get(override_id)
        if override is None:
            raise NotFound
        return override

    async def every_of(self, student_id: StudentId) -> Sequence[Override]:
        found = self._rows.rows(lambda one: one.student_id == student_id)
        return sorted(found, key=lambda one: (one.at, one.id), reverse=True)

    async def of_student(self, student_id: StudentId, programme_ids: Collection[ProgrammeId]) -> Sequence[Override]:
        found = self._rows.rows(lambda one: one.student_id == student_id and one.programme_id in programme_ids)
        return sorted(found, key=lambda one: (one.at, one.id), reverse=True)
