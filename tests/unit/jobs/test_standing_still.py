"""A worker that stood still while it took a job leaves the job to others: its lease has run out already."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import JobId
from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.patience import Patience
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.ports.jobs import Job, JobStatus
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
