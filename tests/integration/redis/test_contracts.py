"""What is kept in Redis does what every adapter must."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from higherstudy.adapters.memory.cache import MemoryCache
from higherstudy.adapters.redis.cache import RedisCache
from higherstudy.adapters.redis.connection import RedisConnection
from higherstudy.adapters.redis.limits import RedisLimits
from higherstudy.ports.cache import Cache
from higherstudy.ports.contracts.cache import CacheContract
from higherstudy.ports.contracts.limits import LimitsContract
from higherstudy.ports.limits import Limits

PATIENT = timedelta(seconds=5)  # a busy machine is no reason to take Redis for gone


@pytest.fixture
async def connection(redis_url: str) -> AsyncIterator[RedisConnection]:
    connection = RedisConnection(redis_url, patience=PATIENT)
    yield connection
    await connection.close()


class TestRedisLimits(LimitsContract):
    @pytest.fixture
    def limits(self, connection: RedisConnection) -> Limits:
        return RedisLimits(connection)


class TestRedisCache(CacheContract):
    @pytest.fixture
    def cache(self, connection: RedisConnection) -> Cache:
        return RedisCache(connection, MemoryCache())

    @pytest.fixture
    async def another(self, redis_url: str) -> AsyncIterator[Cache]:
        connection = RedisConnection(redis_url, patience=PATIENT)
        yield RedisCache(connection, MemoryCache())
        await connection.close()
