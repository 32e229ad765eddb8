"""Ids that are the same in every run."""

from uuid import UUID

_FIRST_MILLISECOND = 1_798_761_600_000  # 2027-01-01T00:00Z


class MemoryIds:
    """Counts up in the form of UUIDv7 (RFC 9562); each seed gives a row of its own. For tests and replays only."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed % 4096
        self._count = 0

    def new(self) -> UUID:
        self._count += 1
        return UUID(int=(_FIRST_MILLISECOND + self._count) << 80 | 7 << 76 | self._seed << 64 | 2 << 62 | self._count)
