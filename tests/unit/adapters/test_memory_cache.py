"""The cache of one process does what every cache must, within its room."""

import asyncio
from datetime import timedelta

import pytest
from moving import MovingTime

from higherstudy.adapters.memory.cache import MemoryCache
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.ports.cache import Cache
from higherstudy.ports.contracts.cache import MINUTE, CacheContract, Maker
from higherstudy.ports.contracts.passing_time import PassingTime


class TestMemoryCache(CacheContract):
    @pytest.fixture
    def clock(self) -> MemoryClock:
        return MemoryClock()

    @pytest.fixture
    def cache(self, clock: MemoryClock) -> Cache:
        return MemoryCache(lambda: clock.now().timestamp())

    @pytest.fixture
    def time(self, clock: MemoryClock) -> PassingTime:
        return MovingTime(clock)


async def test_what_was_not_asked_for_longest_goes_when_the_room_is_used_up() -> None:
    cache = MemoryCache(room=10_000)
    for name in ("prospectus", "fees", "intakes"):
        await cache.put(name, b"x" * 3_000, MINUTE)
    await cache.get("prospectus")

    await cache.put("campuses", b"x" * 3_000, MINUTE)

    kept = [name for name in ("prospectus", "fees", "intakes", "campuses") if await cache.get(name) is not None]
    assert kept == ["prospectus", "intakes", "campuses"]


async def test_however_much_is_put_into_it_the_room_is_not_exceeded() -> None:
    cache = MemoryCache(room=100_000)

    for number in range(10_000):
        await cache.put(f"search {number}", b"", timedelta(hours=1))

    assert len(cache._kept) <= 500
    assert cache._size <= 100_000


async def test_nobody_waits_for_ever_for_what_another_one_makes() -> None:
    cache = MemoryCache(patience=timedelta(milliseconds=50))
    held = asyncio.Event()

    async def hang() -> bytes:
        await held.wait()
        return b"late"

    first = asyncio.create_task(cache.remembered("fees", MINUTE, hang))
    await asyncio.sleep(0)

    second = await asyncio.wait_for(cache.remembered("fees", MINUTE, Maker(b"in time")), 5)

    held.set()
    assert (second, await first) == (b"in time", b"late")
