"""Where it is remembered, outside the database and its backups, who was erased."""

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable

from ..domain.rights.erasure import Tombstone


@runtime_checkable
class Tombstones(Protocol):
    """Ids of those who were erased, and when; nothing else. Any call may raise Unavailable."""

    async def keep(self, tombstone: Tombstone) -> None:
        """Return once it outlives this process and its machine's database; the same student again changes nothing."""
        ...

    def every(self) -> AsyncIterator[Tombstone]:
        """Yield each that is kept, in any order."""
        ...
