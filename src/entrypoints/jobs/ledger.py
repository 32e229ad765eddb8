"""What a worker writes about its jobs: those that begin or end in the same moment share one transaction."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextvars import Context
from datetime import timedelta
from typing import Generic, TypeVar

from ...domain.shared.errors import Conflict
from ...domain.shared.ids import JobId
from ...ports.errors import Unavailable
from ...ports.jobs import Job, LeaseLost
from ...ports.transactions import Transactions, UnitOfWork
from .lease import Lease, ticking
from .patience import Patience

A = TypeVar("A")
B = TypeVar("B")
Asked = list[tuple[A, "asyncio.Future[B]"]]

_MOST_AT_ONCE = 100
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0
_HAND_BACK_WITHIN = 2.0

log = logging.getLogger(__name__)


class _Queue(Generic[A, B]):
    """What is asked for while the last round is on its way."""

    def __init__(self) -> None:
        self.asked: Asked[A, B] = []

    def add(self, what: A) -> asyncio.Future[B]:
        answer: asyncio.Future[B] = asyncio.get_running_loop().create_future()
        self.asked.append((what, answer))
        return answer

    def next(self) -> Asked[A, B]:
        taken, self.asked = self.asked[:_MOST_AT_ONCE], self.asked[_MOST_AT_ONCE:]
        return taken


class Ledger:
    """Leases and closes jobs.

    Nobody waits for company: a round begins as soon as the one before has ended, with whatever was asked for since.
    """

    def __init__(self, transactions: Transactions, patience: Patience, one_by_one: Collection[str] = ()) -> None:
        """Jobs named as in ``one_by_one`` are leased in their turn only, never by their ids."""
        self._transactions = transactions
        self._patience = patience
        self._one_by_one = one_by_one
        self._leases: _Queue[JobId, Lease | None] = _Queue()
        self._ends: _Queue[Job, bool] = _Queue()
        self._rounds: asyncio.Task[None] | None = None

    async def lease(self, job_id: JobId) -> Lease | None:
        """Return the job, ours until its lease runs out; None where it is done, held, not due or one that has its turn.

        Raises Unavailable when the database does not answer: then nobody has it, or we have it until then.
        """
        answer = self._leases.add(job_id)
        self._begin()
        return await answer

    async def lease_next(self) -> Lease | None:
        """Return the job whose turn it is of those that go one by one; None where none is due.

        Raises Unavailable as ``lease`` does.
        """
        until = self._until()
        async with self._transactions() as work:
            job = await work.jobs.lease_next(self._one_by_one, self._patience.lease)
        return None if job is None else Lease(job, until)

    async def finish(self, job: Job) -> None:
        """Note that it is done, however long the database takes to come back; raise LeaseLost when it is not ours."""
        if not await self._written(lambda: self._finish(job)):
            raise LeaseLost

    async def put_back(self, job: Job, due_in: timedelta, error: str) -> None:
        """Let it wait for another attempt; raise LeaseLost when it is not ours."""
        await self._written(lambda: self._alone(lambda work: work.jobs.put_back(job, due_in=due_in, error=error)))

    async def park(self, job: Job, error: str) -> None:
        """Set it aside; raise LeaseLost when it is not ours."""
        await self._written(lambda: self._alone(lambda work: work.jobs.park(job, error)))

    async def hand_back(self, job: Job) -> None:
        """Let it wait as if it had not begun; where the database does not answer soon, its lease will run out."""
        try:
            async with asyncio.timeout(_HAND_BACK_WITHIN):
                await self._alone(lambda work: work.jobs.hand_back(job))
        except (TimeoutError, Unavailable):
            log.warning("job %s could not be handed back; it is taken again once its lease has run out", job.id)

    async def _finish(self, job: Job) -> bool:
        answer = self._ends.add(job)
        self._begin()
        return await answer

    async def _written(self, write: Callable[[], Awaitable[B]]) -> B:
        """Try until it is written: the job is ours for as long as nobody else has leased it."""
        pause = _FIRST_PAUSE
        while True:
            try:
                return await write()
            except LeaseLost:
                raise
            except (Unavailable, Conflict) as error:
                log.warning("how a job ended is not yet noted: %s", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _alone(self, write: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        async with self._transactions() as work:
            await write(work)

    def _begin(self) -> None:
        if self._rounds is None:
            # What it does belongs to no single job: neither its log lines nor its spans.
            self._rounds = asyncio.create_task(self._run(), name="ledger of jobs", context=Context())

    async def _run(self) -> None:
        try:
            while self._leases.asked or self._ends.asked:
                await self._round(self._leases.next(), self._ends.next())
        finally:
            self._rounds = None

    async def _round(self, leases: Asked[JobId, Lease | None], ends: Asked[Job, bool]) -> None:
        try:
            leased, lost = await self._write([job_id for job_id, _ in leases], [job for job, _ in ends])
        except Exception as error:  # noqa: BLE001 - whoever asked is to hear it
            if len(leases) + len(ends) > 1 and not isinstance(error, Unavailable):
                await self._each_alone(leases, ends)  # one that cannot be written must not take the others with it
                return
            for _, lease in leases:
                _refuse(lease, error)
            for _, end in ends:
                _refuse(end, error)
            return
        for job_id, lease in leases:
            _answer(lease, leased.pop(job_id, None))  # who asks a second time for the same job does not get it
        for job, end in ends:
            _answer(end, job.id not in lost)

    async def _each_alone(self, leases: Asked[JobId, Lease | None], ends: Asked[Job, bool]) -> None:
        for end in ends:
            await self._round([], [end])
        for lease in leases:
            await self._round([lease], [])

    async def _write(self, ids: Sequence[JobId], ended: Sequence[Job]) -> tuple[dict[JobId, Lease], set[JobId]]:
        until = self._until()
        async with self._transactions() as work:
            lost = await work.jobs.finish_many(ended) if ended else ()
            leased = await work.jobs.lease_many(ids, self._patience.lease, but=self._one_by_one) if ids else ()
        return {job.id: Lease(job, until) for job in leased}, set(lost)

    def _until(self) -> float:
        """Return when a lease ends that is asked for now."""
        return ticking() + self._patience.lease.total_seconds()


def _refuse(future: asyncio.Future[B], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)


def _answer(future: asyncio.Future[B], value: B) -> None:
    if not future.done():
        future.set_result(value)
