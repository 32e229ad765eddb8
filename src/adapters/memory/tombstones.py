"""Who was erased, in memory: for tests."""

from collections.abc import AsyncIterator

from ...domain.rights.erasure import Tombstone
from ...domain.shared.ids import StudentId


class MemoryTombstones:
    """Keeps them apart from every store of rows, so that a store that was put back does not know them."""

    def __init__(self) -> None:
        self._kept: dict[StudentId, Tombstone] = {}

    async def keep(self, tombstone: Tombstone) -> None:
        self._kept.setdefault(tombstone.student_id, tombstone)

    async def every(self) -> AsyncIterator[Tombstone]:
        for tombstone in list(self._kept.values()):
            yield tombstone
