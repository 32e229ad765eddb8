"""Where events wait to be passed on, and where the work that follows from them is kept until it is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Protocol

from ..domain.shared.dataclass import dataclass
from ..domain.shared.errors import Conflict
from ..domain.shared.events import Envelope, Origin
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


class Priority(IntEnum):
    """Which of two jobs that are due goes first: the one with the lower number."""

    HIGH = 1
    NORMAL = 2
    LOW = 3


NOBODY = Origin()
"""Where a job comes from that nobody asked for, such as a scheduled one."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work, to be carried out at least once: what follows from an event, or what was asked for."""

    id: JobId
    name: str
    """What is to be done; kept with the job, so it stays for as long as a job with it may wait."""
    due_at: datetime
    envelope: Envelope | None = None
    """The event that it follows from. An event has each name once."""
    arguments: Mapping[str, str | int] = field(default_factory=dict)
    """What it needs to know beside the event: ids and codes, never personal data."""
    key: str | None = None
    """No two jobs are ever kept with the same key."""
    alone: str | None = None
    """Of jobs with the same word here, one at most is open (waiting or leased)."""
    priority: Priority = Priority.NORMAL
    origin: Origin = NOBODY
    status: JobStatus = JobStatus.WAITING
    attempts: int = 0
    token: int = 0
    """Counts the leases; who holds an older one may no longer finish the job."""
    leased_until: datetime | None = None
    error: str = ""
    """What the last attempt that failed said."""
    done: int = 0
    """How much of it the present attempt, or the last one, has done."""
    of: int | None = None
    """How much there is to do, once that is known."""
    since: datetime | None = None
    """When that attempt began."""
    ended_at: datetime | None = None
    """When it was done or parked."""

    @classmethod
    def following(
        cls, job_id: JobId, name: str, envelope: Envelope, due_at: datetime, priority: Priority = Priority.NORMAL
    ) -> Job:
        """Return the job of that name that follows from the event, in the event's own request and trace."""
        return cls(job_id, name, due_at, envelope, priority=priority, origin=envelope.origin)


@dataclass(frozen=True, slots=True)
class Offer:
    """A job that is due, for any worker to take."""

    job_id: JobId
    priority: Priority = Priority.NORMAL


class Outbox(Protocol):
    """Events that were recorded with their change and wait to be passed on."""

    async def take(self, limit: int) -> Sequence[Envelope]:
        """Return at most ``limit`` waiting events for this transaction alone, none of them with an older one waiting
        for the same aggregate, oldest first. What another transaction has taken is passed over."""
        ...

    async def passed_on(self, ids: Sequence[EventId]) -> None:
        """Note that these events need not be taken again."""
        ...

    async def remove_passed_on(self, before: datetime, limit: int) -> int:
        """Remove at most ``limit`` events that were passed on before then and from which no job follows any more;
        return how many. One that was passed on less than 7 days ago is never removed."""
        ...


class Jobs(Protocol):
    """The jobs. All times are the transaction's own."""

    async def add(self, job: Job) -> bool:
        """Keep a new job and wake whoever hands out jobs; return False and change nothing where its event has a job of
        this name already, where its key was used, or where one that must be alone is open."""
        ...

    async def add_many(self, jobs: Sequence[Job]) -> int:
        """Keep each new job as ``add`` does, except that nobody is woken: for who hands them out; return how many."""
        ...

    async def get(self, job_id: JobId) -> Job:
        """Return the job; raise NotFound where there is none."""
        ...

    async def offer(
        self,
        rooms: Mapping[Priority, int],
        *,
        again_after: timedelta,
        named: Collection[str] | None = None,
        but: Collection[str] = (),
    ) -> Sequence[Offer]:
        """Return jobs that are due and that nobody holds, so many of each priority at most, and note that they were
        offered; in the order of priority, and within one the longest due first.

        A job that was offered less than ``again_after`` ago is left out. A job whose lease ran out is due. Only jobs
        ``named`` so are offered where that is given, and none that is named as in ``but``.
        """
        ...

    async def lease_many(
        self, ids: Collection[JobId], lasting: timedelta, *, but: Collection[str] = ()
    ) -> Sequence[Job]:
        """Return those of the jobs that are due and free and not named as in ``but``, each with a new token, ours until
        the lease runs out."""
        ...

    async def lease_next(self, named: Collection[str], lasting: timedelta) -> Job | None:
        """Return as ``lease_many`` does the one job of these names that is due and free, the most urgent one and among
        these the longest due; None where there is none. What another transaction has at hand is passed over."""
        ...

    async def extend_many(self, jobs: Collection[Job], lasting: timedelta) -> Collection[JobId]:
        """Make our leases end that much after now; return the ids of those jobs that are no longer ours."""
        ...

    async def finish_many(self, jobs: Collection[Job]) -> Collection[JobId]:
        """Note that they are done; return the ids of those that were no longer ours, which stay as they are."""
        ...

    async def report(self, job: Job, done: int, of: int | None) -> None:
        """Note how much of it is done, of how much; raise LeaseLost when it is no longer ours."""
        ...

    async def put_back(self, job: Job, *, due_in: timedelta, error: str) -> None:
        """Let it wait for another attempt; raise LeaseLost when it is no longer ours."""
        ...

    async def hand_back(self, job: Job) -> None:
        """Let it wait as if this attempt had not begun; raise LeaseLost when it is no longer ours."""
        ...

    async def park(self, job: Job, error: str) -> None:
        """Set it aside until somebody looks at it; raise LeaseLost when it is no longer ours."""
        ...

    async def parked(self, limit: int, after: JobId | None = None) -> Sequence[Job]:
        """Return jobs that were set aside, in the order of their ids, from behind ``after`` on."""
        ...

    async def requeue(self, job_id: JobId) -> None:
        """Let a parked job be due now, with its attempts forgotten.

        Raises NotFound where none such is parked, Conflict where another job is open that must be alone with it.
        """
        ...

    async def remove_done(self, before: datetime, limit: int) -> int:
        """Remove at most ``limit`` jobs that were done before then; return how many. Parked ones stay."""
        ...
