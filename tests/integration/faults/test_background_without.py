"""Workers and relay while Redis or PostgreSQL is gone, or the network to them is bad."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import redis.asyncio
from processes import Processes
from proxy import Proxy
from waiting import until

import servers

from .registrations import Registrations, registrations

RECOVERED_WITHIN = 30.0
MANY = 60


@pytest.fixture
def own_redis() -> Iterator[servers.OwnRedis]:
    server = servers.OwnRedis()
    server.program.start()
    yield server
    server.close()


@pytest.fixture
async def people(started: Processes, database_url: str) -> AsyncIterator[Registrations]:
    started.settings["DATABASE_URL"] = database_url
    async with registrations(database_url, started.home) as people:
        yield people


async def _begin(started: Processes) -> None:
    await asyncio.gather(asyncio.to_thread(started.work), asyncio.to_thread(started.relay))


async def test_jobs_go_on_while_redis_is_killed_and_after_it_comes_back_empty_and_is_emptied_again(
    started: Processes, people: Registrations, own_redis: servers.OwnRedis
) -> None:
    """Survives: every mail, once. Need not: what Redis held; it carries ids, and the rows know them all."""
    started.settings["REDIS_URL"] = own_redis.url
    await _begin(started)

    committing = asyncio.create_task(people.commit(MANY))
    await until(lambda: len(people.mailed()) > 5)
    own_redis.program.kill()
    await committing
    without = await until(people.all_done, RECOVERED_WITHIN)
    assert people.mailed() == sorted(people.committed)

    await asyncio.to_thread(own_redis.program.start)
    committing = asyncio.create_task(people.commit(MANY))
    await until(lambda: len(people.mailed()) > MANY + 5)
    async with redis.asyncio.from_url(own_redis.url) as connection:
        await connection.flushall()
    await committing
    emptied = await until(people.all_done, RECOVERED_WITHIN)

    assert people.mailed() == sorted(people.committed)
    assert max(without, emptied) < RECOVERED_WITHIN
    async with redis.asyncio.from_url(own_redis.url) as connection:
        await until(lambda: _no_entries(connection), what="streams are empty")


async def _no_entries(connection: "redis.asyncio.Redis") -> bool:
    streams = [key async for key in connection.scan_iter("*", _type="stream")]
    return not any([await connection.xlen(stream) for stream in streams])


@pytest.mark.parametrize("seed", [1])
async def test_jobs_come_through_a_network_that_is_slow_breaks_off_and_falls_silent(
    started: Processes, people: Registrations, redis_url: str, database_url: str, seed: int
) -> None:
    """Survives: every mail, once. Need not: any single connection, statement or message."""
    with Proxy.before(database_url, seed=seed) as to_postgres, Proxy.before(redis_url, seed=seed) as to_redis:
        started.settings.update(DATABASE_URL=to_postgres.url(database_url), REDIS_URL=to_redis.url(redis_url))
        await _begin(started)
        committing = asyncio.create_task(people.commit(MANY))
        await until(lambda: len(people.mailed()) > 5)

        for proxy in (to_postgres, to_redis):
            proxy.be(delay=0.02, storm=50_000)
        await until(lambda: len(people.mailed()) > MANY // 5, 60)
        to_redis.be(silent=True)
        to_postgres.cut()
        await committing
        await until(lambda: len(people.mailed()) > MANY // 4, 60)
        to_postgres.be(silent=True)
        await asyncio.sleep(1)  # nothing can be awaited where nothing can be heard
        for proxy in (to_postgres, to_redis):
            proxy.heal()
        took = await until(people.all_done, RECOVERED_WITHIN)

    assert people.mailed() == sorted(people.committed)
    assert took < RECOVERED_WITHIN
