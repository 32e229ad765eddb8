"""The doorbell over Redis streams: heard at once, by urgency, by one; and none of the streams' own traps shows."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest
from redis.asyncio import Redis
from taskiq.message import BrokerMessage
from waiting import until

import servers
from higherstudy.adapters.redis.broker import RedisBroker
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.jobs import Priority

WAIT, PATIENCE, A_MINUTE = timedelta(seconds=0.3), timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def own_redis() -> Iterator[servers.OwnRedis]:
    """A Redis that this test may empty, kill and start again."""
    server = servers.OwnRedis()
    server.program.start()
    yield server
    server.close()


@pytest.fixture
async def redis(own_redis: servers.OwnRedis) -> AsyncIterator[Redis]:
    async with Redis.from_url(own_redis.url) as connection:
        yield connection


@asynccontextmanager
async def opened(
    own_redis: servers.OwnRedis, at_once: int = 16, stale_after: timedelta = A_MINUTE
) -> AsyncIterator[RedisBroker]:
    broker = RedisBroker(own_redis.url, at_once=at_once, wait=WAIT, patience=PATIENCE, stale_after=stale_after)
    await broker.startup()
    yield broker
    await broker.shutdown()


@asynccontextmanager
async def hearing(broker: RedisBroker) -> AsyncIterator[list[bytes]]:
    """Give a list of everything that is heard while the block runs."""
    heard: list[bytes] = []

    async def listen() -> None:
        async for message in broker.listen():
            heard.append(message)  # noqa: PERF401 - one by one, as they come

    task = asyncio.create_task(listen())
    yield heard
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def saying(word: str) -> BrokerMessage:
    return BrokerMessage(task_id=word, task_name="hear", message=word.encode(), labels={})


def each(*words: str) -> list[tuple[Priority, BrokerMessage]]:
    return [(Priority.NORMAL, saying(word)) for word in words]


async def entries(redis: Redis) -> int:
    """Return how many entries there are in all streams together."""
    return sum([await redis.xlen(key) for key in await redis.keys("*")])


async def test_a_message_is_heard_at_once_and_is_then_gone(own_redis: servers.OwnRedis, redis: Redis) -> None:
    async with opened(own_redis) as broker, hearing(broker) as heard:
        await asyncio.sleep(0.1)  # the listener waits by now
        await broker.kick(saying("come"))
        took = await until(lambda: heard == [b"come"], 2)

        assert took < 0.2
        assert await entries(redis) == 0
        assert broker.answers


async def test_messages_sent_before_anybody_ever_listened_arrive(own_redis: servers.OwnRedis, redis: Redis) -> None:
    async with opened(own_redis) as sender:
        await redis.flushall()  # no stream and no group is there
        await sender.kick_many(each("one", "two"))

    async with opened(own_redis) as broker, hearing(broker) as heard:
        await until(lambda: heard == [b"one", b"two"], 2)


async def test_what_is_more_urgent_is_heard_first(own_redis: servers.OwnRedis) -> None:
    async with opened(own_redis, at_once=2) as broker:
        await broker.kick_many(
            [
                (Priority.LOW, saying("later")),
                (Priority.NORMAL, saying("soon")),
                (Priority.HIGH, saying("now")),
            ]
        )

        async with hearing(broker) as heard:
            await until(lambda: len(heard) == 3, 2)

    assert heard == [b"now", b"soon", b"later"]


async def test_each_message_is_heard_by_one_of_several(own_redis: servers.OwnRedis) -> None:
    words = [f"{number}".encode() for number in range(200)]

    async with (
        opened(own_redis, at_once=3) as one,
        opened(own_redis, at_once=3) as other,
        hearing(one) as by_one,
        hearing(other) as by_other,
    ):
        await one.kick_many(each(*(word.decode() for word in words)))
        await until(lambda: len(by_one) + len(by_other) == len(words), 5)

    assert sorted(by_one + by_other) == sorted(words)


async def test_a_listener_ends_though_the_driver_lost_its_cancellation(own_redis: servers.OwnRedis) -> None:
    async with opened(own_redis) as broker:
        listening = broker.listen()

        async def listen() -> None:
            this = asyncio.current_task()
            assert this is not None
            this.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0)
            await anext(listening)

        task = asyncio.create_task(listen())
        await asyncio.wait([task], timeout=30)
        ended = task.cancelled()
        task.cancel()

    assert ended


async def test_a_listener_goes_on_after_redis_was_emptied(own_redis: servers.OwnRedis, redis: Redis) -> None:
    async with opened(own_redis) as broker, hearing(broker) as heard:
        await broker.kick(saying("before"))
        await until(lambda: heard == [b"before"], 2)

        await redis.flushall()
        await broker.kick(saying("after"))
        await until(lambda: heard == [b"before", b"after"], 3)


async def test_a_listener_outlives_a_redis_that_is_killed(own_redis: servers.OwnRedis) -> None:
    async with opened(own_redis) as broker, hearing(broker) as heard:
        await until(lambda: broker.answers, 2)

        own_redis.program.kill()
        await until(lambda: not broker.answers, 3)
        with pytest.raises(Unavailable):
            await broker.kick(saying("nobody is there"))
        with pytest.raises(Unavailable):
            await broker.waiting()
        own_redis.program.start()
        await until(lambda: broker.answers, 5)

        await broker.kick(saying("back"))
        await until(lambda: heard == [b"back"], 3)


async def test_a_listener_begins_before_redis_does(own_redis: servers.OwnRedis) -> None:
    own_redis.program.kill()

    async with opened(own_redis) as broker, hearing(broker) as heard:
        assert not broker.answers
        own_redis.program.start()
        await until(lambda: broker.answers, 5)
        await broker.kick(saying("come"))
        await until(lambda: heard == [b"come"], 3)


async def test_a_redis_that_stands_still_counts_as_away(own_redis: servers.OwnRedis) -> None:
    async with opened(own_redis) as broker, hearing(broker) as heard:
        await until(lambda: broker.answers, 2)

        os.kill(own_redis.program.pid, signal.SIGSTOP)
        await until(lambda: not broker.answers, 4)
        os.kill(own_redis.program.pid, signal.SIGCONT)
        await until(lambda: broker.answers, 5)

        await broker.kick(saying("back"))
        await until(lambda: heard == [b"back"], 3)


async def test_what_nobody_takes_is_dropped_after_a_while(own_redis: servers.OwnRedis, redis: Redis) -> None:
    async with opened(own_redis, stale_after=timedelta(seconds=1)) as broker:
        await broker.kick_many(each(*map(str, range(50))))
        counted = await broker.waiting()
        await asyncio.sleep(2.1)
        await broker.waiting()

    assert counted == {Priority.HIGH: 0, Priority.NORMAL: 50, Priority.LOW: 0}
    assert await entries(redis) == 0
