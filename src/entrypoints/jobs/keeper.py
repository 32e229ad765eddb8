"""Keeps the leases of all jobs that a worker carries out, in one statement at each heartbeat."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass

from ...ports.errors import Unavailable
from ...ports.jobs import Job, LeaseLost
from ...ports.transactions import Transactions
from .lease import Lease, ticking
from .patience import Patience

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Held:
    job: Job
    task: asyncio.Task[object]
    until: float
    """When the lease runs out if nothing more is heard from the database."""
    lost: bool = False

    def stop(self) -> None:
        self.lost = True
        self.task.cancel()


class Keeper:
    """Extends leases while jobs run, and stops a job whose lease another worker has, or may have by now."""

    def __init__(self, transactions: Transactions, patience: Patience) -> None:
        self._transactions = transactions
        self._patience = patience
        self._held: set[_Held] = set()
        self._beating: asyncio.Task[None] | None = None

    @contextmanager
    def keeping(self, lease: Lease) -> Iterator[None]:
        """Keep the lease while this task is inside; raise LeaseLost, stopping what is inside, when it was lost.

        One that has run out, since this process stood still after it was taken, is lost before anything begins.
        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a lease is kept for a task")
        if lease.until <= ticking():
            raise LeaseLost
        held = _Held(lease.job, task, lease.until)
        self._held.add(held)
        if self._beating is None:
            self._beating = asyncio.create_task(self._beat(), name="heartbeat of jobs", context=Context())
        try:
            yield
        except asyncio.CancelledError:
            if not held.lost:
                raise
        finally:
            self._held.discard(held)
        if held.lost:
            task.uncancel()
            raise LeaseLost

    def stop(self) -> None:
        """Keep no more leases."""
        if self._beating is not None:
            self._beating.cancel()

    async def _beat(self) -> None:
        try:
            while self._held:
                await asyncio.sleep(self._patience.heartbeat.total_seconds())
                await self._extend()
        finally:
            self._beating = None

    async def _extend(self) -> None:
        held, later = {one.job.id: one for one in self._held}, ticking() + self._patience.lease.total_seconds()
        try:
            async with asyncio.timeout_at(self._latest_answer()), self._transactions() as work:
                lost = await work.jobs.extend_many([one.job for one in held.values()], self._patience.lease)
        except (Unavailable, TimeoutError):
            log.warning("leases are not kept: the database does not answer")
            self._stop_late()
            return
        except Exception:
            log.exception("leases are not kept")
            self._stop_late()
            return
        for job_id, one in held.items():
            if job_id not in lost:
                one.until = later
            elif one in self._held:  # one that has ended meanwhile has closed its lease itself
                one.stop()

    def _stop_late(self) -> None:
        """Stop what others may have taken over: a job must not run twice because one of us is cut off."""
        now = ticking()
        for one in [one for one in self._held if one.until <= now]:
            one.stop()

    def _latest_answer(self) -> float:
        """Return when it is too late to hear of the leases: as soon as one runs out, and not at once where one has."""
        soonest = min((one.until for one in self._held), default=0.0)
        return max(soonest, ticking() + self._patience.heartbeat.total_seconds())
