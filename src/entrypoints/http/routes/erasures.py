"""Being erased: asked for, cancelled, ordered by an administrator, and held up by a duty of the law."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.params import FromPath, JSONBody

from ....domain.rights.erasure import Erasure, Hold
from ....domain.rights.use_cases.retaining import ERASE_ANEW
from ....domain.shared.errors import Invalid, Reason
from ....domain.shared.ids import HoldId
from ..given import V1, StudentPath, Use, Who, refusals, student_in
from ..wire import NOT_BLANK, Given, Id, Moment

Why = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=1000,
        extra_json_schema=NOT_BLANK,
        description="A reason without names: the audit trail keeps it.",
        examples=["Order of the supervisory authority, file 12/27."],
    ),
]


class ErasureGiven(Given):
    """A fresh proof that it is you."""

    password: Annotated[str, msgspec.Meta(max_length=1024, examples=["seven quiet rivers at dawn"])]


class ErasureOrdered(Given):
    """Why somebody is erased at once."""

    reason: Why


class HoldGiven(Given):
    """Why a record has to be kept, and until when."""

    reason: Why
    until: Moment


class ErasureBody(msgspec.Struct, frozen=True):
    """Whether a record is to be erased, when, and whether a legal hold is in force."""

    id: Id
    state: Literal["waiting", "cancelled", "erasing", "erased"]
    because: Literal["asked", "duty", "dormant", "restored"]
    asked_at: datetime
    due_at: Annotated[datetime, msgspec.Meta(description="Until then it can be cancelled.")]
    ended_at: datetime | None
    held_until: Annotated[
        datetime | None,
        msgspec.Meta(description="A duty of the law keeps the record until then; it is erased after it."),
    ] = None


class HoldBody(msgspec.Struct, frozen=True):
    """A legal hold on a record."""

    id: Id
    reason: str
    placed_by: Id
    placed_at: datetime
    until: datetime
    lifted_by: Id | None
    lifted_at: datetime | None


class HoldList(msgspec.Struct, frozen=True):
    """All holds, the newest first; there is never a next page."""

    items: list[HoldBody]
    next: None = None


class JobBegun(msgspec.Struct, frozen=True):
    """Work that was begun in the background: `GET /v1/jobs/{id}` says how far it is."""

    job_id: Id


@post(
    "/students/{student_id:str}/erasure",
    status_code=202,
    operation_id="ask_for_erasure",
    summary="Have everything about you erased",
    description="It is done after the days of ERASURE_WAIT_DAYS, in which it can be cancelled; a mail tells of it. A "
    "legal hold lets it wait until its end. Asking again changes nothing.",
    responses=refusals(401, 404, 409, 413, 415, 422),
)
async def ask_for_erasure(
    student_id: StudentPath, data: JSONBody[ErasureGiven], who: Who, use: Use
) -> Response[ErasureBody]:
    """Ask to be erased, with the password of the account."""
    student = student_in(student_id, who)
    await use.ask_for_erasure()(who, student, data.password)
    return Response(_body(*await use.get_erasure()(who, student)), status_code=202)


@get(
    "/students/{student_id:str}/erasure",
    operation_id="get_erasure",
    summary="Is it to be erased?",
    responses=refusals(401, 404, 422),
)
async def get_erasure(student_id: StudentPath, who: Who, use: Use) -> ErasureBody:
    """Show the last erasure that was asked for, and how far it is."""
    return _body(*await use.get_erasure()(who, student_in(student_id, who)))


@delete(
    "/students/{student_id:str}/erasure",
    status_code=200,
    operation_id="cancel_erasure",
    summary="Cancel the erasure",
    responses=refusals(401, 404, 409, 422),
)
async def cancel_erasure(student_id: StudentPath, who: Who, use: Use) -> ErasureBody:
    """Take the wish back while it waits."""
    return _body(await use.cancel_erasure()(who, student_in(student_id, who)))


@post(
    "/students/{student_id:str}/erasure/order",
    status_code=202,
    operation_id="erase_at_once",
    summary="Erase a student at once",
    description="For administrators whom the law obliges, with a reason that is kept in the audit trail; refused while "
    "a legal hold is in force.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def erase_at_once(
    student_id: StudentPath, data: JSONBody[ErasureOrdered], who: Who, use: Use
) -> Response[ErasureBody]:
    """Erase without the days of waiting."""
    found = await use.erase_at_once()(who, student_in(student_id, who), data.reason)
    return Response(_body(found), status_code=202)


@post(
    "/students/{student_id:str}/holds",
    status_code=201,
    operation_id="place_hold",
    summary="Hold a record",
    description="For administrators: while a hold is in force nothing of the record is erased.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def place_hold(student_id: StudentPath, data: JSONBody[HoldGiven], who: Who, use: Use) -> HoldBody:
    """Keep a record until a moment, as a duty of the law."""
    return _hold(await use.place_hold()(who, student_in(student_id, who), data.reason, _moment(data.until)))


@get(
    "/students/{student_id:str}/holds",
    operation_id="list_holds",
    summary="List holds",
    responses=refusals(401, 403, 404, 422),
)
async def list_holds(student_id: StudentPath, who: Who, use: Use) -> HoldList:
    """Show the holds on a record, to administrators."""
    return HoldList([_hold(one) for one in await use.list_holds()(who, student_in(student_id, who))])


@delete(
    "/students/{student_id:str}/holds/{hold_id:str}",
    status_code=200,
    operation_id="lift_hold",
    summary="Lift a hold",
    responses=refusals(401, 403, 404, 409, 422),
)
async def lift_hold(student_id: StudentPath, hold_id: FromPath[UUID], who: Who, use: Use) -> HoldBody:
    """End a hold before its time."""
    return _hold(await use.lift_hold()(who, student_in(student_id, who), HoldId(hold_id)))


@post(
    "/erasures/repetition",
    status_code=202,
    operation_id="erase_anew",
    summary="Erase again what a backup brought back",
    description="For administrators. A server does it by itself when it starts, and every night.",
    responses=refusals(401, 403, 409),
)
async def erase_anew(who: Who, use: Use) -> JobBegun:
    """Have those erased again who were erased and are there."""
    return JobBegun(str(await use.run_by_hand()(who, ERASE_ANEW)))


def _moment(given: datetime) -> datetime:
    if given.tzinfo is None:
        raise Invalid(Reason("data.moment_without_zone", {}, "until"))
    return given


def _body(one: Erasure, held: datetime | None = None) -> ErasureBody:
    return ErasureBody(str(one.id), one.state.value, one.because.value, one.asked_at, one.due_at, one.ended_at, held)


def _hold(one: Hold) -> HoldBody:
    lifted_by = None if one.lifted_by is None else str(one.lifted_by)
    return HoldBody(str(one.id), one.reason, str(one.placed_by), one.placed_at, one.until, lifted_by, one.lifted_at)


router: Any = Router(
    V1,
    route_handlers=[
        ask_for_erasure,
        get_erasure,
        cancel_erasure,
        erase_at_once,
        place_hold,
        list_holds,
        lift_hold,
        erase_anew,
    ],
    tags=["Rights"],
)
