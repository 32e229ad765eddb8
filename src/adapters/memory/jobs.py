"""Jobs in memory."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ...domain.shared.errors import Conflict, NotFound, Reason
from ...domain.shared.ids import EventId, JobId
from ...ports.jobs import Job, JobStatus, LeaseLost, Offer, Priority
from .tables import Table

_OPEN = (JobStatus.WAITING, JobStatus.LEASED)


@dataclass(slots=True)
class KeptJob:
    """A job, and when it was last offered to the workers."""

    job: Job
    offered_at: datetime | None = None


class MemoryJobs:
    """The jobs as the open unit sees them; ``now`` is the unit's own time."""

    def __init__(self, rows: Table[JobId, KeptJob], now: datetime) -> None:
        self._rows = rows
        self._now = now

    async def add(self, job: Job) -> bool:
        if self._rows.any(lambda kept: _keeps_out(kept.job, job)):
            return False
        self._rows.put(job.id, KeptJob(job))
        return True

    async def add_many(self, jobs: Sequence[Job]) -> int:
        return sum([await self.add(job) for job in jobs])

    async def get(self, job_id: JobId) -> Job:
        return self._found(job_id).job

    async def offer(
        self,
        rooms: Mapping[Priority, int],
        *,
        again_after: timedelta,
        named: Collection[str] | None = None,
        but: Collection[str] = (),
    ) -> Sequence[Offer]:
        def wanted(kept: KeptJob) -> bool:
            again = kept.offered_at is None or kept.offered_at <= self._now - again_after
            return again and (named is None or kept.job.name in named) and kept.job.name not in but

        free = [kept for kept in self._free() if wanted(kept)]
        offered = [
            kept
            for priority in sorted(rooms)
            for kept in [kept for kept in free if kept.job.priority is priority][: rooms[priority]]
        ]
        for kept in offered:
            self._put(kept, kept.job, self._now)
        return [Offer(kept.job.id, kept.job.priority) for kept in offered]

    async def lease_many(
        self, ids: Collection[JobId], lasting: timedelta, *, but: Collection[str] = ()
    ) -> Sequence[Job]:
        return [
            self._lease(kept, lasting)
            for kept in map(self._rows.get, ids)
            if kept is not None and self._is_free(kept.job) and kept.job.name not in but
        ]

    async def lease_next(self, named: Collection[str], lasting: timedelta) -> Job | None:
        for kept in sorted(self._free(), key=lambda kept: kept.job.priority):
            if kept.job.name in named:
                return self._lease(kept, lasting)
        return None

    async def extend_many(self, jobs: Collection[Job], lasting: timedelta) -> Collection[JobId]:
        ours = list(self._all_ours(jobs))
        for kept in ours:
            self._put(kept, replace(kept.job, leased_until=self._now + lasting), kept.offered_at)
        return {job.id for job in jobs} - {kept.job.id for kept in ours}

    async def finish_many(self, jobs: Collection[Job]) -> Collection[JobId]:
        ours = list(self._all_ours(jobs))
        for kept in ours:
            self._end(kept, JobStatus.DONE, "")
        return {job.id for job in jobs} - {kept.job.id for kept in ours}

    async def report(self, job: Job, done: int, of: int | None) -> None:
        kept = self._ours(job)
        self._put(kept, replace(kept.job, done=done, of=of), kept.offered_at)

    async def put_back(self, job: Job, *, due_in: timedelta, error: str) -> None:
        kept = self._ours(job)
        waiting = replace(kept.job, status=JobStatus.WAITING, leased_until=None, due_at=self._now + due_in, error=error)
        self._put(kept, waiting, None)

    async def hand_back(self, job: Job) -> None:
        kept = self._ours(job)
        attempts = kept.job.attempts - 1
        self._put(kept, replace(kept.job, status=JobStatus.WAITING, leased_until=None, attempts=attempts), None)

    async def park(self, job: Job, error: str) -> None:
        self._end(self._ours(job), JobStatus.PARKED, error)

    async def parked(self, limit: int, after: JobId | None = None) -> Sequence[Job]:
        aside = [kept.job for kept in self._rows.rows(lambda kept: kept.job.status is JobStatus.PARKED)]
        aside.sort(key=lambda job: job.id)
        return [job for job in aside if after is None or job.id > after][:limit]

    async def requeue(self, job_id: JobId) -> None:
        kept = self._found(job_id)
        if kept.job.status is not JobStatus.PARKED:
            raise NotFound
        if self._rows.any(lambda other: _is_open_beside(other.job, kept.job)):
            raise Conflict(Reason("job.another_is_open"))
        again = replace(kept.job, status=JobStatus.WAITING, due_at=self._now, attempts=0, ended_at=None)
        self._put(kept, again, None)

    async def remove_done(self, before: datetime, limit: int) -> int:
        old = [kept.job for kept in self._rows.rows(lambda kept: _was_done_before(kept.job, before))]
        for job in old[:limit]:
            self._rows.remove(job.id)
        return len(old[:limit])

    def _found(self, job_id: JobId) -> KeptJob:
        kept = self._rows.get(job_id)
        if kept is None:
            raise NotFound
        return kept

    def _ours(self, job: Job) -> KeptJob:
        for kept in self._all_ours([job]):
            return kept
        raise LeaseLost

    def _all_ours(self, jobs: Collection[Job]) -> Iterator[KeptJob]:
        for job in jobs:
            kept = self._rows.get(job.id)
            if kept is not None and kept.job.status is JobStatus.LEASED and kept.job.token == job.token:
                yield kept

    def _free(self) -> list[KeptJob]:
        """Return the jobs that are due and that nobody holds, the longest due first."""
        return sorted(self._rows.rows(lambda kept: self._is_free(kept.job)), key=lambda kept: kept.job.due_at)

    def _lease(self, kept: KeptJob, lasting: timedelta) -> Job:
        leased = _leased(kept.job, self._now, lasting)
        self._put(kept, leased, kept.offered_at)
        return leased

    def _end(self, kept: KeptJob, status: JobStatus, error: str) -> None:
        ended = replace(kept.job, status=status, leased_until=None, error=error, ended_at=self._now)
        self._put(kept, ended, kept.offered_at)

    def _put(self, kept: KeptJob, job: Job, offered_at: datetime | None) -> None:
        self._rows.put(kept.job.id, KeptJob(job, offered_at))

    def _is_free(self, job: Job) -> bool:
        """Waiting and due, or with a lease that ran out."""
        if job.status is JobStatus.WAITING:
            return job.due_at <= self._now
        return job.status is JobStatus.LEASED and job.leased_until is not None and job.leased_until <= self._now


def _leased(job: Job, now: datetime, lasting: timedelta) -> Job:
    return replace(
        job,
        status=JobStatus.LEASED,
        token=job.token + 1,
        attempts=job.attempts + 1,
        leased_until=now + lasting,
        done=0,
        of=None,
        since=now,
    )


def _keeps_out(kept: Job, new: Job) -> bool:
    """Whether the job that is there leaves no place for the new one."""
    if kept.id == new.id or (new.key is not None and kept.key == new.key):
        return True
    return _is_open_beside(kept, new) or (new.envelope is not None and _follows(kept, new.name, new.envelope.id))


def _follows(job: Job, name: str, event_id: EventId) -> bool:
    return job.name == name and job.envelope is not None and job.envelope.id == event_id


def _is_open_beside(one: Job, other: Job) -> bool:
    """Whether the one is open, and must be alone where the other is to be."""
    return other.alone is not None and one.alone == other.alone and one.id != other.id and one.status in _OPEN


def _was_done_before(job: Job, before: datetime) -> bool:
    return job.status is JobStatus.DONE and job.ended_at is not None and job.ended_at < before
