"""Jobs in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ...domain.shared.errors import NotFound
from ...domain.shared.ids import JobId
from ...ports.jobs import Job, JobStatus, LeaseLost
from .tables import Table


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
        reacted = (job.envelope.id, job.reaction)
        if any((kept.job.envelope.id, kept.job.reaction) == reacted for kept in self._rows.rows()):
            return False
        self._rows.put(job.id, KeptJob(job))
        return True

    async def get(self, job_id: JobId) -> Job:
        return self._found(job_id).job

    async def offer(self, limit: int, *, again_after: timedelta) -> Sequence[JobId]:
        free = [
            kept
            for kept in self._rows.rows()
            if self._is_free(kept.job) and (kept.offered_at is None or kept.offered_at <= self._now - again_after)
        ]
        free.sort(key=lambda kept: kept.job.due_at)
        for kept in free[:limit]:
            kept.offered_at = self._now
            self._rows.put(kept.job.id, kept)
        return [kept.job.id for kept in free[:limit]]

    async def lease(self, job_id: JobId, lasting: timedelta) -> Job | None:
        kept = self._rows.get(job_id)
        if kept is None or not self._is_free(kept.job):
            return None
        kept.job = replace(
            kept.job,
            status=JobStatus.LEASED,
            token=kept.job.token + 1,
            attempts=kept.job.attempts + 1,
            leased_until=self._now + lasting,
        )
        self._rows.put(job_id, kept)
        return kept.job

    async def extend(self, job: Job, lasting: timedelta) -> None:
        kept = self._ours(job)
        self._put(kept, replace(kept.job, leased_until=self._now + lasting), kept.offered_at)

    async def finish(self, job: Job) -> None:
        kept = self._ours(job)
        self._put(kept, replace(kept.job, status=JobStatus.DONE, leased_until=None, error=""), kept.offered_at)

    async def put_back(self, job: Job, *, due_in: timedelta, error: str) -> None:
        kept = self._ours(job)
        waiting = replace(kept.job, status=JobStatus.WAITING, leased_until=None, due_at=self._now + due_in, error=error)
        self._put(kept, waiting, None)

    async def park(self, job: Job, error: str) -> None:
        kept = self._ours(job)
        self._put(kept, replace(kept.job, status=JobStatus.PARKED, leased_until=None, error=error), kept.offered_at)

    async def parked(self, limit: int) -> Sequence[Job]:
        aside = [kept.job for kept in self._rows.rows() if kept.job.status is JobStatus.PARKED]
        return aside[:limit]

    async def requeue(self, job_id: JobId) -> None:
        kept = self._found(job_id)
        if kept.job.status is not JobStatus.PARKED:
            raise NotFound
        self._put(kept, replace(kept.job, status=JobStatus.WAITING, due_at=self._now, attempts=0), None)

    def _found(self, job_id: JobId) -> KeptJob:
        kept = self._rows.get(job_id)
        if kept is None:
            raise NotFound
        return kept

    def _ours(self, job: Job) -> KeptJob:
        kept = self._found(job.id)
        if kept.job.status is not JobStatus.LEASED or kept.job.token != job.token:
            raise LeaseLost
        return kept

    def _put(self, kept: KeptJob, job: Job, offered_at: datetime | None) -> None:
        self._rows.put(kept.job.id, KeptJob(job, offered_at))

    def _is_free(self, job: Job) -> bool:
        """Waiting and due, or with a lease that ran out."""
        if job.status is JobStatus.WAITING:
            return job.due_at <= self._now
        return job.status is JobStatus.LEASED and job.leased_until is not None and job.leased_until <= self._now
