"""Carries out a job: leases it, keeps the lease while it runs, and notes how it ended."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from ...domain.shared.ids import JobId
from ...ports.errors import Unavailable
from ...ports.jobs import Job, LeaseLost
from ...ports.transactions import Transactions
from .duties import Duties
from .progress import Progress

log = logging.getLogger(__name__)

LONGEST_ERROR = 2000


@dataclass(frozen=True)
class Patience:
    """How long a worker may be silent, how often a job is tried, and how long to wait in between."""

    lease: timedelta = timedelta(seconds=15)
    heartbeat: timedelta = timedelta(seconds=5)
    most_attempts: int = 8
    first_wait: timedelta = timedelta(seconds=1)
    longest_wait: timedelta = timedelta(minutes=10)

    def wait_after(self, job: Job) -> timedelta:
        """Return how long the job waits after this attempt: twice as long each time, up to half of that added so
        that jobs which failed together do not come back together."""
        wait: timedelta = min(self.first_wait * (1 << min(job.attempts - 1, 20)), self.longest_wait)
        return wait * (1 + (job.id.int % 1000) / 2000)


class Worker:
    """Carries out jobs, at most ``at_once`` at the same time."""

    def __init__(
        self, transactions: Transactions, duties: Duties, patience: Patience | None = None, at_once: int = 4
    ) -> None:
        self._transactions = transactions
        self._duties = duties
        self._patience = patience or Patience()
        self._places = asyncio.Semaphore(at_once)
        self._running: set[asyncio.Task[None]] = set()
        self._stopped = False

    async def carry_out(self, job_id: JobId) -> None:
        """Carry out the job if it is due and nobody else has it; how it ends is kept with the job, never raised."""
        async with self._places:
            if self._stopped:
                return
            task = asyncio.create_task(self._carry_out(job_id), name=f"job {job_id}")
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            await asyncio.wait({task})

    async def stop(self, grace: timedelta) -> None:
        """Take no more jobs, let the running ones finish for that long, and hand back those that have not."""
        self._stopped = True
        if self._running:
            await asyncio.wait(self._running, timeout=grace.total_seconds())
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _carry_out(self, job_id: JobId) -> None:
        try:
            async with self._transactions() as work:
                leased = await work.jobs.lease_many([job_id], self._patience.lease)
            for job in leased:
                await self._attempt(job)
        except LeaseLost:
            log.warning("job %s was taken over by another worker", job_id)
        except Unavailable:
            log.warning("job %s stays leased until its lease runs out: the database does not answer", job_id)

    async def _attempt(self, job: Job) -> None:
        if job.attempts > self._patience.most_attempts:
            # Whoever had it before ended without a word: what kills a worker must not kill every worker.
            await self._park(job, job.error or "every worker that had it ended before it was done")
            return
        try:
            await self._run(job)
        except LeaseLost:
            raise
        except asyncio.CancelledError:
            async with self._transactions() as work:
                await work.jobs.hand_back(job)
            raise
        except Exception as error:
            log.warning("job %s (%s) failed", job.id, job.name, exc_info=True)
            await self._failed(job, f"{type(error).__name__}: {error}"[:LONGEST_ERROR])
        else:
            async with self._transactions() as work:
                if await work.jobs.finish_many([job]):
                    raise LeaseLost

    async def _run(self, job: Job) -> None:
        """Carry it out while the lease is ours, and stop it when it is not."""
        task = self._duties.task(job)
        running = asyncio.ensure_future(task(job, Progress(self._transactions, job)))
        heartbeat = asyncio.create_task(self._keep_lease(job))
        try:
            await asyncio.wait({running, heartbeat}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                heartbeat.result()
            await running
        finally:
            for one in (running, heartbeat):
                one.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await one

    async def _keep_lease(self, job: Job) -> None:
        """Return never; raise LeaseLost when somebody else has the job."""
        while True:
            await asyncio.sleep(self._patience.heartbeat.total_seconds())
            async with self._transactions() as work:
                if await work.jobs.extend_many([job], self._patience.lease):
                    raise LeaseLost

    async def _failed(self, job: Job, error: str) -> None:
        if job.attempts >= self._patience.most_attempts:
            await self._park(job, error)
        else:
            await self._put_back(job, self._patience.wait_after(job), error)

    async def _put_back(self, job: Job, due_in: timedelta, error: str) -> None:
        async with self._transactions() as work:
            await work.jobs.put_back(job, due_in=due_in, error=error)

    async def _park(self, job: Job, error: str) -> None:
        log.error("job %s (%s) is set aside: %s", job.id, job.name, error)
        async with self._transactions() as work:
            await work.jobs.park(job, error)
