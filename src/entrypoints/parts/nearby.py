"""What may be lost at any time: copies that are looked up fast, and counts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from ...adapters.memory.cache import MemoryCache
from ...adapters.memory.limits import MemoryLimits
from ...ports.cache import Cache
from ...ports.limits import Limits
from ..settings import Settings
from .checks import Check


@dataclass(frozen=True)
class Nearby:
    """What may be lost at any time: copies that are looked up fast, counts of the limits."""

    cache: Cache
    limits: Limits
    checks: Mapping[str, Check] = field(default_factory=dict)
    depth: Callable[[], Awaitable[Mapping[str, float]]] | None = None
    """How many ids of jobs of each priority wait to be taken by a worker; None where they are not carried by Redis."""


@asynccontextmanager
async def open_nearby(settings: Settings) -> AsyncIterator[Nearby]:
    """Give Redis where REDIS_URL names one, whether it answers now or not; else the memory of this process."""
    if settings.redis_url is None:
        yield Nearby(MemoryCache(), MemoryLimits())
        return
    # Loading it takes a quarter of a second and memory, which only those pay who use it.
    from ...adapters.redis.cache import RedisCache  # noqa: PLC0415
    from ...adapters.redis.connection import RedisConnection  # noqa: PLC0415
    from ...adapters.redis.limits import RedisLimits  # noqa: PLC0415
    from ...adapters.redis.queue import queue_depth  # noqa: PLC0415

    connection = RedisConnection(settings.redis_url)
    try:
        checks = {"redis": Check(connection.ping, needed=False)}
        yield Nearby(
            RedisCache(connection, MemoryCache()), RedisLimits(connection), checks, partial(queue_depth, connection)
        )
    finally:
        await connection.close()
