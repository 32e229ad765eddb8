"""Where students' wrapped keys are kept: apart from the database and its backups, so that they can be destroyed."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from ..domain.shared.dataclass import dataclass
from ..domain.shared.ids import StudentId
from .master_key import Wrapped


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """One key of a student; ids rise with time."""

    id: UUID
    made_at: datetime
    wrapped: Wrapped


@runtime_checkable
class WrappedKeys(Protocol):
    """All wrapped keys, and the names of those students whose keys were destroyed, for ever.

    Every method raises Unavailable when the store does not answer.
    """

    async def of(self, student_id: StudentId) -> Sequence[WrappedKey]:
        """Return her keys by ascending id, none where none was made; raise NotFound(student.erased) where they were
        destroyed."""
        ...

    async def keep(self, student_id: StudentId, key: WrappedKey) -> None:
        """Keep the key, in place of the one with the same id where there is one; raise NotFound(student.erased) where
        her keys were destroyed. Two that are kept at once both stay."""
        ...

    async def destroy(self, student_id: StudentId) -> None:
        """Note that her keys are destroyed, then remove every trace of them; doing it again changes nothing."""
        ...

    def students(self) -> AsyncIterator[StudentId]:
        """Yield every student with keys, in any order; those that come or go meanwhile may be among them or not."""
        ...

    def destroyed(self) -> AsyncIterator[StudentId]:
        """Yield every student whose keys were destroyed, in any order."""
        ...
