"""Looking after jobs."""

from __future__ import annotations

from collections.abc import Sequence

from ....ports.jobs import Job
from ....ports.transactions import Transactions
from ...audit.deed import Deed
from ...identity.account import Asker, Role
from ...identity.policies import demand_role
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import JobId


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
            work.note(Deed("job.requeued", "job", job_id))
            return await work.jobs.get(job_id)
