"""Where students' records are kept."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from ..domain.profile.student import Student
from ..domain.shared.ids import StudentId


class Students(Protocol):
    """All students' records."""

    async def add(self, student: Student) -> None:
        """Keep a new record at version 1."""
        ...

    async def get(self, student_id: StudentId) -> Student:
        """Return the record; raise NotFound where there is none."""
        ...

    async def save(self, student: Student) -> None:
        """Keep the changed record and count its version up; raise Conflict when another writer was first."""
        ...

    async def names(self, student_ids: Collection[StudentId]) -> Mapping[StudentId, str]:
        """Return how these students are called, blank where that is unknown; without those that there are not."""
        ...

    async def several(self, student_ids: Collection[StudentId]) -> Sequence[Student]:
        """Return the records of these students, ordered by id; without those that there are not."""
        ...

    async def unsealed(self, limit: int) -> Sequence[Student]:
        """Return records whose passport number is there and not sealed, ordered by id, at most ``limit``."""
        ...

    async def batch(self, after: StudentId | None, limit: int) -> Sequence[Student]:
        """Return records ordered by id, from just after that one on, at most ``limit``."""
        ...
