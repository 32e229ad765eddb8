"""Students' records in memory."""

from collections.abc import Collection, Mapping, Sequence

from ...domain.profile.sealed import has_plain_number
from ...domain.profile.student import Student
from ...domain.shared.ids import StudentId
from .tables import Entities


class MemoryStudents:
    """The records as the open unit sees them."""

    def __init__(self, rows: Entities[Student]) -> None:
        self._rows = rows

    async def add(self, student: Student) -> None:
        self._rows.add(student.id, student)

    async def get(self, student_id: StudentId) -> Student:
        return self._rows.found(student_id)

    async def save(self, student: Student) -> None:
        self._rows.save(student.id, student)

    async def names(self, student_ids: Collection[StudentId]) -> Mapping[StudentId, str]:
        wanted = frozenset(student_ids)
        return {one.id: one.profile.name or "" for one in self._rows.rows(lambda student: student.id in wanted)}

    async def several(self, student_ids: Collection[StudentId]) -> Sequence[Student]:
        wanted = frozenset(student_ids)
        return sorted(self._rows.rows(lambda student: student.id in wanted), key=lambda student: student.id)

    async def unsealed(self, limit: int) -> Sequence[Student]:
        found = self._rows.rows(lambda student: has_plain_number(student.profile))
        return sorted(found, key=lambda student: student.id)[:limit]

    async def batch(self, after: StudentId | None, limit: int) -> Sequence[Student]:
        found = self._rows.rows(lambda student: after is None or student.id > after)
        return sorted(found, key=lambda student: student.id)[:limit]
