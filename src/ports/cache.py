"""Where answers that are dear to make and may be lost at any time are kept for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Protocol, runtime_checkable

Make = Callable[[], Awaitable[bytes]]


@runtime_checkable
class Cache(Protocol):
    """Keeps bytes under a key for a while. Whatever fails here is as if nothing were kept: nothing is ever raised."""

    async def get(self, key: str) -> bytes | None:
        """Return what is kept, or None."""
        ...

    async def put(self, key: str, value: bytes, lasting: timedelta) -> None:
        """Keep the value for that long, in place of what was kept; one that is too large is not kept."""
        ...

    async def forget(self, key: str) -> None:
        """Keep nothing under the key any more."""
        ...

    async def remembered(self, key: str, lasting: timedelta, make: Make) -> bytes:
        """Return what is kept, else what ``make`` gives, which is then kept.

        Of many that ask at once, in however many processes, one makes it and the others wait for that, for a while
        only. What ``make`` raises goes to everybody of this process who waits for it, and is not kept. Whoever gives up
        waiting takes it from nobody else.
        """
        ...


class Together:
    """For adapters: lets one in this process make what several want under one key."""

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
