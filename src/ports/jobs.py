"""Where events wait to be passed on, and where the work that follows from them is kept until it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from ..domain.shared.errors import Conflict
from ..domain.shared.events import Envelope
from ..domain.shared.ids import EventId, JobId


class LeaseLost(Conflict):
    """Another worker has this job now."""

    code = "job.lease_lost"


class JobStatus(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Job:
    """One reaction to one event, to be carried out at least once."""

    id: JobId
    reaction: str
    envelope: Envelope
    due_at: datetime
    status: JobStatus = JobStatus.WAITING
    attempts: int = 0
    token: int = 0
    """Counts the leases; who holds an older one may no longer finish the job."""
    leased_until: datetime | None = None
    error: str = ""
    """What the last attempt that failed said."""


class Outbox(Protocol):
    """Events that were recorded with their change and wait to be passed on."""

    async def take(self, limit: int) -> Sequence[Envelope]:
        """Return at most ``limit`` waiting events for this transaction alone, none of them with an older one waiting
        for the same aggregate, oldest first. What another transaction has taken is passed over."""
        ...

    async def passed_on(self, ids: Sequence[EventId]) -> None:
        """Note that these events need not be taken again."""
        ...


class Jobs(Protocol):
    """The jobs. All times are the transaction's own."""

    async def add(self, job: Job) -> bool:
        """Keep a new job; return False and change nothing where this event has had this reaction already."""
        ...

    async def get(self, job_id: JobId) -> Job:
        """Return the job; raise NotFound where there is none."""
        ...

    async def offer(self, limit: int, *, again_after: timedelta) -> Sequence[JobId]:
        """Return jobs that are due and that nobody holds, oldest first, and note that they were offered.

        A job that was offered less than ``again_after`` ago is left out. A job whose lease ran out is due.
        """
        ...

    async def lease(self, job_id: JobId, lasting: timedelta) -> Job | None:
        """Return the job with a new token, ours until the lease runs out; None when it is done, held or not due."""
        ...

    async def extend(self, job: Job, lasting: timedelta) -> None:
        """Make our lease end that much after now; raise LeaseLost when it is no longer ours."""
        ...

    async def finish(self, job: Job) -> None:
        """Note that it is done; raise LeaseLost when it is no longer ours."""
        ...

    async def put_back(self, job: Job, *, due_in: timedelta, error: str) -> None:
        """Let it wait for another attempt; raise LeaseLost when it is no longer ours."""
        ...

    async def park(self, job: Job, error: str) -> None:
        """Set it aside until somebody looks at it; raise LeaseLost when it is no longer ours."""
        ...

    async def parked(self, limit: int) -> Sequence[Job]:
        """Return jobs that were set aside, oldest first."""
        ...

    async def requeue(self, job_id: JobId) -> None:
        """Let a parked job wait again, with its attempts forgotten; raise NotFound where none such is parked."""
        ...
