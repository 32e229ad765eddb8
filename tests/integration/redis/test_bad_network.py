"""A bad network between us and Redis: answers are right or none, nobody waits long, and it is used again once well."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from proxy import Proxy
from waiting import until

from higherstudy.adapters.memory.cache import MemoryCache
from higherstudy.adapters.redis.cache import RedisCache
from higherstudy.adapters.redis.connection import RedisConnection
from higherstudy.adapters.redis.limits import RedisLimits
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.limits import Limit

HOUR = timedelta(hours=1)


@pytest.fixture
def network(redis_url: str) -> Iterator[Proxy]:
    with Proxy.before(redis_url, seed=7) as proxy:
        yield proxy


@pytest.fixture
async def connection(network: Proxy, redis_url: str) -> AsyncIterator[RedisConnection]:
    connection = RedisConnection(network.url(redis_url))
    yield connection
    network.heal()
    await connection.close()


@pytest.mark.parametrize(
    "bad", [{"silent": True}, {"delay": 2.0}, {"refusing": True}], ids=["silent", "slow", "refusing"]
)
async def test_a_hundred_questions_wait_for_a_moment_altogether_and_it_is_used_again(
    network: Proxy, connection: RedisConnection, bad: dict[str, Any]
) -> None:
    cache, limits = RedisCache(connection, MemoryCache()), RedisLimits(connection)
    await cache.put("fees", b"992", HOUR)
    network.be(**bad)
    network.cut()

    begun = time.monotonic()
    found = [await cache.get("fees") for _ in range(100)]
    lasted = time.monotonic() - begun
    with pytest.raises(Unavailable):
        await limits.hit(Limit("sign-in", 5, HOUR, closed=True), "somebody")
    network.heal()

    assert set(found) == {None}
    assert lasted < 1.5
    await until(lambda: _answers(connection), 10)
    assert await cache.get("fees") == b"992"


async def test_in_a_storm_an_answer_is_the_right_one_or_none(network: Proxy, connection: RedisConnection) -> None:
    cache = RedisCache(connection, MemoryCache())
    kept = {f"page {number}": f"content {number} ".encode() * (number + 1) for number in range(40)}
    for key, value in kept.items():
        await cache.put(key, value, HOUR)
    network.be(storm=4000)
    seen: list[tuple[str, bytes | None]] = []

    async def read() -> None:
        end = time.monotonic() + 4
        while time.monotonic() < end:
            seen.extend([(key, await cache.get(key)) for key in kept])
            await asyncio.sleep(0.01)

    await asyncio.gather(*(read() for _ in range(4)))

    assert network.taken > 10, "connections were broken again and again"
    assert sum(value is not None for _, value in seen) > 100
    assert [key for key, value in seen if value is not None and value != kept[key]] == []


async def _answers(connection: RedisConnection) -> bool:
    try:
        return await connection.ping()
    except Unavailable:
        return False
