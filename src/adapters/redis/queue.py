"""Where the ids of jobs lie that workers are told of, and how many that are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ...ports.jobs import Priority

if TYPE_CHECKING:
    from .connection import RedisConnection

QUEUE = "higherstudy:jobs"


def streams_of(name: str = QUEUE) -> dict[Priority, str]:
    """Return the stream of each priority, the most urgent first; all in one slot of a cluster."""
    return {priority: f"{{{name}}}:{priority.name.lower()}" for priority in sorted(Priority)}


async def queue_depth(connection: RedisConnection, name: str = QUEUE) -> Mapping[str, float]:
    """Return how many messages of each priority no worker has taken yet; raise Unavailable without an answer."""
    return {
        priority.name.lower(): float(await connection.ask(lambda redis, stream=stream: redis.xlen(stream)))  # type: ignore[misc]
        for priority, stream in streams_of(name).items()
    }
