"""Uploads: announced, handed straight to the store, reported as complete, looked up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from ....domain.documents.document import Stated
from ....domain.documents.policies import ACCEPTED_TYPES
from ....domain.documents.upload import Announced, Upload
from ....domain.documents.use_cases.uploads import LONGEST_GIVEN_NAME
from ....domain.shared.ids import DocumentId, UploadId
from ....ports.answers import StoredAnswer
from ....ports.incoming import Ticket
from ....ports.transactions import Transactions
from ..given import V1, AnyRequest, Use, Who, day_given, refusals
from ..once import IdempotencyKey, created, once
from ..wire import Given, Id, ReasonBody, reason_body


class NewUpload(Given):
    """What will be sent, and what the student reads off the paper; a blank date is not known."""

    size: Annotated[int, msgspec.Meta(ge=1, le=2**40, description="In bytes.", examples=[481223])]
    content_type: Annotated[str, msgspec.Meta(max_length=100, examples=[ACCEPTED_TYPES[0]])]
    sha256: Annotated[
        str,
        msgspec.Meta(
            max_length=64,
            description="Of the whole file, in small hexadecimal digits.",
            examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
        ),
    ]
    file_name: Annotated[str, msgspec.Meta(max_length=LONGEST_GIVEN_NAME, examples=["passport.pdf"])] = ""
    issued_on: date | None = None
    expires_on: date | None = None
    name_on_document: Annotated[str, msgspec.Meta(max_length=200)] = ""


class UploadBody(msgspec.Struct, frozen=True, kw_only=True):
    """How far an upload is. Once accepted, ``number`` is the version that it became; once refused, every reason."""

    id: Id
    document_id: Id
    state: Annotated[str, msgspec.Meta(examples=["requested", "received", "accepted", "refused", "expired"])]
    size: int
    content_type: str
    sha256: str
    file_name: str
    requested_at: datetime
    received_at: datetime | None
    decided_at: datetime | None
    ends_at: datetime
    number: int | None
    reasons: list[ReasonBody]


class PartBody(msgspec.Struct, frozen=True):
    """One PUT: these bytes of the file, with exactly these headers. A path is one of this server."""

    url: str
    headers: dict[str, str]
    offset: int
    size: int


class TicketBody(msgspec.Struct, frozen=True):
    """How the bytes are handed over: every part, in any order, before ``until``."""

    parts: list[PartBody]
    until: datetime


class RequestedUpload(msgspec.Struct, frozen=True):
    """A new upload with its ticket; when this is repeated later, there may be no ticket any more."""

    upload: UploadBody
    ticket: TicketBody | None


@post(
    "/documents/{document_id:str}/uploads",
    operation_id="request_upload",
    summary="Announce an upload",
    description="Answers where the bytes go: straight to the store, which takes exactly what was announced. Report the "
    "upload as complete afterwards. Repeated with the same Idempotency-Key, it is the same upload with a ticket anew.",
    responses=refusals(401, 404, 413, 415, 422),
)
async def request_upload(
    request: AnyRequest,
    document_id: FromPath[UUID],
    data: JSONBody[NewUpload],
    who: Who,
    use: Use,
    largest: NamedDependency[SkipValidation[int]],
    idempotency_key: IdempotencyKey = None,
) -> Response[RequestedUpload]:
    """Announce a file for a paper, and get a ticket for it."""
    announced = Announced(data.size, data.content_type, data.sha256)
    issued_on, expires_on = day_given(data.issued_on, "issued_on"), day_given(data.expires_on, "expires_on")
    stated = Stated(issued_on, expires_on, data.name_on_document)

    async def effect(transactions: Transactions) -> StoredAnswer:
        case = use.request_upload(transactions=transactions, largest=largest)
        upload = await case(who, DocumentId(document_id), announced, data.file_name, stated)
        return created(_body(upload), _address(upload))

    kept = await once(request, use.transactions(), idempotency_key, effect, who.account_id)
    # The ticket is made outside the transaction, and no address that is signed is ever kept in a row.
    upload_id = UploadId(UUID(msgspec.json.decode(kept.content)["id"]))
    upload, ticket = await use.issue_ticket()(who, upload_id)
    body = RequestedUpload(_body(upload), _ticket(ticket))
    return Response(body, status_code=201, headers={"Location": _address(upload)})


@post(
    "/uploads/{upload_id:str}/completion",
    operation_id="complete_upload",
    summary="Report an upload as complete",
    status_code=202,
    responses=refusals(401, 404, 409, 413, 415, 422),
)
async def complete_upload(upload_id: FromPath[UUID], who: Who, use: Use) -> Response[UploadBody]:
    """Say that all bytes are there; they are looked at soon. Saying it again changes nothing."""
    upload = await use.complete_upload()(who, UploadId(upload_id))
    return Response(_body(upload), status_code=202, headers={"Location": _address(upload)})


@get(
    "/uploads/{upload_id:str}",
    operation_id="get_upload",
    summary="Show an upload",
    responses=refusals(401, 404, 422),
)
async def get_upload(upload_id: FromPath[UUID], who: Who, use: Use) -> UploadBody:
    """Show how far the upload is, and once it was refused, why."""
    return _body(await use.get_upload()(who, UploadId(upload_id)))


def _address(upload: Upload) -> str:
    return f"/v1/uploads/{upload.id}"


def _ticket(ticket: Ticket | None) -> TicketBody | None:
    if ticket is None:
        return None
    parts = [PartBody(part.url, dict(part.headers), part.offset, part.size) for part in ticket.parts]
    return TicketBody(parts, ticket.until)


def _body(upload: Upload) -> UploadBody:
    return UploadBody(
        id=str(upload.id),
        document_id=str(upload.document_id),
        state=upload.state.value,
        size=upload.announced.size,
        content_type=upload.announced.content_type,
        sha256=upload.announced.sha256,
        file_name=upload.file_name,
        requested_at=upload.requested_at,
        received_at=upload.received_at,
        decided_at=upload.decided_at,
        ends_at=upload.ends_at,
        number=upload.number,
        reasons=[reason_body(reason) for reason in upload.reasons],
    )


router: Any = Router(
    V1,
    route_handlers=[request_upload, complete_upload, get_upload],
    tags=["Documents"],
)
