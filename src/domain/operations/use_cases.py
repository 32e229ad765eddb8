"""Looking after jobs, and clearing away what is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from ...ports.jobs import Job
from ...ports.transactions import Transactions, UnitOfWork
from ..identity.account import Asker, Role
from ..identity.policies import demand_role
from ..shared.dataclass import dataclass
from ..shared.errors import NotFound
from ..shared.ids import JobId

KEPT_FOR = timedelta(days=30)
"""For so long a job that is done can be looked at, and an event that was passed on is kept."""
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class GetJob:
    """See how far a job is."""

    transactions: Transactions

    async def __call__(self, asker: Asker, job_id: JobId) -> Job:
        """Return the job to an administrator and to whoever caused it; to others it does not exist (NotFound)."""
        async with self.transactions(asker.origin) as work:
            job = await work.jobs.get(job_id)
        if Role.ADMIN not in asker.roles and asker.account_id not in (job.origin.actor, job.origin.on_behalf_of):
            raise NotFound
        return job


@dataclass(frozen=True, slots=True)
class ListParkedJobs:
    """See which jobs were set aside, since they kept failing."""

    transactions: Transactions

    async def __call__(self, asker: Asker, limit: int, after: JobId | None = None) -> Sequence[Job]:
        """Return them by id, from behind ``after`` on; raise Forbidden to all but administrators."""
        demand_role(asker, Role.ADMIN)
        async with self.transactions(asker.origin) as work:
            return await work.jobs.parked(limit, after)


@dataclass(frozen=True, slots=True)
class RequeueJob:
    """Let a job that was set aside be tried again."""

    transactions: Transactions

    async def __call__(self, asker: Asker, job_id: JobId) -> Job:
        """Return the job, which is due now.

        Raises Forbidden to all but administrators, NotFound where no such job is set aside, Conflict where it must
        not run beside one that is open.
        """
        demand_role(asker, Role.ADMIN)
        async with self.transactions(asker.origin) as work:
            await work.jobs.requeue(job_id)
            return await work.jobs.get(job_id)


@dataclass(frozen=True, slots=True)
class ClearAway:
    """Remove jobs that were done long ago and then the events that they followed from, and sessions, mailed codes, used
    tickets, counts of failures, sign-ins at providers and factors that were never confirmed, once they have long been
    over."""

    transactions: Transactions

    async def __call__(self, report: Callable[[int], Awaitable[None]]) -> int:
        """Return how many rows were removed, in short transactions; ``report`` hears the number as it grows."""
        removed = 0
        for remove in (
            _done_jobs,
            _passed_on_events,
            _sessions_over,
            _codes_over,
            _provider_sign_ins_over,
            _tickets_over,
            _failures_over,
            _factors_not_confirmed,
        ):
            while batch := await self._batch(remove):
                removed += batch
                await report(removed)
        return removed

    async def _batch(self, remove: Callable[[UnitOfWork], Awaitable[int]]) -> int:
        async with self.transactions() as work:
            return await remove(work)


async def _done_jobs(work: UnitOfWork) -> int:
    return await work.jobs.remove_done(work.now - KEPT_FOR, _BATCH)


async def _passed_on_events(work: UnitOfWork) -> int:
    return await work.outbox.remove_passed_on(work.now - KEPT_FOR, _BATCH)


async def _sessions_over(work: UnitOfWork) -> int:
    return await work.sessions.remove_over(work.now - KEPT_FOR, _BATCH)


async def _codes_over(work: UnitOfWork) -> int:
    return await work.confirmations.remove_over(work.now - KEPT_FOR, _BATCH)


async def _tickets_over(work: UnitOfWork) -> int:
    return await work.used_tickets.remove_over(work.now - KEPT_FOR, _BATCH)  # clocks differ, by whichever it ended


async def _failures_over(work: UnitOfWork) -> int:
    return await work.throttles.remove_over(work.now - KEPT_FOR, _BATCH)


async def _factors_not_confirmed(work: UnitOfWork) -> int:
    return await work.factors.remove_unconfirmed(work.now - KEPT_FOR, _BATCH)


async def _provider_sign_ins_over(work: UnitOfWork) -> int:
    return await work.provider_sign_ins.remove_over(work.now - timedelta(days=1), _BATCH)
