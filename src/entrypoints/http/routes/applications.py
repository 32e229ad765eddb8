"""Applications: started, completed, submitted, and followed to their end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody

from ....domain.applications.application import MOVES, Action, Application, Condition, Offer, Receipt, State
from ....domain.shared.errors import Invalid, Reason
from ....domain.shared.ids import ApplicationId, ProgrammeId
from ....domain.shared.states import actions_from
from ....ports.answers import StoredAnswer
from ....ports.reading import ApplicationRow
from ....ports.transactions import Transactions
from ..arrival import arrival_of
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..etags import etag, wanted_version
from ..given import (
    ETAG,
    V1,
    AnyRequest,
    Cursor,
    IfMatch,
    PageSize,
    StudentPath,
    Use,
    Who,
    day_given,
    refusals,
    student_in,
)
from ..once import IdempotencyKey, answer, created, once
from ..wire import NOT_BLANK, Given, Id, ReasonBody, encoded, reason_body

Note = Annotated[str, msgspec.Meta(max_length=2000)]
_POSSIBLE: dict[str, list[str]] = {state: [action.value for action in actions_from(MOVES, state)] for state in State}


class NewApplication(Given):
    """For which intake of which programme."""

    programme_id: UUID
    term: Annotated[str, msgspec.Meta(min_length=1, max_length=40, examples=["winter"])]
    starts_on: Annotated[date, msgspec.Meta(examples=["2027-10-01"])]


class ConditionGiven(Given):
    """What must still be met."""

    what: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, extra_json_schema=NOT_BLANK)]
    by: date | None = None


class OutcomeGiven(Given):
    """What came back, or what was done about it."""

    action: Action
    note: Note = ""
    conditions: Annotated[list[ConditionGiven], msgspec.Meta(max_length=50)] = msgspec.field(default_factory=list)
    answer_by: date | None = None


class WithdrawalGiven(Given):
    """Why, in a few words; it may be left out."""

    note: Note = ""


class HistoryBody(msgspec.Struct, frozen=True):
    """One thing that was done."""

    action: str
    before: str
    after: str
    side: str
    at: datetime
    note: str


class ConditionBody(msgspec.Struct, frozen=True):
    """What must still be met, and by which day where one was named."""

    what: str
    by: date | None


class OfferBody(msgspec.Struct, frozen=True):
    """What came back; without conditions it is unconditional."""

    conditions: list[ConditionBody]
    answer_by: date | None


class ReceiptBody(msgspec.Struct, frozen=True, kw_only=True):
    """Proof of a submission: when it was received, and the hash of exactly what was sent."""

    number: Annotated[str, msgspec.Meta(examples=["HS-20270104-TZTP-T6VF7-SKPMC"])]
    application_id: Id
    submitted_at: datetime
    snapshot_sha256: str
    deadline: datetime | None
    deadline_zone: str
    spare_seconds: int | None


class ApplicationBody(msgspec.Struct, frozen=True, kw_only=True):
    """An application with its whole history, and what can be done now."""

    id: Id
    student_id: Id
    programme_id: Id
    term: str
    starts_on: date
    started_at: datetime
    version: int
    state: str
    possible: list[str]
    history: list[HistoryBody]
    receipt: ReceiptBody | None
    offer: OfferBody | None


class ApplicationPage(msgspec.Struct, frozen=True):
    """Some applications; hand ``next`` back as ``cursor`` for more."""

    items: list[ApplicationBody]
    next: str | None


class MissingBody(msgspec.Struct, frozen=True):
    """Everything that stands against submitting now; ``can_submit`` when nothing does."""

    can_submit: bool
    items: list[ReasonBody]


@post(
    "/students/{student_id:str}/applications",
    operation_id="start_application",
    summary="Start an application",
    response_headers=ETAG,
    responses=refusals(401, 404, 409, 413, 415, 422),
)
async def start_application(
    request: AnyRequest,
    student_id: StudentPath,
    data: JSONBody[NewApplication],
    who: Who,
    use: Use,
    idempotency_key: IdempotencyKey = None,
) -> Response[ApplicationBody]:
    """Begin a draft for an intake that the programme has."""
    student = student_in(student_id, who)
    day_given(data.starts_on, "starts_on")

    async def effect(transactions: Transactions) -> StoredAnswer:
        case = use.start_application(transactions=transactions)
        application = await case(who, student, ProgrammeId(data.programme_id), data.term, data.starts_on)
        return created(_body(application), f"/v1/applications/{application.id}", etag=etag(application.version))

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get(
    "/students/{student_id:str}/applications",
    operation_id="list_applications",
    summary="List applications",
    responses=refusals(401, 404, 422),
)
async def list_applications(
    student_id: StudentPath, who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 20
) -> Response[ApplicationPage]:
    """Return the student's applications, oldest first."""
    after = position(cursor, UUID)
    page = await use.list_applications()(
        who, student_in(student_id, who), ApplicationId(after) if after else None, limit
    )
    return encoded(ApplicationPage([_row_body(one) for one in page.items], cursor_of(page.next) if page.next else None))


@get(
    "/applications/{application_id:str}",
    operation_id="get_application",
    summary="Show an application",
    response_headers=ETAG,
    responses=refusals(401, 404, 422),
)
async def get_application(application_id: FromPath[UUID], who: Who, use: Use) -> Response[ApplicationBody]:
    """Show one application with its history."""
    return _answer(await use.get_application()(who, ApplicationId(application_id)))


@get(
    "/applications/{application_id:str}/missing",
    operation_id="what_is_missing",
    summary="What is missing?",
    responses=refusals(401, 404, 422),
)
async def what_is_missing(application_id: FromPath[UUID], who: Who, use: Use) -> MissingBody:
    """Return every reason against submitting now, all at once."""
    reasons = await use.what_is_missing()(who, ApplicationId(application_id))
    return MissingBody(not reasons, [reason_body(reason) for reason in reasons])


@post(
    "/applications/{application_id:str}/submission",
    operation_id="submit_application",
    summary="Submit",
    responses=refusals(401, 404, 409, 412, 422),
)
async def submit_application(
    request: AnyRequest,
    application_id: FromPath[UUID],
    who: Who,
    use: Use,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[ReceiptBody]:
    """Send the application as it is. The deadline is judged at the moment at which this request arrived."""
    if request.scope["state"]["json"] is not None:  # a body that trickles in would stretch the deadline
        raise Invalid(Reason("request.no_body_expected"))
    received_at = arrival_of(request.scope).at  # type: ignore[arg-type]
    expected = None if if_match is None else wanted_version(if_match)

    keys = await use.submit_application().prepare(who, ApplicationId(application_id))

    async def effect(transactions: Transactions) -> StoredAnswer:
        case = use.submit_application(transactions=transactions)
        receipt = await case(who, ApplicationId(application_id), received_at, expected, keys)
        return created(_receipt(receipt), f"/v1/applications/{application_id}/receipt")

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get(
    "/applications/{application_id:str}/receipt",
    operation_id="get_receipt",
    summary="Show the receipt",
    responses=refusals(401, 404, 422),
)
async def get_receipt(application_id: FromPath[UUID], who: Who, use: Use) -> ReceiptBody:
    """Show the receipt of the submission."""
    return _receipt(await use.get_receipt()(who, ApplicationId(application_id)))


@get(
    "/applications/{application_id:str}/snapshot",
    operation_id="get_snapshot",
    summary="Show exactly what was sent",
    media_type="application/json",
    responses=refusals(401, 404, 422),
)
async def get_snapshot(application_id: FromPath[UUID], who: Who, use: Use) -> Response[bytes]:
    """Return the bytes whose SHA-256 the receipt carries."""
    return Response(await use.get_snapshot()(who, ApplicationId(application_id)), media_type="application/json")


@post(
    "/applications/{application_id:str}/outcomes",
    operation_id="record_outcome",
    summary="Record what came back",
    response_headers=ETAG,
    responses=refusals(401, 403, 404, 409, 412, 413, 415, 422, 428),
)
async def record_outcome(
    request: AnyRequest,
    application_id: FromPath[UUID],
    data: JSONBody[OutcomeGiven],
    who: Who,
    use: Use,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[ApplicationBody]:
    """Record what the institution did, or what the student did about it."""
    expected = wanted_version(if_match)
    conditions = tuple(
        Condition(one.what, day_given(one.by, f"conditions[{at}].by")) for at, one in enumerate(data.conditions)
    )
    answer_by = day_given(data.answer_by, "answer_by")

    async def effect(transactions: Transactions) -> StoredAnswer:
        case = use.record_outcome(transactions=transactions)
        application = await case(
            who, ApplicationId(application_id), data.action, data.note, conditions, answer_by, expected
        )
        return answer(201, _body(application), etag=etag(application.version))

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@post(
    "/applications/{application_id:str}/withdrawal",
    operation_id="withdraw",
    summary="Withdraw",
    response_headers=ETAG,
    responses=refusals(401, 404, 409, 412, 413, 415, 422, 428),
)
async def withdraw(
    request: AnyRequest,
    application_id: FromPath[UUID],
    data: JSONBody[WithdrawalGiven],
    who: Who,
    use: Use,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[ApplicationBody]:
    """Take the application back; what was sent stays on record."""
    expected = wanted_version(if_match)

    async def effect(transactions: Transactions) -> StoredAnswer:
        case = use.withdraw(transactions=transactions)
        application = await case(who, ApplicationId(application_id), data.note, expected)
        return answer(201, _body(application), etag=etag(application.version))

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


def _answer(application: Application) -> Response[ApplicationBody]:
    return Response(_body(application), headers={"ETag": etag(application.version)})


def _body(application: Application) -> ApplicationBody:
    return ApplicationBody(
        id=str(application.id),
        student_id=str(application.student_id),
        programme_id=str(application.programme_id),
        term=application.term,
        starts_on=application.starts_on,
        started_at=application.started_at,
        version=application.version,
        state=application.state.value,
        possible=_POSSIBLE[application.state],
        history=[
            HistoryBody(one.action.value, one.before.value, one.after.value, one.side.value, one.at, one.note)
            for one in application.history
        ],
        receipt=_receipt(application.receipt) if application.receipt else None,
        offer=_offer(application.offer) if application.offer else None,
    )


def _row_body(row: ApplicationRow) -> ApplicationBody:
    return ApplicationBody(
        id=str(row.id),
        student_id=str(row.student_id),
        programme_id=str(row.programme_id),
        term=row.term,
        starts_on=row.starts_on,
        started_at=row.started_at,
        version=row.version,
        state=row.state,
        possible=_POSSIBLE[row.state],
        history=[HistoryBody(*one) for one in row.history],
        receipt=_receipt(row.receipt) if row.receipt else None,
        offer=_offer(row.offer) if row.offer else None,
    )


def _offer(offer: Offer) -> OfferBody:
    return OfferBody([ConditionBody(one.what, one.by) for one in offer.conditions], offer.answer_by)


def _receipt(receipt: Receipt) -> ReceiptBody:
    return ReceiptBody(
        number=receipt.number,
        application_id=str(receipt.application_id),
        submitted_at=receipt.submitted_at,
        snapshot_sha256=receipt.snapshot_sha256,
        deadline=receipt.deadline,
        deadline_zone=receipt.deadline_zone,
        spare_seconds=receipt.spare_seconds,
    )


router: Any = Router(
    V1,
    route_handlers=[
        start_application,
        list_applications,
        get_application,
        what_is_missing,
        submit_application,
        get_receipt,
        get_snapshot,
        record_outcome,
        withdraw,
    ],
    tags=["Applications"],
)
