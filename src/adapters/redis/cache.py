"""Answers that all processes keep together for a while."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta

from ...ports.cache import Cache, Make
from ...ports.errors import Unavailable
from .connection import RedisConnection

_LARGEST = 2**20
_NOT_AT_ALL = timedelta(0)
_FIRST_LOOK, _LONGEST_BREAK = 0.01, 0.1  # seconds between two looks for what another process makes

# Only who holds the lock may open it: it may have run out, and be another's by now.
_UNLOCK = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


class RedisCache:
    """Keeps values in Redis; while Redis is away nothing is kept, and each process makes for itself what it needs."""

    def __init__(
        self,
        connection: RedisConnection,
        near: Cache,
        *,
        prefix: str = "higherstudy:cache:",
        largest: int = _LARGEST,
        patience: timedelta = timedelta(seconds=5),
    ) -> None:
        """Through ``near``, a cache of this process, its own tasks make one answer together; nothing is kept in it.

        ``patience`` is how long one waits for what another process makes, and how long one that died holds up.
        """
        self._connection = connection
        self._prefix = prefix
        self._largest = largest
        self._patience = patience
        self._near = near

    async def get(self, key: str) -> bytes | None:
        """Return what is kept, or None."""
        try:
            value = await self._connection.ask(lambda redis: redis.get(self._prefix + key))
        except Unavailable:
            return None
        return value if isinstance(value, bytes) else None

    async def put(self, key: str, value: bytes, lasting: timedelta) -> None:
        """Keep the value for that long, in place of what was kept; one that is too large is not kept."""
        if len(value) > self._largest:
            await self.forget(key)
            return
        try:
            await self._connection.ask(lambda redis: redis.set(self._prefix + key, value, px=lasting))
        except Unavailable:
            return

    async def forget(self, key: str) -> None:
        """Keep nothing under the key any more."""
        try:
            await self._connection.ask(lambda redis: redis.delete(self._prefix + key))
        except Unavailable:
            return

    async def remembered(self, key: str, lasting: timedelta, make: Make) -> bytes:
        """Return what is kept, else what ``make`` gives, which is then kept."""
        kept = await self.get(key)
        if kept is not None:
            return kept
        return await self._near.remembered(key, _NOT_AT_ALL, lambda: self._made_once(key, lasting, make))

    async def _made_once(self, key: str, lasting: timedelta, make: Make) -> bytes:
        """Make it, unless another process does so just now and ends in time."""
        token = secrets.token_hex(8)
        clock = asyncio.get_running_loop().time
        until, pause = clock() + self._patience.total_seconds(), _FIRST_LOOK
        while clock() < until:
            try:
                if await self._lock(key, token):
                    return await self._made_under_lock(key, token, lasting, make)
            except Unavailable:
                break  # there is nobody to agree with the other processes through
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_BREAK)
            kept = await self.get(key)
            if kept is not None:
                return kept
        return await make()

    async def _made_under_lock(self, key: str, token: str, lasting: timedelta, make: Make) -> bytes:
        try:
            kept = await self.get(key)  # another may have made it between our look and our lock
            if kept is not None:
                return kept
            value = await make()
            await self.put(key, value, lasting)
            return value
        finally:
            await self._unlock(key, token)

    async def _lock(self, key: str, token: str) -> bool:
        name = self._lock_of(key)
        return bool(await self._connection.ask(lambda redis: redis.set(name, token, nx=True, px=self._patience)))

    async def _unlock(self, key: str, token: str) -> None:
        try:
            await self._connection.ask(lambda redis: redis.eval(_UNLOCK, 1, self._lock_of(key), token))
        except Unavailable:
            return

    def _lock_of(self, key: str) -> str:
        return f"{self._prefix}{key}:lock"
