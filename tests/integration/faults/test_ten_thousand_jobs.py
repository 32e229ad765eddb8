"""Ten thousand jobs while a worker is killed every five seconds."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from processes import Process, Processes
from providers import Mood, Providers
from redis.asyncio import Redis
from waiting import until

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.shared.ids import AccountId

from .registrations import TakenBack, register

PROGRAM = Path(__file__).with_name("carrying_out.py")
EVENTS = 3334  # three jobs each
BATCH = 46
EVERY = 5.0
RECOVERED_WITHIN = 30.0
LONGEST_STREAM = 1000
PATIENCE = 900


@dataclass
class Written:
    """What was committed, and what was written and then taken back."""

    committed: list[str] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)


@dataclass
class Seen:
    """What was seen of the queue while jobs ran."""

    recoveries: list[float] = field(default_factory=list)
    """After how many seconds each job that was under way at a kill had ended or had begun anew."""
    longest: int = 0
    """The most entries that all streams ever had together."""


@pytest.fixture
def providers() -> Iterator[Providers]:
    with Providers(seed=3) as running:
        yield running


@pytest.fixture
async def rows(owner_url: str) -> AsyncIterator[asyncpg.Pool]:
    """The database to look into."""
    async with asyncpg.create_pool(owner_url, min_size=1, max_size=4) as pool:
        yield pool


async def test_every_effect_happens_and_no_payment_twice_though_a_worker_is_killed_every_five_seconds(
    started: Processes, database_url: str, redis_url: str, providers: Providers, rows: asyncpg.Pool
) -> None:
    """Survives: each of the 10,002 jobs, and one payment each. Need not: that a mail or a text message whose worker was
    killed between its acceptance and its noted end is sent once; one more for each kill is counted, and no other. Each
    worker carries out eight jobs at once, but those that send messages one by one.

    What was taken back before its commit must have no effect at all.
    """
    started.settings.update(DATABASE_URL=database_url, REDIS_URL=redis_url, PROVIDERS=providers.url)
    providers.mood = Mood(refuses=0.002)
    workers = [_program(started, "work", f"work-{number}") for number in (1, 2)]
    _program(started, "relay", "relay")
    written, seen = Written(), Seen()
    begun = time.monotonic()

    async with _beside(_write(database_url, written), _watch_streams(redis_url, seen)):
        kills = await _kill_until_done(workers, rows, seen)

    books = providers.books
    took = time.monotonic() - begun
    wanted = dict.fromkeys(written.committed, 1)
    sys.stdout.write(
        f"{took:.0f} s, {kills} kills, done again: {books.twice()}, slowest recovery {max(seen.recoveries):.1f} s, "
        f"longest streams {seen.longest}\n"
    )
    assert len(wanted) == EVENTS
    assert books.charged == wanted
    assert set(books.mailed) == set(books.texted) == set(wanted)
    assert books.twice()["mailed"] + books.twice()["texted"] <= kills
    assert not set(written.taken_back) & (set(books.charged) | set(books.mailed) | set(books.texted))
    assert await rows.fetchval("SELECT count(*) FROM jobs WHERE status <> 'done'") == 0
    assert kills >= 4
    assert max(seen.recoveries) < RECOVERED_WITHIN
    assert seen.longest <= LONGEST_STREAM


def _program(started: Processes, kind: str, name: str) -> Process:
    return started.run([sys.executable, str(PROGRAM), kind], name)


async def _kill_until_done(workers: list[Process], rows: asyncpg.Pool, seen: Seen) -> int:
    """Kill one worker and the other in turn and start it again, until nothing is left to do; return how often."""
    kills, recovering = 0, set[asyncio.Task[list[float]]]()
    end = time.monotonic() + PATIENCE
    next_kill = time.monotonic()
    for worker in cycle(workers):
        next_kill += EVERY
        with suppress(AssertionError):
            await until(lambda: _nothing_left(rows), next_kill - time.monotonic(), pause=0.25)
            break
        assert time.monotonic() < end, await rows.fetch("SELECT status, count(*) FROM jobs GROUP BY status")
        held = await rows.fetch("SELECT id, token FROM jobs WHERE status = 'leased'")
        worker.kill()
        kills += 1
        recovering.add(asyncio.create_task(_recovered({row["id"]: row["token"] for row in held}, rows)))
        await asyncio.to_thread(worker.start)
    for times in await asyncio.gather(*recovering):
        seen.recoveries += times
    return kills


async def _nothing_left(rows: asyncpg.Pool) -> bool:
    return bool(await rows.fetchval("SELECT count(*) FROM jobs WHERE status = 'done'") == EVENTS * 3)


async def _recovered(held: dict[UUID, int], rows: asyncpg.Pool) -> list[float]:
    """Return how long each of these attempts took until its worker had ended it, or another lease had begun."""
    begun, times = time.monotonic(), []
    while held:
        assert time.monotonic() - begun < RECOVERED_WITHIN, f"not recovered: {held}"
        await asyncio.sleep(0.25)
        found = await rows.fetch("SELECT id, token, status FROM jobs WHERE id = ANY($1)", list(held))
        for row in found:
            if row["status"] != "leased" or row["token"] > held[row["id"]]:
                times.append(time.monotonic() - begun)
                del held[row["id"]]
    return times


async def _write(url: str, written: Written) -> None:
    """Commit the events in batches while jobs run; every tenth batch is taken back."""
    engine = create_engine(url)
    transactions = PostgresTransactions(engine, SystemIds())
    batch = 0
    while len(written.committed) < EVENTS:
        batch += 1
        ids = [AccountId(SystemIds().new()) for _ in range(min(BATCH, EVENTS - len(written.committed)))]
        if batch % 10:
            await register(transactions, ids)
            written.committed += map(str, ids)
        else:
            with pytest.raises(TakenBack):
                await register(transactions, ids, keep=False)
            written.taken_back += map(str, ids)
        await asyncio.sleep(0.1)
    await engine.dispose()


async def _watch_streams(url: str, seen: Seen) -> None:
    async with Redis.from_url(url) as redis:
        while True:
            streams = [key async for key in redis.scan_iter("*", _type="stream")]
            seen.longest = max(seen.longest, sum([await redis.xlen(stream) for stream in streams]))
            await asyncio.sleep(0.2)


@asynccontextmanager
async def _beside(writing: Coroutine[Any, Any, None], watching: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Write and watch while the block runs; the writing must have come to its end."""
    written = asyncio.create_task(writing)
    watched = asyncio.create_task(watching)
    try:
        yield
        await written
    finally:
        for task in (written, watched):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
