"""Where jobs are kept, in PostgreSQL; all times are the transaction's own."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from ...domain.shared.errors import NotFound
from ...domain.shared.ids import JobId
from ...ports.jobs import Job, JobStatus, LeaseLost
from .engine import translated
from .events import read_envelope
from .outbox import UNREADABLE
from .tables import jobs, outbox

log = logging.getLogger(__name__)

_NOW = func.transaction_timestamp()
_COLUMNS = (
    *(column.label(f"job_{column.name}") for column in jobs.c),
    *outbox.c,
)


class PostgresJobs:
    """The jobs as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, job: Job) -> bool:
        row = {
            "id": job.id,
            "event_id": job.envelope.id,
            "reaction": job.reaction,
            "status": job.status,
            "due_at": job.due_at,
            "attempts": job.attempts,
            "token": job.token,
            "leased_until": job.leased_until,
            "error": job.error,
        }
        statement = insert(jobs).values(row).on_conflict_do_nothing(index_elements=["event_id", "reaction"])
        with translated():
            return (await self._connection.execute(statement)).rowcount == 1

    async def get(self, job_id: JobId) -> Job:
        with translated():
            row = (await self._connection.execute(_joined().where(jobs.c.id == job_id))).mappings().one_or_none()
        if row is None:
            raise NotFound
        return _read(row)

    async def offer(self, limit: int, *, again_after: timedelta) -> Sequence[JobId]:
        free = (
            select(jobs.c.id)
            .where(_is_free(), or_(jobs.c.offered_at.is_(None), jobs.c.offered_at <= _NOW - again_after))
            .order_by(jobs.c.due_at, jobs.c.position)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with translated():
            ids = (await self._connection.execute(free)).scalars().all()
            await self._connection.execute(update(jobs).where(jobs.c.id.in_(ids)).values(offered_at=_NOW))
        return [JobId(job_id) for job_id in ids]

    async def lease(self, job_id: JobId, lasting: timedelta) -> Job | None:
        statement = (
            update(jobs)
            .where(jobs.c.id == job_id, jobs.c.event_id == outbox.c.id, _is_free())
            .values(
                status=JobStatus.LEASED,
                token=jobs.c.token + 1,
                attempts=jobs.c.attempts + 1,
                leased_until=_NOW + lasting,
            )
            .returning(*_COLUMNS)
        )
        with translated():
            row = (await self._connection.execute(statement)).mappings().one_or_none()
        if row is None:
            return None
        try:
            return _read(row)
        except UNREADABLE as error:  # trying again would not mend it
            log.exception("job %s is set aside, its event %s cannot be read", job_id, row["id"])
            await self._set_aside(job_id, f"its event cannot be read: {type(error).__name__}")
            return None

    async def extend(self, job: Job, lasting: timedelta) -> None:
        await self._change(job, leased_until=_NOW + lasting)

    async def finish(self, job: Job) -> None:
        await self._change(job, status=JobStatus.DONE, leased_until=None, error="")

    async def put_back(self, job: Job, *, due_in: timedelta, error: str) -> None:
        await self._change(
            job, status=JobStatus.WAITING, leased_until=None, due_at=_NOW + due_in, offered_at=None, error=error
        )

    async def park(self, job: Job, error: str) -> None:
        await self._change(job, status=JobStatus.PARKED, leased_until=None, error=error)

    async def parked(self, limit: int) -> Sequence[Job]:
        query = _joined().where(jobs.c.status == JobStatus.PARKED).order_by(jobs.c.position).limit(limit)
        with translated():
            rows = (await self._connection.execute(query)).mappings().all()
        return [job for job in map(_readable, rows) if job is not None]

    async def requeue(self, job_id: JobId) -> None:
        statement = (
            update(jobs)
            .where(jobs.c.id == job_id, jobs.c.status == JobStatus.PARKED)
            .values(status=JobStatus.WAITING, due_at=_NOW, offered_at=None, attempts=0)
        )
        with translated():
            if (await self._connection.execute(statement)).rowcount != 1:
                raise NotFound

    async def _set_aside(self, job_id: JobId, error: str) -> None:
        parked = {"status": JobStatus.PARKED, "leased_until": None, "error": error}
        with translated():
            await self._connection.execute(update(jobs).where(jobs.c.id == job_id).values(parked))

    async def _change(self, job: Job, **values: Any) -> None:
        statement = (
            update(jobs)
            .where(jobs.c.id == job.id, jobs.c.token == job.token, jobs.c.status == JobStatus.LEASED)
            .values(values)
        )
        with translated():
            if (await self._connection.execute(statement)).rowcount != 1:
                raise LeaseLost


def _is_free() -> ColumnElement[bool]:
    """Waiting and due, or with a lease that ran out."""
    return or_(
        and_(jobs.c.status == JobStatus.WAITING, jobs.c.due_at <= _NOW),
        and_(jobs.c.status == JobStatus.LEASED, jobs.c.leased_until <= _NOW),
    )


def _joined() -> Any:
    return select(*_COLUMNS).join_from(jobs, outbox, jobs.c.event_id == outbox.c.id)


def _readable(row: RowMapping) -> Job | None:
    """Return the job, None where its event cannot be read: no list may end at such a one."""
    try:
        return _read(row)
    except UNREADABLE as error:
        log.warning("parked job %s is left out, its event cannot be read: %s", row["job_id"], type(error).__name__)
        return None


def _read(row: RowMapping) -> Job:
    return Job(
        id=JobId(row["job_id"]),
        reaction=row["job_reaction"],
        envelope=read_envelope(row),
        due_at=row["job_due_at"],
        status=JobStatus(row["job_status"]),
        attempts=row["job_attempts"],
        token=row["job_token"],
        leased_until=row["job_leased_until"],
        error=row["job_error"],
    )
