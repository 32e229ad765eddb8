"""Answers that are kept for a while in this process."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ...ports.cache import Make

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
        self._together = _Together(patience)

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
        if _weight(key, value) > min(self._largest, self._room) or lasting <= timedelta(0):
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


class _Together:
    """Lets one make what several want under one key."""

    def __init__(self, patience: timedelta) -> None:
        """Wait at most that long for what another one makes."""
        self._patience = patience.total_seconds()
        self._making: dict[str, asyncio.Task[bytes]] = {}

    async def make(self, key: str, make: Make) -> bytes:
        """Return what ``make`` gives, or what somebody else's gives that has begun already."""
        begun = self._making.get(key)
        if begun is None:
            return await asyncio.shield(self._begin(key, make))
        done, _ = await asyncio.wait((begun,), timeout=self._patience)
        return begun.result() if done else await make()

    def _begin(self, key: str, make: Make) -> asyncio.Task[bytes]:
        """Begin a task of its own, which goes on for the others when the first who wanted it gives up."""
        task = asyncio.create_task(_made(make))
        self._making[key] = task
        task.add_done_callback(lambda ended: self._end(key, ended))
        return task

    def _end(self, key: str, ended: asyncio.Task[Any]) -> None:
        if self._making.get(key) is ended:
            del self._making[key]
        if not ended.cancelled():
            ended.exception()  # it may be that nobody is left who wants to know


async def _made(make: Make) -> bytes:
    return await make()
