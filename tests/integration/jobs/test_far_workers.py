"""Relays and workers apart, over PostgreSQL and Redis: every job once, at once, whatever becomes of Redis."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import timedelta

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from waiting import until

import servers
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.listener import PostgresListener
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.redis.broker import RedisBroker
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.shared.ids import JobId
from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.patience import Patience
from higherstudy.entrypoints.jobs.process import relaying, working
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.rounds import Rhythm
from higherstudy.entrypoints.jobs.schedules import Schedule
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.ports.contracts.jobs import recorded
from higherstudy.ports.jobs import Job, JobStatus, Priority

RHYTHM = Rhythm(
    look_every=timedelta(seconds=0.2), offer_again_after=timedelta(seconds=1), schedule_every=timedelta(seconds=0.1)
)
PATIENCE = Patience(lease=timedelta(seconds=2), heartbeat=timedelta(seconds=0.5))
WAIT, REDIS_PATIENCE = timedelta(seconds=0.3), timedelta(seconds=1)


@pytest.fixture
def own_redis() -> Iterator[servers.OwnRedis]:
    """A Redis that this test may empty, kill and start again."""
    server = servers.OwnRedis()
    server.program.start()
    yield server
    server.close()


class World:
    """What carries jobs out is noted: each job by its id, as often as it was."""

    def __init__(self, url: str, redis_url: str) -> None:
        self.url = url
        self.redis_url = redis_url
        self.engine = create_engine(url, pool_size=10)
        self.transactions = PostgresTransactions(self.engine, SystemIds())
        self.effects: Counter[JobId] = Counter()
        self.order: list[Priority] = []
        self.takes = 0.0
        self.duties = Duties(tasks={"note": self.note, "tidy_up": self.note})

    async def note(self, job: Job, progress: Progress) -> None:
        await asyncio.sleep(self.takes)
        self.effects[job.id] += 1
        self.order.append(job.priority)

    async def ask(self, count: int, priority: Priority = Priority.NORMAL) -> list[JobId]:
        """Ask for so many jobs, each in a transaction of its own."""
        ids = [JobId(SystemIds().new()) for _ in range(count)]
        for job_id in ids:
            async with self.transactions() as work:
                await work.jobs.add(Job(job_id, "note", work.now, priority=priority))
        return ids

    async def status(self, job_id: JobId) -> JobStatus:
        async with self.transactions() as work:
            return (await work.jobs.get(job_id)).status

    async def all_done(self) -> bool:
        async with self.engine.connect() as connection:
            return not (await connection.execute(text("SELECT count(*) FROM jobs WHERE status <> 'done'"))).scalar()

    def relay(self, duties: Duties | None = None, rhythm: Rhythm = RHYTHM) -> AbstractAsyncContextManager[None]:
        broker, listen = self.broker(), PostgresListener(self.url)
        known = duties or self.duties
        return relaying(self.transactions, SystemIds(), known, broker=broker, listen=listen, rhythm=rhythm)

    def worker(self, at_once: int = 4, grace: float = 5.0) -> AbstractAsyncContextManager[Worker]:
        return working(
            self.transactions,
            self.duties,
            broker=self.broker(),
            rhythm=RHYTHM,
            patience=PATIENCE,
            at_once=at_once,
            grace=timedelta(seconds=grace),
        )

    def broker(self) -> RedisBroker:
        return RedisBroker(self.redis_url, at_once=4, wait=WAIT, patience=REDIS_PATIENCE)


@pytest.fixture
async def world(database_url: str, owner_url: str, own_redis: servers.OwnRedis) -> AsyncIterator[World]:
    owner = create_engine(owner_url)
    async with owner.begin() as connection:
        await connection.execute(text("TRUNCATE jobs, outbox"))
    await owner.dispose()
    world = World(database_url, own_redis.url)
    yield world
    await world.engine.dispose()


async def entries(world: World) -> int:
    """Return how many messages nobody has taken."""
    async with Redis.from_url(world.redis_url) as redis:
        return sum([await redis.xlen(key) for key in await redis.keys("*jobs*")])


async def test_a_job_is_carried_out_at_once_by_a_worker_elsewhere(world: World) -> None:
    async with world.worker(), world.relay():
        await asyncio.sleep(0.5)
        [job_id] = await world.ask(1)
        took = await until(lambda: world.effects[job_id] == 1, 5)
        await until(world.all_done, 5)

    assert took < 1
    assert await entries(world) == 0


async def test_several_relays_and_workers_do_each_job_once(world: World) -> None:
    async with AsyncExitStack() as stack:
        for block in (world.worker(), world.worker(), world.relay(), world.relay()):
            await stack.enter_async_context(block)
        ids = await world.ask(150)
        await until(world.all_done, 20)

    assert world.effects == Counter(ids)


async def test_no_more_is_on_its_way_than_there_is_room_and_what_is_urgent_overtakes(world: World) -> None:
    ids = await world.ask(60, Priority.LOW)
    narrow = Rhythm(look_every=timedelta(seconds=0.1), offer_again_after=timedelta(seconds=0.5), most_waiting=10)

    async with world.relay(rhythm=narrow):
        await until(lambda: _reaches(world, 10), 5)
        await asyncio.sleep(1)  # long enough for all of them to be offered again
        on_their_way = await entries(world)
        ids += await world.ask(1, Priority.HIGH)
        await until(lambda: _reaches(world, 11), 5)
        async with world.worker(at_once=1):
            await until(lambda: len(world.effects) == len(ids), 20)

    assert on_their_way == 10
    assert world.order[0] is Priority.HIGH
    assert world.effects == Counter(ids)


async def test_work_goes_on_while_redis_is_killed_and_after_it_comes_back_empty(
    world: World, own_redis: servers.OwnRedis
) -> None:
    async with world.worker(), world.relay():
        ids = await world.ask(5)
        await until(lambda: len(world.effects) == 5, 10)

        own_redis.program.kill()
        ids += await world.ask(5)
        await until(lambda: len(world.effects) == 10, 10)

        own_redis.program.start()
        ids += await world.ask(5)
        await until(lambda: len(world.effects) == 15, 10)
        await until(world.all_done, 5)

    assert world.effects == Counter(ids)


async def test_what_was_on_its_way_when_redis_was_emptied_is_offered_again(world: World) -> None:
    async with world.relay():
        ids = await world.ask(10)
        await until(lambda: _reaches(world, 10), 5)
        async with Redis.from_url(world.redis_url) as redis:
            await redis.flushall()

        async with world.worker():
            await until(lambda: len(world.effects) == 10, 10)
            await until(world.all_done, 5)

    assert world.effects == Counter(ids)


async def test_a_job_of_a_worker_that_fell_silent_is_done_by_another_on_a_silent_queue(world: World) -> None:
    [job_id] = await world.ask(1)
    async with world.transactions() as work:
        await work.jobs.lease_many([job_id], PATIENCE.lease)  # by a worker that dies before it does anything

    async with world.worker(), world.relay():
        took = await until(lambda: world.effects[job_id] == 1, 10)

    assert took < PATIENCE.lease.total_seconds() + 2


async def test_a_worker_that_ends_hands_back_what_runs_and_passes_on_what_waits(world: World) -> None:
    world.takes = 30
    async with world.relay():
        async with world.worker(at_once=1, grace=0):
            ids = await world.ask(3)
            await asyncio.sleep(1)
        world.takes = 0
        async with world.worker():
            took = await until(lambda: len(world.effects) == 3, 10)

    assert world.effects == Counter(ids)
    assert took < 5


async def test_two_schedulers_fire_once(world: World) -> None:
    every_second = Duties(world.duties.reactions, world.duties.tasks, {"tidy_up": Schedule(timedelta(seconds=1))})

    async with world.worker(), world.relay(every_second), world.relay(every_second):
        await asyncio.sleep(3.5)
    async with world.engine.connect() as connection:
        keys = (await connection.execute(text("SELECT key FROM jobs WHERE reaction = 'tidy_up'"))).scalars().all()

    assert 2 <= len(keys) <= 5
    assert len(set(keys)) == len(keys)
    assert set(world.effects.values()) == {1}


async def test_without_redis_workers_look_into_the_rows(world: World) -> None:
    ids = await world.ask(20)

    async with working(world.transactions, world.duties, rhythm=RHYTHM, patience=PATIENCE):
        await until(world.all_done, 10)

    assert world.effects == Counter(ids)


async def test_events_long_passed_on_are_removed_and_others_stay(world: World, owner_url: str) -> None:
    for _ in range(3):
        await recorded(world.transactions)
    async with world.transactions() as work:
        old, followed, waiting = await work.outbox.take(10)
        await work.jobs.add(Job.following(JobId(SystemIds().new()), "note", followed, work.now))
        await work.outbox.passed_on([old.id, followed.id])
    owner = create_engine(owner_url)
    async with owner.begin() as connection:
        aged = "UPDATE outbox SET passed_on_at = passed_on_at - interval '40 days' WHERE passed_on_at IS NOT NULL"
        await connection.execute(text(aged))
    await owner.dispose()

    async with world.transactions() as work:
        removed = await work.outbox.remove_passed_on(work.now, 10)
    async with world.engine.connect() as connection:
        left = set((await connection.execute(text("SELECT id FROM outbox"))).scalars())

    assert (removed, left) == (1, {followed.id, waiting.id})


async def _reaches(world: World, count: int) -> bool:
    return await entries(world) >= count
