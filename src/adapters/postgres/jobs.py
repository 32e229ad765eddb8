"""Where jobs are kept, in PostgreSQL; all times are the transaction's own."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Interval,
    RowMapping,
    SmallInteger,
    Text,
    Uuid,
    all_,
    any_,
    bindparam,
    case,
    column,
    delete,
    false,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.shared.errors import Conflict, NotFound, Reason
from ...domain.shared.events import Origin
from ...domain.shared.ids import AccountId, JobId
from ...ports.jobs import Job, JobStatus, LeaseLost, Offer, Priority
from .engine import translated
from .events import read_envelope
from .outbox import UNREADABLE
from .tables import jobs, outbox

log = logging.getLogger(__name__)

_NOW = func.transaction_timestamp()
_COLUMNS = (
    *(column.label(f"job_{column.key}") for column in jobs.c),
    *outbox.c,
)

_OPEN = text("status IN ('waiting', 'leased')")

_ADD = insert(jobs).on_conflict_do_nothing().returning(jobs.c.id)

# Each priority has its own room, and its own walk along the index, so that a flood of one hides no other.
_OFFER = text("""
    WITH free AS (
        SELECT job.id FROM unnest(:priorities, :rooms) AS room (priority, places)
        CROSS JOIN LATERAL (
            SELECT id FROM jobs
            WHERE priority = room.priority AND status IN ('waiting', 'leased')
              AND due_at <= transaction_timestamp()
              AND (status = 'waiting' OR leased_until <= transaction_timestamp())
              AND (offered_at IS NULL OR offered_at <= transaction_timestamp() - :again_after)
              AND (:named IS NULL OR reaction = ANY(:named)) AND reaction <> ALL(:but)
            ORDER BY due_at, position LIMIT room.places FOR UPDATE SKIP LOCKED
        ) AS job
    )
    UPDATE jobs SET offered_at = transaction_timestamp() FROM free WHERE jobs.id = free.id
    RETURNING jobs.id, jobs.priority, jobs.due_at, jobs.position
""").bindparams(
    bindparam("priorities", type_=ARRAY(SmallInteger)),
    bindparam("rooms", type_=ARRAY(Integer)),
    bindparam("again_after", type_=Interval),
    bindparam("named", type_=ARRAY(Text)),
    bindparam("but", type_=ARRAY(Text)),
)


class PostgresJobs:
    """The jobs as one transaction sees them."""

    def __init__(self, connection: AsyncConnection, ring: Callable[[], None]) -> None:
        """``ring`` is told when there will be something to hand out."""
        self._connection = connection
        self._ring = ring

    async def add(self, job: Job) -> bool:
        kept = await self.add_many([job]) == 1
        if kept:
            self._ring()
        return kept

    async def add_many(self, new: Sequence[Job]) -> int:
        if not new:
            return 0
        rows = [_row(job) for job in new]
        with translated():
            kept = await self._connection.execute(_ADD, rows if len(rows) > 1 else rows[0])
        return len(kept.all())

    async def get(self, job_id: JobId) -> Job:
        with translated():
            row = (await self._connection.execute(_joined().where(jobs.c.id == job_id))).mappings().one_or_none()
        if row is None:
            raise NotFound
        return _read(row)

    async def offer(
        self,
        rooms: Mapping[Priority, int],
        *,
        again_after: timedelta,
        named: Collection[str] | None = None,
        but: Collection[str] = (),
    ) -> Sequence[Offer]:
        given = {"priorities": list(rooms), "rooms": list(rooms.values()), "again_after": again_after}
        given |= {"named": None if named is None else list(named), "but": list(but)}
        with translated():
            rows = (await self._connection.execute(_OFFER, given)).all()
        rows = sorted(rows, key=lambda row: (row.priority, row.due_at, row.position))
        return [Offer(JobId(row.id), Priority(row.priority)) for row in rows]

    async def lease_many(
        self, ids: Collection[JobId], lasting: timedelta, *, but: Collection[str] = ()
    ) -> Sequence[Job]:
        free = select(jobs.c.id, jobs.c.event_id).where(jobs.c.id == any_(literal(list(ids), ARRAY(Uuid))), _is_free())
        if but:
            free = free.where(jobs.c.name != all_(literal(list(but), ARRAY(Text))))
        rows = await self._lease(free.with_for_update(skip_locked=True).cte("free"), lasting)
        return [job for job in [await self._read_or_park(row) for row in rows] if job is not None]

    async def lease_next(self, named: Collection[str], lasting: timedelta) -> Job | None:
        # Said as the index of open jobs says it: they are walked along in their order, up to the first.
        free = (
            select(jobs.c.id, jobs.c.event_id)
            .where(_OPEN, _is_free())
            .where(jobs.c.name == any_(literal(list(named), ARRAY(Text))))
            .order_by(jobs.c.priority, jobs.c.due_at, jobs.c.position)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("free")
        )
        while rows := await self._lease(free, lasting):
            job = await self._read_or_park(rows[0])
            if job is not None:
                return job
        return None

    async def _lease(self, free: CTE, lasting: timedelta) -> Sequence[RowMapping]:
        wanted = select(free.c.id.label("wanted"), *outbox.c).outerjoin_from(
            free, outbox, outbox.c.id == free.c.event_id
        )
        found = wanted.subquery("found")
        statement = (
            update(jobs)
            .where(jobs.c.id == found.c.wanted)
            .values(
                status=JobStatus.LEASED,
                token=jobs.c.token + 1,
                attempts=jobs.c.attempts + 1,
                leased_until=_NOW + lasting,
                done=0,
                of=None,
                since=_NOW,
            )
            .returning(*_COLUMNS[: len(jobs.c)], *(found.c[column.name] for column in outbox.c))
        )
        with translated():
            return (await self._connection.execute(statement)).mappings().all()

    async def extend_many(self, held: Collection[Job], lasting: timedelta) -> Collection[JobId]:
        return await self._change_many(held, leased_until=_NOW + lasting)

    async def finish_many(self, held: Collection[Job]) -> Collection[JobId]:
        return await self._change_many(held, status=JobStatus.DONE, leased_until=None, error="", ended_at=_NOW)

    async def report(self, job: Job, done: int, of: int | None) -> None:
        await self._change(job, done=done, of=of)

    async def put_back(self, job: Job, *, due_in: timedelta, error: str) -> None:
        waiting = {"status": JobStatus.WAITING, "leased_until": None, "offered_at": None}
        await self._change(job, **waiting, due_at=_NOW + due_in, error=error)

    async def hand_back(self, job: Job) -> None:
        waiting = {"status": JobStatus.WAITING, "leased_until": None, "offered_at": None}
        await self._change(job, **waiting, attempts=jobs.c.attempts - 1)

    async def park(self, job: Job, error: str) -> None:
        await self._change(job, **_parked(error))

    async def parked(self, limit: int, after: JobId | None = None) -> Sequence[Job]:
        query = _joined().where(jobs.c.status == JobStatus.PARKED).order_by(jobs.c.id).limit(limit)
        if after is not None:
            query = query.where(jobs.c.id > after)
        with translated():
            rows = (await self._connection.execute(query)).mappings().all()
        return [job for job in map(_readable, rows) if job is not None]

    async def requeue(self, job_id: JobId) -> None:
        statement = (
            update(jobs)
            .where(jobs.c.id == job_id, jobs.c.status == JobStatus.PARKED)
            .values(status=JobStatus.WAITING, due_at=_NOW, offered_at=None, attempts=0, ended_at=None)
        )
        try:
            with translated():
                if (await self._connection.execute(statement)).rowcount != 1:
                    raise NotFound
        except Conflict as error:
            raise Conflict(Reason("job.another_is_open")) from error

    async def remove_done(self, before: datetime, limit: int) -> int:
        old = select(jobs.c.id).where(jobs.c.status == JobStatus.DONE, jobs.c.ended_at < before).limit(limit)
        with translated():
            return (await self._connection.execute(delete(jobs).where(jobs.c.id.in_(old)))).rowcount

    async def _read_or_park(self, row: RowMapping) -> Job | None:
        """Return the leased job; set it aside where its event cannot be read, which trying again would not mend."""
        try:
            return _read(row)
        except UNREADABLE as error:
            log.exception("job %s is set aside, its event %s cannot be read", row["job_id"], row["id"])
            aside = _parked(f"its event cannot be read: {type(error).__name__}")
            with translated():
                await self._connection.execute(update(jobs).where(jobs.c.id == row["job_id"]).values(aside))
            return None

    async def _change(self, job: Job, **values: Any) -> None:
        if await self._change_many([job], **values):
            raise LeaseLost

    async def _change_many(self, held: Collection[Job], **values: Any) -> Collection[JobId]:
        """Change those that are ours, and return the ids of the others."""
        ids, tokens = [job.id for job in held], [job.token for job in held]
        ours = (
            func.unnest(literal(ids, ARRAY(Uuid)), literal(tokens, ARRAY(BigInteger)))
            .table_valued(column("id", Uuid), column("token", BigInteger), name="ours")
            .render_derived()
        )
        statement = (
            update(jobs)
            .where(jobs.c.id == ours.c.id, jobs.c.token == ours.c.token, jobs.c.leased_until.is_not(None))
            .values(values)
            .returning(jobs.c.id)
        )
        with translated():
            changed = (await self._connection.execute(statement)).scalars().all()
        return set(ids).difference(changed)


def _is_free() -> ColumnElement[bool]:
    """Waiting and due, or with a lease that ran out.

    Said as a case, from which no index of open jobs follows: these jobs are found by their ids, and the planner, which
    always takes the open ones for few, would rather walk along all of them.
    """
    waits = (JobStatus.WAITING.value, jobs.c.due_at <= _NOW)
    ran_out = (JobStatus.LEASED.value, jobs.c.leased_until <= _NOW)
    return case(dict([waits, ran_out]), value=jobs.c.status, else_=false())


def _parked(error: str) -> dict[str, Any]:
    return {"status": JobStatus.PARKED, "leased_until": None, "error": error, "ended_at": _NOW}


def _joined() -> Any:
    return select(*_COLUMNS).outerjoin_from(jobs, outbox, jobs.c.event_id == outbox.c.id)


def _readable(row: RowMapping) -> Job | None:
    """Return the job, None where its event cannot be read: no list may end at such a one."""
    try:
        return _read(row)
    except UNREADABLE as error:
        log.warning("parked job %s is left out, its event cannot be read: %s", row["job_id"], type(error).__name__)
        return None


def _row(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "event_id": job.envelope.id if job.envelope else None,
        "name": job.name,
        "arguments": dict(job.arguments),
        "key": job.key,
        "alone": job.alone,
        "priority": job.priority,
        "actor": job.origin.actor,
        "on_behalf_of": job.origin.on_behalf_of,
        "request_id": job.origin.request_id,
        "trace": job.origin.trace,
        "status": job.status,
        "due_at": job.due_at,
        "attempts": job.attempts,
        "token": job.token,
        "leased_until": job.leased_until,
        "error": job.error,
        "done": job.done,
        "of": job.of,
        "since": job.since,
        "ended_at": job.ended_at,
    }


def _read(row: RowMapping) -> Job:
    envelope = read_envelope(row) if row["job_event_id"] is not None else None
    origin = Origin(
        _account(row["job_actor"]), _account(row["job_on_behalf_of"]), row["job_request_id"], row["job_trace"]
    )
    if envelope is not None and origin == Origin():  # kept by older code, which left it with the event
        origin = envelope.origin
    return Job(
        id=JobId(row["job_id"]),
        name=row["job_name"],
        due_at=row["job_due_at"],
        envelope=envelope,
        arguments=row["job_arguments"],
        key=row["job_key"],
        alone=row["job_alone"],
        priority=Priority(row["job_priority"]),
        origin=origin,
        status=JobStatus(row["job_status"]),
        attempts=row["job_attempts"],
        token=row["job_token"],
        leased_until=row["job_leased_until"],
        error=row["job_error"],
        done=row["job_done"],
        of=row["job_of"],
        since=row["job_since"],
        ended_at=row["job_ended_at"],
    )


def _account(value: Any) -> AccountId | None:
    return None if value is None else AccountId(value)
