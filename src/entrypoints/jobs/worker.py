"""Carries out jobs: leases each, keeps the lease while it runs, and notes how it ended."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

from ...domain.shared.ids import JobId
from ...ports.errors import Unavailable
from ...ports.jobs import Job, LeaseLost
from ...ports.transactions import Transactions
from ..about import about
from .duties import Duties
from .keeper import Keeper
from .lease import Lease
from .ledger import Ledger
from .patience import Patience
from .progress import Progress
from .turns import Turns
from .watch import Outcome, Watch

log = logging.getLogger(__name__)

LONGEST_ERROR = 2000


class Worker:
    """Carries out jobs, at most ``at_once`` at the same time; of those that go one by one, one at most is among them.

    These take no place while they wait, nor a lease: a worker takes the next from the rows when its turn comes, so that
    several workers share them, and none that dies or stands still holds up more than one.
    """

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
        self._ledger = Ledger(transactions, self._patience, duties.one_by_one)
        self._keeper = Keeper(transactions, self._patience)
        self._places = asyncio.Semaphore(at_once)
        self._at_once = at_once
        self._running: set[asyncio.Task[None]] = set()
        self._turns = Turns(self._take_turn)
        self._turn: asyncio.Task[bool] | None = None
        self._stopped = False

    @property
    def one_by_one(self) -> Collection[str]:
        """The names of the jobs that go one by one."""
        return self._duties.one_by_one

    @property
    def free(self) -> int:
        """How many more jobs it could begin now, or after the one whose turn it is: these must not shut out others."""
        return 0 if self._stopped else self._at_once - len(self._running)

    async def carry_out(self, job_id: JobId) -> bool:
        """Carry out the job if it is due and nobody else has it; how it ends is kept with the job, never raised.

        For one that goes one by one this only makes sure that its turn comes, here or in another worker.

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

    async def rest(self) -> None:
        """Wait until those that go one by one have all had their turn, as far as they are due."""
        await self._turns.rest()

    async def stop(self, grace: timedelta) -> None:
        """Take no more jobs, let the running ones finish for that long, and hand back those that have not."""
        self._stopped = True
        running: set[asyncio.Task[Any]] = self._running | ({self._turn} if self._turn else set())
        if running:
            await asyncio.wait(running, timeout=grace.total_seconds())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._turns.rest()
        self._keeper.stop()

    async def _carry_out(self, job_id: JobId) -> None:
        with _said(f"job {job_id}"):
            lease = await self._ledger.lease(job_id)
            if lease is not None:
                await self._watched(lease)
            elif self.one_by_one:
                self._turns.call()  # it may be one of these

    async def _take_turn(self) -> bool:
        """Carry out the next of those that go one by one; return whether there was one."""
        async with self._places:
            if self._stopped:
                return False
            self._turn = asyncio.create_task(self._carry_out_next(), name="job whose turn it is")
            await asyncio.wait((self._turn,))
            turn, self._turn = self._turn, None
            return not turn.cancelled() and turn.result()

    async def _carry_out_next(self) -> bool:
        lease = None
        with _said("the job whose turn it is"):
            lease = await self._ledger.lease_next()
            if lease is not None:
                await self._watched(lease)
        return lease is not None

    async def _watched(self, lease: Lease) -> None:
        """Make an attempt in the request and the trace that caused the job, and say how it ended."""
        job = lease.job
        begun, outcome = time.perf_counter(), "lost"
        ids = {"job_id": str(job.id), "job": job.name, "request_id": job.origin.request_id}
        with ExitStack() as inside:
            inside.enter_context(about(ids))
            inside.enter_context(self._watch.around(job))
            try:
                outcome = await self._attempt(lease)
            except LeaseLost:
                log.warning("the job was taken over by another worker")
            except asyncio.CancelledError:
                outcome = "handed_back"
                raise
            except Exception:
                log.exception("how the job ended could not be noted")
            finally:
                self._watch.ended(job, outcome, time.perf_counter() - begun)  # type: ignore[arg-type]

    async def _attempt(self, lease: Lease) -> Outcome:
        job = lease.job
        if job.attempts > self._patience.most_attempts:
            # Whoever had it before ended without a word: what kills a worker must not kill every worker.
            return await self._park(job, job.error or "every worker that had it ended before it was done")
        try:
            with self._keeper.keeping(lease):
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


@contextmanager
def _said(what: str) -> Iterator[None]:
    """Say why it could not be leased; it is offered again."""
    try:
        yield
    except Unavailable:
        log.warning("%s waits: the database does not answer", what)
    except Exception:
        log.exception("%s cannot be leased", what)
