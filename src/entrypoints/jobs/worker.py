"""Carries out jobs: leases each, keeps the lease while it runs, and notes how it ended."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import ExitStack
from datetime import timedelta

from ...domain.shared.ids import JobId
from ...ports.errors import Unavailable
from ...ports.jobs import Job, LeaseLost
from ...ports.transactions import Transactions
from ..about import about
from .duties import Duties
from .keeper import Keeper
from .ledger import Ledger
from .patience import Patience
from .progress import Progress
from .watch import Outcome, Watch

log = logging.getLogger(__name__)

LONGEST_ERROR = 2000


class Worker:
    """Carries out jobs, at most ``at_once`` at the same time."""

    def __init__(
        self,
        transactions: Transactions,
        duties: Duties,
        patience: Patience | None = None,
        at_once: int = 4,
        watch: Watch | None = None,
    ) -> None:
        self._transactions = transactions
        self._duties = duties
        self._patience = patience or Patience()
        self._watch = watch or Watch()
        self._ledger = Ledger(transactions, self._patience)
        self._keeper = Keeper(transactions, self._patience)
        self._places = asyncio.Semaphore(at_once)
        self._at_once = at_once
        self._running: set[asyncio.Task[None]] = set()
        self._stopped = False

    @property
    def free(self) -> int:
        """How many more jobs it could begin now."""
        return 0 if self._stopped else self._at_once - len(self._running)

    async def carry_out(self, job_id: JobId) -> bool:
        """Carry out the job if it is due and nobody else has it; how it ends is kept with the job, never raised.

        Returns False when the worker was stopped before it looked at the job.
        """
        async with self._places:
            if self._stopped:
                return False
            task = asyncio.create_task(self._carry_out(job_id), name=f"job {job_id}")
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            await asyncio.wait((task,))
            return True

    async def stop(self, grace: timedelta) -> None:
        """Take no more jobs, let the running ones finish for that long, and hand back those that have not."""
        self._stopped = True
        if self._running:
            await asyncio.wait(self._running, timeout=grace.total_seconds())
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._keeper.stop()

    async def _carry_out(self, job_id: JobId) -> None:
        try:
            job = await self._ledger.lease(job_id)
        except Unavailable:
            log.warning("job %s waits: the database does not answer", job_id)
            return
        except Exception:
            log.exception("job %s cannot be leased", job_id)
            return
        if job is not None:
            await self._watched(job)

    async def _watched(self, job: Job) -> None:
        """Make an attempt in the request and the trace that caused the job, and say how it ended."""
        begun, outcome = time.perf_counter(), "lost"
        ids = {"job_id": str(job.id), "job": job.name, "request_id": job.origin.request_id}
        with ExitStack() as inside:
            inside.enter_context(about(ids))
            inside.enter_context(self._watch.around(job))
            try:
                outcome = await self._attempt(job)
            except LeaseLost:
                log.warning("the job was taken over by another worker")
            except asyncio.CancelledError:
                outcome = "handed_back"
                raise
            except Exception:
                log.exception("how the job ended could not be noted")
            finally:
                self._watch.ended(job, outcome, time.perf_counter() - begun)  # type: ignore[arg-type]

    async def _attempt(self, job: Job) -> Outcome:
        if job.attempts > self._patience.most_attempts:
            # Whoever had it before ended without a word: what kills a worker must not kill every worker.
            return await self._park(job, job.error or "every worker that had it ended before it was done")
        try:
            with self._keeper.keeping(job):
                await self._duties.task(job)(job, Progress(self._transactions, job))
        except LeaseLost:
            raise
        except asyncio.CancelledError:
            await self._ledger.hand_back(job)
            raise
        except Exception as error:
            log.warning("the job failed", exc_info=True)
            return await self._failed(job, f"{type(error).__name__}: {error}"[:LONGEST_ERROR])
        await self._ledger.finish(job)
        return "done"

    async def _failed(self, job: Job, error: str) -> Outcome:
        if job.attempts >= self._patience.most_attempts:
            return await self._park(job, error)
        await self._ledger.put_back(job, self._patience.wait_after(job), error)
        return "failed"

    async def _park(self, job: Job, error: str) -> Outcome:
        log.error("the job is set aside: %s", error)
        await self._ledger.park(job, error)
        return "parked"
