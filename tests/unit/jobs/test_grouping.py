"""What many jobs of one worker share: transactions, heartbeats; and what each says of itself."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.jobs import MemoryJobs
from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.domain.shared.ids import JobId
from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.lease import Lease
from higherstudy.entrypoints.jobs.ledger import Ledger
from higherstudy.entrypoints.jobs.patience import Patience
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.watch import Watch
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.jobs import Job, JobStatus, LeaseLost

PATIENCE = Patience(lease=timedelta(seconds=60), heartbeat=timedelta(seconds=0.01))
A_MINUTE = timedelta(minutes=1)


class World:
    """A store in memory, with jobs that are due."""

    def __init__(self) -> None:
        self.clock = MemoryClock()
        self.ids = MemoryIds(seed=1)
        self.transactions = MemoryTransactions(self.clock, self.ids)

    async def jobs(self, count: int) -> list[JobId]:
        ids = [JobId(UUID(int=number)) for number in range(1, count + 1)]
        async with self.transactions() as work:
            await work.jobs.add_many([Job(job_id, "note", work.now) for job_id in ids])
        return ids

    async def found(self, job_id: JobId) -> Job:
        async with self.transactions() as work:
            return await work.jobs.get(job_id)

    async def leased_elsewhere(self, job_id: JobId) -> None:
        """Let another worker take the job, as if ours had been silent for long."""
        self.clock.move(timedelta(minutes=5))
        async with self.transactions() as work:
            assert await work.jobs.lease_many([job_id], timedelta(hours=1))


@pytest.fixture
def world() -> World:
    return World()


async def test_what_begins_and_ends_in_the_same_moment_is_written_together(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups: list[int] = []
    lease_many = MemoryJobs.lease_many

    async def counted(
        self: MemoryJobs, ids: Collection[JobId], lasting: timedelta, *, but: Collection[str]
    ) -> Sequence[Job]:
        groups.append(len(ids))
        await asyncio.sleep(0.01)  # others ask meanwhile
        return await lease_many(self, ids, lasting, but=but)

    monkeypatch.setattr(MemoryJobs, "lease_many", counted)
    ids = await world.jobs(20)
    ledger = Ledger(world.transactions, PATIENCE)

    first = asyncio.create_task(ledger.lease(ids[0]))
    await asyncio.sleep(0.005)
    others = await asyncio.gather(*(ledger.lease(job_id) for job_id in ids[1:]))

    assert await first is not None
    assert all(others)
    assert groups == [1, 19]


async def test_who_asks_for_a_job_in_the_same_moment_as_another_does_not_get_it(world: World) -> None:
    [job_id] = await world.jobs(1)
    ledger = Ledger(world.transactions, PATIENCE)

    leased = await asyncio.gather(*(ledger.lease(job_id) for _ in range(3)))

    assert [job is not None for job in leased] == [True, False, False]


async def test_one_that_cannot_be_written_takes_no_other_with_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = await world.jobs(2)
    lease_many = MemoryJobs.lease_many

    async def failing(
        self: MemoryJobs, ids: Collection[JobId], lasting: timedelta, *, but: Collection[str]
    ) -> Sequence[Job]:
        if bad in ids:
            raise ValueError("this row is broken")
        return await lease_many(self, ids, lasting, but=but)

    monkeypatch.setattr(MemoryJobs, "lease_many", failing)
    ledger = Ledger(world.transactions, PATIENCE)

    broken, leased = await asyncio.gather(ledger.lease(bad), ledger.lease(good), return_exceptions=True)

    assert isinstance(broken, ValueError)
    assert isinstance(leased, Lease)


async def test_a_job_that_is_done_is_noted_once_the_database_is_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    [job_id] = await world.jobs(1)
    finish_many, tries = MemoryJobs.finish_many, 0

    async def away_at_first(self: MemoryJobs, jobs: Collection[Job]) -> Collection[JobId]:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise Unavailable
        return await finish_many(self, jobs)

    monkeypatch.setattr(MemoryJobs, "finish_many", away_at_first)
    effects: list[JobId] = []

    async def note(job: Job, progress: Progress) -> None:
        effects.append(job.id)

    await Worker(world.transactions, Duties(tasks={"note": note}), PATIENCE).carry_out(job_id)

    assert (effects, tries) == ([job_id], 3)
    assert (await world.found(job_id)).status is JobStatus.DONE


async def test_one_heartbeat_stops_the_job_that_was_lost_and_keeps_the_others(world: World) -> None:
    lost, kept = await world.jobs(2)
    ended: dict[JobId, str] = {}

    async def note(job: Job, progress: Progress) -> None:
        if job.id == lost:
            async with world.transactions() as work:
                await work.jobs.put_back(job, due_in=timedelta(), error="")
                await work.jobs.lease_many([lost], timedelta(hours=1))
        await asyncio.sleep(0.1 if job.id == kept else 5)

    watch = Watch(ended=lambda job, outcome, _: ended.update({job.id: outcome}))
    worker = Worker(world.transactions, Duties(tasks={"note": note}), PATIENCE, watch=watch)

    await asyncio.wait_for(asyncio.gather(worker.carry_out(lost), worker.carry_out(kept)), 3)

    assert ended == {lost: "lost", kept: "done"}
    assert (await world.found(lost)).token == 2


async def test_a_job_whose_lease_cannot_be_kept_is_stopped_before_another_may_have_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(self: MemoryJobs, jobs: Collection[Job], lasting: timedelta) -> Collection[JobId]:
        raise Unavailable

    monkeypatch.setattr(MemoryJobs, "extend_many", away)
    [job_id] = await world.jobs(1)
    short = Patience(lease=timedelta(seconds=0.05), heartbeat=timedelta(seconds=0.01))
    ended: list[str] = []

    async def note(job: Job, progress: Progress) -> None:
        await asyncio.sleep(5)

    watch = Watch(ended=lambda _, outcome, __: ended.append(outcome))
    worker = Worker(world.transactions, Duties(tasks={"note": note}), short, watch=watch)
    await asyncio.wait_for(worker.carry_out(job_id), 3)

    assert ended == ["lost"]


async def test_a_job_that_was_handed_back_has_lost_no_attempt_and_a_stopped_worker_begins_none(world: World) -> None:
    running, waiting = await world.jobs(2)

    async def note(job: Job, progress: Progress) -> None:
        await asyncio.sleep(5)

    worker = Worker(world.transactions, Duties(tasks={"note": note}), PATIENCE, at_once=1)
    begun = [asyncio.create_task(worker.carry_out(job_id)) for job_id in (running, waiting)]
    await asyncio.sleep(0.05)
    await worker.stop(timedelta())

    assert await asyncio.gather(*begun) == [True, False]
    job = await world.found(running)
    assert (job.status, job.attempts) == (JobStatus.WAITING, 0)


async def test_progress_is_written_once_a_second_and_at_the_end(world: World) -> None:
    [job_id] = await world.jobs(1)
    async with world.transactions() as work:
        [job] = await work.jobs.lease_many([job_id], A_MINUTE)
    ticks = [0.0]
    progress = Progress(world.transactions, job, ticking=lambda: ticks[0])

    seen = []
    for done, ticks[0] in ((1, 0.0), (2, 0.5), (3, 1.1), (10, 1.2)):
        await progress(done, 10)
        seen.append((await world.found(job_id)).done)

    assert seen == [1, 1, 3, 10]


async def test_progress_of_a_job_that_was_lost_is_refused(world: World) -> None:
    [job_id] = await world.jobs(1)
    async with world.transactions() as work:
        [job] = await work.jobs.lease_many([job_id], A_MINUTE)
    await world.leased_elsewhere(job_id)

    with pytest.raises(LeaseLost):
        await Progress(world.transactions, job)(1)
