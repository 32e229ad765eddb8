"""Wrapped keys in memory."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from ...domain.shared.errors import NotFound, Reason
from ...domain.shared.ids import StudentId
from ...ports.wrapped_keys import WrappedKey


class MemoryWrappedKeys:
    """Keeps wrapped keys for as long as the process runs."""

    def __init__(self) -> None:
        self._kept: dict[StudentId, dict[UUID, WrappedKey]] = {}
        self._destroyed: dict[StudentId, None] = {}

    async def of(self, student_id: StudentId) -> Sequence[WrappedKey]:
        self._demand_not_destroyed(student_id)
        return sorted(self._kept.get(student_id, {}).values(), key=lambda key: key.id)

    async def keep(self, student_id: StudentId, key: WrappedKey) -> None:
        self._demand_not_destroyed(student_id)
        self._kept.setdefault(student_id, {})[key.id] = key

    async def destroy(self, student_id: StudentId) -> None:
        self._destroyed[student_id] = None
        self._kept.pop(student_id, None)

    async def students(self) -> AsyncIterator[StudentId]:
        for student_id in tuple(self._kept):
            yield student_id

    async def destroyed(self) -> AsyncIterator[StudentId]:
        for student_id in tuple(self._destroyed):
            yield student_id

    def _demand_not_destroyed(self, student_id: StudentId) -> None:
        if student_id in self._destroyed:
            raise NotFound(Reason("student.erased"))
