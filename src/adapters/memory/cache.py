"""Answers that are kept for a while in this process."""

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta

from ...ports.cache import Make, Together

_MEGABYTE = 2**20


class MemoryCache:
    """Keeps a bounded number of bytes; what was not asked for longest goes first."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        room: int = 8 * _MEGABYTE,
        largest: int = _MEGABYTE,
        patience: timedelta = timedelta(seconds=5),
    ) -> None:
        """``clock`` counts seconds; ``room`` is for all values together, ``largest`` for one, both in bytes."""
        self._clock = clock
        self._room = room
        self._largest = largest
        self._kept: OrderedDict[str, tuple[bytes, float]] = OrderedDict()
        self._size = 0
        self._together = Together(patience)

    async def get(self, key: str) -> bytes | None:
        """Return what is kept, or None."""
        value, until = self._kept.get(key, (None, 0.0))
        if value is None:
            return None
        if self._clock() >= until:
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return value

    async def put(self, key: str, value: bytes, lasting: timedelta) -> None:
        """Keep the value for that long, in place of what was kept; one that is too large is not kept."""
        self._drop(key)
        if _weight(key, value) > min(self._largest, self._room):
            return
        self._kept[key] = (value, self._clock() + lasting.total_seconds())
        self._size += _weight(key, value)
        while self._size > self._room:
            self._drop(next(iter(self._kept)))

    async def forget(self, key: str) -> None:
        """Keep nothing under the key any more."""
        self._drop(key)

    async def remembered(self, key: str, lasting: timedelta, make: Make) -> bytes:
        """Return what is kept, else what ``make`` gives, which is then kept."""
        kept = await self.get(key)
        if kept is not None:
            return kept

        async def made() -> bytes:
            value = await make()
            await self.put(key, value, lasting)
            return value

        return await self._together.make(key, made)

    def _drop(self, key: str) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is not None:
            self._size -= _weight(key, dropped[0])


def _weight(key: str, value: bytes) -> int:
    return len(key) + len(value) + 200  # and what Python itself needs for an entry
