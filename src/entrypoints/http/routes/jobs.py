"""How far jobs are; and for administrators, jobs that were set aside."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.params import FromPath, QueryParameter

from ....domain.shared.ids import JobId
from ....ports.jobs import Job
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..given import V1, Cursor, PageSize, Use, Who, refusals
from ..wire import Id


class ProgressBody(msgspec.Struct, frozen=True):
    """How much of a job the present attempt, or the last one, has done; ``of`` is null while that is unknown."""

    done: int
    of: int | None
    since: datetime | None


class JobBody(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of work in the background."""

    id: Id
    name: Annotated[str, msgspec.Meta(examples=["mail_receipt"])]
    status: Literal["waiting", "leased", "done", "parked"]
    priority: Literal["high", "normal", "low"]
    progress: ProgressBody
    attempts: int
    due_at: datetime
    ended_at: datetime | None
    request_id: Annotated[str, msgspec.Meta(description="The request that caused it.")]


class ParkedJobBody(JobBody, frozen=True, kw_only=True):
    """A job that was set aside, with what its last attempt said."""

    error: str
    event_id: Id | None
    event: Annotated[str | None, msgspec.Meta(description="The tag of the event that it follows from.")]
    arguments: dict[str, str | int]


class ParkedPage(msgspec.Struct, frozen=True):
    """Some jobs; hand ``next`` back as ``cursor`` for more."""

    items: list[ParkedJobBody]
    next: str | None


@get(
    "/jobs/{job_id:str}",
    operation_id="get_job",
    summary="Show how far a job is",
    description="For whoever caused it, and for administrators.",
    responses=refusals(401, 404, 422),
)
async def get_job(job_id: FromPath[UUID], who: Who, use: Use) -> JobBody:
    """Return where the job stands."""
    return JobBody(**_fields(await use.get_job()(who, JobId(job_id))))


@get(
    "/jobs",
    operation_id="list_parked_jobs",
    summary="List jobs that were set aside",
    description="Jobs that failed so often that they are not tried again until an administrator says so.",
    responses=refusals(401, 403, 422),
)
async def list_parked_jobs(
    who: Who,
    use: Use,
    status: Annotated[Literal["parked"], QueryParameter(name="status", required=False)] = "parked",
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> ParkedPage:
    """Return a page of them, in the order of their ids."""
    after = position(cursor, UUID)
    found = await use.list_parked_jobs()(who, limit + 1, None if after is None else JobId(after))
    more = len(found) > limit
    return ParkedPage([_parked(job) for job in found[:limit]], cursor_of(found[limit - 1].id) if more else None)


@post(
    "/jobs/{job_id:str}/requeue",
    status_code=200,
    operation_id="requeue_job",
    summary="Try a job again that was set aside",
    responses=refusals(401, 403, 404, 409, 422),
)
async def requeue_job(job_id: FromPath[UUID], who: Who, use: Use) -> ParkedJobBody:
    """Let it be due now, with its attempts forgotten."""
    return _parked(await use.requeue_job()(who, JobId(job_id)))


def _parked(job: Job) -> ParkedJobBody:
    envelope = job.envelope
    return ParkedJobBody(
        **_fields(job),
        error=job.error,
        event_id=None if envelope is None else str(envelope.id),
        event=None if envelope is None else envelope.event.tag,
        arguments=dict(job.arguments),
    )


def _fields(job: Job) -> dict[str, Any]:
    return {
        "id": str(job.id),
        "name": job.name,
        "status": job.status.value,
        "priority": job.priority.name.lower(),
        "progress": ProgressBody(job.done, job.of, job.since),
        "attempts": job.attempts,
        "due_at": job.due_at,
        "ended_at": job.ended_at,
        "request_id": job.origin.request_id,
    }


router: Any = Router(V1, route_handlers=[list_parked_jobs, get_job, requeue_job], tags=["Jobs"])
