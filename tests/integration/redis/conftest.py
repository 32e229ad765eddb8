"""A Redis of a test's own, to be killed, frozen and emptied."""

from collections.abc import AsyncIterator, Iterator

import pytest

import servers
from higherstudy.adapters.redis.connection import RedisConnection


@pytest.fixture
def own_redis() -> Iterator[servers.OwnRedis]:
    """A running Redis that nobody else uses."""
    server = servers.OwnRedis()
    try:
        server.program.start()
        yield server
    finally:
        server.close()


@pytest.fixture
async def connection(own_redis: servers.OwnRedis) -> AsyncIterator[RedisConnection]:
    """A connection to it, with the patience that it has in a server."""
    connection = RedisConnection(own_redis.url)
    yield connection
    await connection.close()
