"""Where it is kept who is to be erased or was, who must be kept, and how a record becomes a shell."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from ..domain.rights.erasure import Erasure, Hold
from ..domain.shared.dataclass import dataclass
from ..domain.shared.ids import ErasureId, HoldId, StudentId


@dataclass(frozen=True, slots=True)
class Objects:
    """What lies outside the rows and belongs to one student alone."""

    files: tuple[str, ...] = ()
    """The hashes of kept files that nobody else's paper has."""
    incoming: tuple[str, ...] = ()
    """The names of uploads, decided or not."""


class Erasures(Protocol):
    """All erasures, and what carries one out within the rows."""

    async def add(self, erasure: Erasure) -> None:
        """Keep a new one at version 1; raise Conflict where the id is taken or the student has another that waits."""
        ...

    async def save(self, erasure: Erasure) -> None:
        """Keep the changed one and count its version up; raise Conflict when another writer was first."""
        ...

    async def get(self, erasure_id: ErasureId) -> Erasure:
        """Return it; raise NotFound where there is none."""
        ...

    async def of_student(self, student_id: StudentId) -> Sequence[Erasure]:
        """Return those of the student, the newest first; of one moment, by falling id."""
        ...

    async def unfinished(self, due_before: datetime, limit: int) -> Sequence[Erasure]:
        """Return at most so many that were due before the moment and are neither cancelled nor done, oldest first."""
        ...

    async def is_fenced(self, student_id: StudentId) -> bool:
        """Return whether the student's erasure has begun or is done: nothing about her may be published any more.

        Until the transaction ends no erasure of hers begins and none is carried out; whoever waits for that goes on
        behind it.
        """
        ...

    async def objects_of(self, student_id: StudentId) -> Objects:
        """Return what of hers lies outside the rows."""
        ...

    async def wipe(self, student_id: StudentId) -> None:
        """Leave a shell: the account without address, hash and roles, the record without profile, and no other row
        that holds anything personal of hers. Doing it again changes nothing more.

        Raises Conflict unless an erasure of hers has begun: nobody is erased by a slip.
        """
        ...

    async def whole(self, student_ids: Collection[StudentId]) -> Sequence[StudentId]:
        """Return those of the students who are there and no shell."""
        ...


class Holds(Protocol):
    """All legal holds, those that are over among them."""

    async def add(self, hold: Hold) -> None:
        """Keep a new one at version 1; raise Conflict where the id is taken."""
        ...

    async def save(self, hold: Hold) -> None:
        """Keep the changed one and count its version up; raise Conflict when another writer was first."""
        ...

    async def get(self, hold_id: HoldId) -> Hold:
        """Return it; raise NotFound where there is none."""
        ...

    async def of_student(self, student_id: StudentId) -> Sequence[Hold]:
        """Return those on the student's record, the newest first; of one moment, by falling id."""
        ...
