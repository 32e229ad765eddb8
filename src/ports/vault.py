"""What seals what is a student's own under keys of hers, so that destroying them makes all of it unreadable."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol, runtime_checkable

from ..domain.shared.dataclass import dataclass
from ..domain.shared.ids import StudentId

SEALED = b"\x00HS1"
"""How everything sealed begins: no text, no JSON and no file of an accepted type begins so."""

Report = Callable[[int], Awaitable[None]]
"""Hears how much is done, as that grows."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where sealed content belongs: the kind of thing, and which one of it. It opens nowhere else."""

    kind: str
    id: str


class StudentKeys(Protocol):
    """The keys of one student, at hand for a while: using them asks nobody and may be done inside a unit of work.

    What was sealed has other bytes each time, so that equal content of two students, or of one, is not seen to be
    equal. It opens for the same student and the same place only.
    """

    def seal(self, place: Place, content: bytes) -> bytes:
        """Return the content sealed; it begins with SEALED."""
        ...

    def open(self, place: Place, sealed: bytes) -> bytes:
        """Return the content; raise Unreadable for what was changed, cut short, extended, or sealed for another student
        or place, Unavailable for a key that was made a moment ago elsewhere: then ask the vault anew."""
        ...

    def sealing(self, place: Place, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Yield the content sealed, piece by piece, in bounded memory. What ``content`` raises is raised as it is."""
        ...

    def opening(self, place: Place, sealed: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Yield the content, piece by piece, no piece before it was found untouched; raise as ``open`` does, at the
        latest when the end turns out not to be the end. What ``sealed`` raises is raised as it is."""
        ...


@runtime_checkable
class Vault(Protocol):
    """Makes, hands out, replaces and destroys the keys of students."""

    async def keys_of(self, student_id: StudentId) -> StudentKeys:
        """Return her keys; the first is made when she has none, a new one for new content when the last grew old.

        Raises NotFound(student.erased) where they were destroyed, Unavailable when what keeps them does not answer.
        Ask shortly before use, outside a unit of work, and do not keep the answer.
        """
        ...

    async def rotate(self, student_id: StudentId) -> None:
        """Let what is sealed from now on be sealed under a new key of hers; what was sealed before stays readable.
        Raises as ``keys_of`` does."""
        ...

    async def destroy(self, student_id: StudentId) -> None:
        """Make everything that was ever sealed for her unreadable for good, and see to it that no key is made for her
        again; doing it again changes nothing. Other processes may read on for as long as they keep keys at hand."""
        ...

    def destroyed(self) -> AsyncIterator[StudentId]:
        """Yield every student whose keys were destroyed, in any order: a restored database is held against them."""
        ...

    async def rewrap(self, report: Report) -> int:
        """Wrap every key anew that is not wrapped by the master key in use, so that older ones can be thrown away.

        Returns how many it were. May be repeated or cut short at any point. What cannot be unwrapped keeps nobody else
        from being wrapped anew: then Unreadable or Unavailable(keys.unknown_master) is raised at the end.
        """
        ...


def is_sealed(content: bytes) -> bool:
    """Whether the content was sealed, by its beginning."""
    return content.startswith(SEALED)
