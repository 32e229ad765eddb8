"""No worker believes to hold a job for longer than the database does, whatever stands still."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from builders import NOW
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.jobs import MemoryJobs
from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import JobId
from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.keeper import Keeper
from higherstudy.entrypoints.jobs.lease import Lease, ticking
from higherstudy.entrypoints.jobs.ledger import Ledger
from higherstudy.entrypoints.jobs.patience import Patience
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.jobs import Job, JobStatus, LeaseLost
from higherstudy.ports.transactions import UnitOfWork

LEASE = timedelta(seconds=0.05)


class StandingStill:
    """The store of a process that is stopped just after each commit, for longer than a lease."""

    def __init__(self, inner: MemoryTransactions) -> None:
        self._inner = inner

    @asynccontextmanager
    async def __call__(self, origin: Origin = Origin()) -> AsyncIterator[UnitOfWork]:  # noqa: B008 - frozen
        async with self._inner(origin) as work:
            yield work
        await asyncio.sleep(2 * LEASE.total_seconds())


async def test_a_job_is_not_begun_under_a_lease_that_ran_out_before() -> None:
    begun: list[Job] = []
    clock = MemoryClock()
    transactions, job_id = MemoryTransactions(clock), JobId(UUID(int=1))

    async def note(job: Job, _: Progress) -> None:
        begun.append(job)

    async with transactions() as work:
        await work.jobs.add(Job(job_id, "note", work.now))
    worker = Worker(StandingStill(transactions), Duties(tasks={"note": note}), Patience(lease=LEASE))

    await worker.carry_out(job_id)
    async with transactions() as work:
        job = await work.jobs.get(job_id)

    assert begun == []
    assert job.status is JobStatus.LEASED


class Slow:
    """A store that takes its time; it notes when it was asked."""

    def __init__(self, inner: MemoryTransactions) -> None:
        self._inner = inner
        self.asked: list[float] = []

    @asynccontextmanager
    async def __call__(self, origin: Origin = Origin()) -> AsyncIterator[UnitOfWork]:  # noqa: B008 - frozen
        self.asked.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0.02)
        async with self._inner(origin) as work:
            yield work


async def test_a_lease_is_counted_from_before_the_database_was_asked_for_it() -> None:
    transactions = Slow(MemoryTransactions(MemoryClock()))
    ids = [JobId(UUID(int=number)) for number in (1, 2)]
    async with transactions() as work:
        await work.jobs.add_many([Job(ids[0], "scan", work.now), Job(ids[1], "mail", work.now)])
    ledger = Ledger(transactions, Patience(lease=LEASE), {"mail"})

    leases = [await ledger.lease(ids[0]), await ledger.lease_next()]

    for lease, asked in zip(leases, transactions.asked[1:], strict=True):
        assert lease is not None
        assert lease.until <= asked + LEASE.total_seconds()


@pytest.mark.parametrize("silent", [False, True], ids=["refuses", "says nothing"])
async def test_a_job_is_stopped_when_its_lease_ends_though_it_began_later_and_the_database_does_not_answer(
    silent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(self: MemoryJobs, jobs: Collection[Job], lasting: timedelta) -> Collection[JobId]:
        if silent:
            await asyncio.Event().wait()
        raise Unavailable

    monkeypatch.setattr(MemoryJobs, "extend_many", away)
    keeper = Keeper(MemoryTransactions(), Patience(lease=timedelta(hours=1), heartbeat=timedelta(seconds=0.01)))

    async def at_it_for_ever() -> None:
        with keeper.keeping(Lease(Job(JobId(UUID(int=1)), "note", NOW), ticking() + 0.05)):
            await asyncio.Event().wait()

    with pytest.raises(LeaseLost):
        await asyncio.wait_for(at_it_for_ever(), 10)


async def test_no_job_begins_under_a_lease_that_has_ended() -> None:
    keeper = Keeper(MemoryTransactions(), Patience())

    with pytest.raises(LeaseLost), keeper.keeping(Lease(Job(JobId(UUID(int=1)), "note", NOW), ticking())):
        pytest.fail("it began")
