"""How many ids of jobs lie in Redis that no worker has taken, by priority."""

import pytest

import servers
from higherstudy.adapters.redis.connection import RedisConnection
from higherstudy.adapters.redis.queue import QUEUE, queue_depth, streams_of
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.jobs import Priority

COUNTS = {Priority.HIGH: 1, Priority.NORMAL: 3, Priority.LOW: 0}


async def test_ids_are_counted_by_priority_and_an_empty_queue_is_none(connection: RedisConnection) -> None:
    empty = await queue_depth(connection)
    for priority, stream in streams_of().items():
        for number in range(COUNTS[priority]):
            await connection.ask(lambda redis, stream=stream, number=number: redis.xadd(stream, {"data": number}))  # type: ignore[misc]

    full = await queue_depth(connection)

    assert empty == {"high": 0, "normal": 0, "low": 0}
    assert full == {"high": 1, "normal": 3, "low": 0}


async def test_another_queue_of_the_same_redis_is_not_counted(connection: RedisConnection) -> None:
    other = streams_of(f"{QUEUE}:other")[Priority.HIGH]
    await connection.ask(lambda redis: redis.xadd(other, {"data": "1"}))

    here, there = await queue_depth(connection), await queue_depth(connection, f"{QUEUE}:other")

    assert (here["high"], there["high"]) == (0, 1)


async def test_without_an_answer_there_is_no_number(connection: RedisConnection, own_redis: servers.OwnRedis) -> None:
    own_redis.program.kill()

    with pytest.raises(Unavailable):
        await queue_depth(connection)
