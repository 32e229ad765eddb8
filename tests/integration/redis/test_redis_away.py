"""A Redis that is gone or hangs costs nobody more than a moment, and is used again as soon as it is back."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from redis.asyncio import Redis
from waiting import until

import servers
from higherstudy.adapters.memory.cache import MemoryCache
from higherstudy.adapters.redis.cache import RedisCache
from higherstudy.adapters.redis.connection import RedisConnection
from higherstudy.adapters.redis.limits import RedisLimits
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.limits import Limit

HOUR = timedelta(hours=1)
CLOSED = Limit("sign-in", 2, HOUR, closed=True)
OPEN = Limit("requests", 600, HOUR)

MOMENT = 0.5
"""Seconds that a question to a Redis may take that does not answer: five times its patience, since the machine that
runs the tests is busy."""
ALL_OF_THEM = 1.5
"""Seconds for two hundred questions one after another."""


class Broken:
    """The ways in which a Redis can be away."""

    @staticmethod
    def killed(server: servers.OwnRedis) -> None:
        server.program.kill()

    @staticmethod
    def hanging(server: servers.OwnRedis) -> None:
        server.program.freeze()


WAYS = pytest.mark.parametrize("away", [Broken.killed, Broken.hanging], ids=["killed", "hanging"])


async def _back(server: servers.OwnRedis, away: Callable[[servers.OwnRedis], None]) -> None:
    """Bring it back; a hanging one only goes on."""
    if away is Broken.hanging:
        server.program.thaw()
    else:
        await asyncio.to_thread(server.program.start)


async def _seconds(question: Awaitable[object]) -> float:
    begun = time.monotonic()
    await question
    return time.monotonic() - begun


@WAYS
async def test_each_question_is_refused_within_a_moment_and_most_at_once(
    own_redis: servers.OwnRedis, connection: RedisConnection, away: Callable[[servers.OwnRedis], None]
) -> None:
    assert await connection.ping()
    away(own_redis)

    async def ask() -> None:
        with pytest.raises(Unavailable):
            await connection.ping()

    first = await _seconds(ask())
    begun = time.monotonic()
    for _ in range(200):
        await ask()

    assert first < MOMENT
    assert time.monotonic() - begun < ALL_OF_THEM


@WAYS
async def test_many_who_ask_at_once_wait_together_and_not_one_after_another(
    own_redis: servers.OwnRedis, connection: RedisConnection, away: Callable[[servers.OwnRedis], None]
) -> None:
    away(own_redis)

    async def ask() -> None:
        with pytest.raises(Unavailable):
            await connection.ping()

    assert await _seconds(asyncio.gather(*(ask() for _ in range(100)))) < 2 * MOMENT


@WAYS
async def test_what_has_to_be_counted_is_refused_and_everything_else_allowed(
    own_redis: servers.OwnRedis, connection: RedisConnection, away: Callable[[servers.OwnRedis], None]
) -> None:
    limits = RedisLimits(connection)
    away(own_redis)

    with pytest.raises(Unavailable):
        await limits.hit(CLOSED, "somebody")

    assert (await limits.hit(OPEN, "somebody")).allowed


@WAYS
async def test_what_is_not_kept_is_made_and_only_once_for_all_who_ask(
    own_redis: servers.OwnRedis, connection: RedisConnection, away: Callable[[servers.OwnRedis], None]
) -> None:
    cache = RedisCache(connection, MemoryCache())
    made = 0

    async def make() -> bytes:
        nonlocal made
        made += 1
        await asyncio.sleep(0.5)
        return b"an answer"

    away(own_redis)
    answers = await asyncio.gather(*(cache.remembered("a page", HOUR, make) for _ in range(50)))

    assert (set(answers), made) == ({b"an answer"}, 1)


@WAYS
async def test_it_is_used_again_by_itself_once_it_is_back(
    own_redis: servers.OwnRedis, connection: RedisConnection, away: Callable[[servers.OwnRedis], None]
) -> None:
    away(own_redis)
    with pytest.raises(Unavailable):
        await connection.ping()

    await _back(own_redis, away)

    assert await until(lambda: _answers(connection), 10) < 5


async def test_while_it_is_away_few_questions_go_out_to_it(
    own_redis: servers.OwnRedis, connection: RedisConnection
) -> None:
    asked = 0

    async def ask(redis: Redis) -> bool:
        nonlocal asked
        asked += 1
        return bool(await redis.ping())

    own_redis.program.freeze()
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        with pytest.raises(Unavailable):
            await connection.ask(ask)
        await asyncio.sleep(0.01)

    assert 2 <= asked <= 4


async def test_a_restart_between_two_questions_is_not_noticed(
    own_redis: servers.OwnRedis, connection: RedisConnection
) -> None:
    limits = RedisLimits(connection)
    await limits.hit(CLOSED, "somebody")
    own_redis.program.kill()
    await asyncio.to_thread(own_redis.program.start)

    assert (await limits.hit(CLOSED, "somebody")).allowed


async def test_after_it_was_emptied_counting_begins_anew(
    own_redis: servers.OwnRedis, connection: RedisConnection
) -> None:
    limits = RedisLimits(connection)
    for _ in range(3):
        await limits.hit(CLOSED, "somebody")

    await connection.ask(lambda redis: redis.flushall())
    await connection.ask(lambda redis: redis.script_flush())

    assert (await limits.hit(CLOSED, "somebody")).allowed


async def test_a_late_answer_is_never_taken_for_the_answer_to_the_next_question(
    own_redis: servers.OwnRedis, connection: RedisConnection
) -> None:
    cache = RedisCache(connection, MemoryCache())
    for name in ("first", "second"):
        await cache.put(name, name.encode(), HOUR)
    own_redis.program.freeze()
    gone = await asyncio.gather(*(cache.get("first") for _ in range(20)))
    own_redis.program.thaw()
    await until(lambda: _answers(connection), 10)

    found = await asyncio.gather(*(cache.get("second") for _ in range(200)))

    assert set(gone) == {None}
    assert set(found) == {b"second"}


async def test_a_process_that_was_busy_itself_does_not_take_redis_for_gone(connection: RedisConnection) -> None:
    async def ask(redis: Redis) -> bool:
        await redis.ping()
        time.sleep(0.4)  # noqa: ASYNC251 - the loop stands still for four times the patience
        return bool(await redis.ping())

    assert await connection.ask(ask)


async def test_very_many_questions_at_once_are_no_reason_to_take_it_for_gone(connection: RedisConnection) -> None:
    limits, limit = RedisLimits(connection), Limit("registration", 500, HOUR, closed=True)

    verdicts = await asyncio.gather(*(limits.hit(limit, "a school") for _ in range(1000)))

    assert sum(verdict.allowed for verdict in verdicts) == 500


async def test_a_redis_that_refuses_is_not_left_alone(connection: RedisConnection) -> None:
    await connection.ask(lambda redis: redis.set("a text", "x"))

    with pytest.raises(Unavailable):
        await connection.ask(lambda redis: redis.hgetall("a text"))

    assert await connection.ping()


async def test_a_redis_that_only_reads_any_more_is_looked_for_anew(connection: RedisConnection) -> None:
    limits = RedisLimits(connection)
    before = await connection.ask(lambda redis: redis.client_id())
    await connection.ask(lambda redis: redis.replicaof("127.0.0.1", 1))

    with pytest.raises(Unavailable):
        await limits.hit(CLOSED, "somebody")
    await until(lambda: _answers(connection), 10)
    after = await connection.ask(lambda redis: redis.client_id())
    await connection.ask(lambda redis: redis.replicaof("NO", "ONE"))

    assert after != before
    assert (await limits.hit(CLOSED, "somebody")).allowed


async def _answers(connection: RedisConnection) -> bool:
    try:
        return await connection.ping()
    except Unavailable:
        return False
