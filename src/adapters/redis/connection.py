"""The way to a Redis that may be away or hang: nobody waits for it longer than a moment."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import ReadOnlyError, RedisError
from redis.exceptions import TimeoutError as TooSlow

from ...ports.errors import Unavailable

T = TypeVar("T")

_TURNS = 5
log = logging.getLogger(__name__)


class RedisConnection:
    """Asks Redis, and leaves it alone for a while once it has failed: then each question is refused at once.

    After that while a single question goes out to see whether Redis is back; the others are let through again once it
    was answered.
    """

    def __init__(
        self,
        url: str,
        *,
        patience: timedelta = timedelta(milliseconds=100),
        rest: timedelta = timedelta(seconds=1),
        connections: int = 16,
    ) -> None:
        """Connect when first asked; ``patience`` is for a whole question, ``rest`` for the while after a failure."""
        self._turn = patience.total_seconds() / _TURNS
        self._rest = rest.total_seconds()
        self._left_alone_until: float | None = None
        self._places = asyncio.Semaphore(connections)
        self._client = Redis.from_pool(
            BlockingConnectionPool.from_url(
                url,
                max_connections=connections,
                timeout=None,  # of all waiting the patience below takes care
                socket_timeout=None,
                socket_connect_timeout=5,
                # A connection that died while it lay idle is found out by its first use.
                retry=Retry(NoBackoff(), 1, (Disconnected,)),
                protocol=2,  # one round trip less to begin with
                driver_info=None,
            )
        )

    async def ask(self, question: Callable[[Redis], Awaitable[T]]) -> T:
        """Return what Redis answers; raise Unavailable when it does not within the patience, or is left alone."""
        if self._is_left_alone():
            raise Unavailable
        try:
            # Waiting for a place is no sign that Redis is away: then the others fail soon, and all who wait with them.
            async with self._places:
                if not self._may_ask():
                    raise Unavailable
                answer = await self._answer(question)
        except (Disconnected, TooSlow, OSError, TimeoutError) as error:
            self._leave_alone(error)
            raise Unavailable from error
        except ReadOnlyError as error:  # another one is the first now, and its name may lead there already
            await self._client.connection_pool.disconnect(inuse_connections=False)
            self._leave_alone(error)
            raise Unavailable from error
        except RedisError as error:  # it is there, and refuses: out of memory, a wrong type, no right to do this
            self._let_through()
            raise Unavailable from error
        self._let_through()
        return answer

    async def ping(self) -> bool:
        """Return True when Redis answers; raise Unavailable otherwise."""
        return bool(await self.ask(lambda redis: redis.ping()))

    async def close(self) -> None:
        """Close the connections; nobody may be asking any more."""
        await self._client.aclose()

    async def _answer(self, question: Callable[[Redis], Awaitable[T]]) -> T:
        asking = asyncio.ensure_future(_asked(question, self._client))
        asking.add_done_callback(_look_at)
        try:
            # Counted in turns: when this process itself was busy for long, what Redis has said meanwhile lies there
            # unread, and one long turn must not pass for a long silence.
            for _ in range(_TURNS):
                if (await asyncio.wait((asking,), timeout=self._turn))[0]:
                    return asking.result()
            raise TimeoutError
        finally:
            asking.cancel()  # which closes the connection, so that nobody reads a late answer to another question

    def _is_left_alone(self) -> bool:
        return self._left_alone_until is not None and time.monotonic() < self._left_alone_until

    def _may_ask(self) -> bool:
        if self._is_left_alone():
            return False
        if self._left_alone_until is not None:
            # This one goes and looks; the others wait for what it finds.
            self._left_alone_until = time.monotonic() + self._rest
        return True

    def _leave_alone(self, error: Exception) -> None:
        if self._left_alone_until is None:
            log.warning("Redis does not answer: %s", type(error).__name__)
        self._left_alone_until = time.monotonic() + self._rest

    def _let_through(self) -> None:
        if self._left_alone_until is not None:
            log.warning("Redis answers again")
        self._left_alone_until = None


async def _asked(question: Callable[[Redis], Awaitable[T]], client: Redis) -> T:
    return await question(client)


def _look_at(ended: asyncio.Future[Any]) -> None:
    """Take note of an error that nobody waits for any more, so that asyncio does not complain about it."""
    if not ended.cancelled():
        ended.exception()
