"""What any cache must do."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from ..cache import Cache
from .passing_time import PassingTime, RealTime

MINUTE = timedelta(minutes=1)


class NotMade(Exception):
    """The answer could not be made."""


class Maker:
    """Makes an answer, slowly, and counts how often."""

    def __init__(self, answer: bytes = b"an answer", takes: float = 0.05) -> None:
        self.answer = answer
        self.takes = takes
        self.made = 0
        self.begun = asyncio.Event()

    async def __call__(self) -> bytes:
        self.made += 1
        self.begun.set()
        await asyncio.sleep(self.takes)
        return self.answer


class CacheContract:
    """Override ``cache``, and ``another`` where several processes share one; ``time`` where its clock can be moved."""

    short = timedelta(milliseconds=300)
    """How long something is kept that a test waits for the end of."""

    @pytest.fixture
    def cache(self) -> Cache:
        """Return a cache that keeps values of up to 100 kB."""
        raise NotImplementedError

    @pytest.fixture
    def another(self, cache: Cache) -> Cache:
        """Return the same cache as another process sees it."""
        return cache

    @pytest.fixture
    def time(self) -> PassingTime:
        """Return the time of the cache."""
        return RealTime()

    @pytest.fixture
    def key(self) -> str:
        """Return a key that nobody else has."""
        return f"a key {uuid4().hex}"

    async def test_nothing_is_kept_at_first(self, cache: Cache, key: str) -> None:
        assert await cache.get(key) is None

    @pytest.mark.parametrize("value", [b"", b"\x00\xff\r\n", b"x" * 100_000], ids=["empty", "any bytes", "long"])
    async def test_what_is_kept_is_read_byte_for_byte(
        self, cache: Cache, another: Cache, key: str, value: bytes
    ) -> None:
        await cache.put(key, value, MINUTE)

        assert (await cache.get(key), await another.get(key)) == (value, value)

    async def test_the_newest_value_counts(self, cache: Cache, key: str) -> None:
        await cache.put(key, b"old", MINUTE)
        await cache.put(key, b"new", MINUTE)

        assert await cache.get(key) == b"new"

    async def test_what_is_forgotten_is_gone(self, cache: Cache, key: str) -> None:
        await cache.put(key, b"something", MINUTE)

        await cache.forget(key)

        assert await cache.get(key) is None

    async def test_nothing_is_kept_for_longer_than_was_said(self, cache: Cache, key: str, time: PassingTime) -> None:
        await cache.put(key, b"something", self.short)

        await time.go_on(self.short * 1.2)

        assert await cache.get(key) is None

    async def test_what_is_far_too_large_is_not_kept_and_nothing_older_in_its_place(
        self, cache: Cache, key: str
    ) -> None:
        await cache.put(key, b"old", MINUTE)

        await cache.put(key, b"x" * 2**23, MINUTE)

        assert await cache.get(key) is None

    async def test_an_answer_is_made_once_and_then_remembered(self, cache: Cache, another: Cache, key: str) -> None:
        maker = Maker()

        answers = [await one.remembered(key, MINUTE, maker) for one in (cache, cache, another)]

        assert (answers, maker.made) == ([b"an answer"] * 3, 1)

    async def test_of_many_who_ask_at_once_one_makes_it_and_all_get_it(
        self, cache: Cache, another: Cache, key: str
    ) -> None:
        maker = Maker()

        answers = await asyncio.gather(*(one.remembered(key, MINUTE, maker) for one in (cache, another) * 25))

        assert (set(answers), maker.made) == ({b"an answer"}, 1)

    async def test_different_keys_do_not_wait_for_one_another(self, cache: Cache, key: str) -> None:
        held = asyncio.Event()

        async def slow() -> bytes:
            await held.wait()
            return b"the slow answer"

        waiting = asyncio.create_task(cache.remembered(key, MINUTE, slow))
        await asyncio.sleep(0)

        answer = await asyncio.wait_for(cache.remembered(f"{key} too", MINUTE, Maker()), 5)

        held.set()
        assert (answer, await waiting) == (b"an answer", b"the slow answer")

    async def test_what_could_not_be_made_is_told_and_made_anew_next_time(self, cache: Cache, key: str) -> None:
        async def fail() -> bytes:
            raise NotMade

        with pytest.raises(NotMade):
            await cache.remembered(key, MINUTE, fail)

        assert await asyncio.wait_for(cache.remembered(key, MINUTE, Maker()), 5) == b"an answer"

    async def test_whoever_gives_up_takes_the_answer_from_nobody_else(self, cache: Cache, key: str) -> None:
        maker = Maker()
        first = asyncio.create_task(cache.remembered(key, MINUTE, maker))
        await maker.begun.wait()
        others = [asyncio.create_task(cache.remembered(key, MINUTE, maker)) for _ in range(5)]
        await asyncio.sleep(0.001)

        first.cancel()

        assert (await asyncio.gather(*others), maker.made) == ([b"an answer"] * 5, 1)

    async def test_a_large_answer_is_given_although_it_is_not_kept(self, cache: Cache, key: str) -> None:
        large = b"x" * 2**23

        assert await cache.remembered(key, MINUTE, Maker(large)) == large
        assert await cache.get(key) is None
