"""A student's papers: added, uploaded, answered, judged, opened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter, SkipValidation
from litestar.response import Redirect

from ....domain.documents.document import Answer, Check, Document, Stated, Version
from ....domain.documents.judging import Judgement
from ....domain.shared.ids import DocumentId
from ....ports.answers import StoredAnswer
from ....ports.transactions import Transactions
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
    asker_now,
    day_given,
    refusals,
    student_in,
)
from ..once import IdempotencyKey, created, once
from ..uploads import pieces_of
from ..wire import Given, Id, ReasonBody, SourceBody, reason_body, source_body

VersionNumber = Annotated[int, PathParameter(ge=1, le=100_000)]


class NewDocument(Given):
    """Which paper it is, by a kind of the rulebook."""

    kind: Annotated[str, msgspec.Meta(min_length=1, max_length=60, examples=["passport"])]
    label: Annotated[str, msgspec.Meta(max_length=200)] = ""


class AnswerGiven(Given):
    """What is said in place of the paper; without an answer, one that stood is taken back."""

    answer: Answer | None
    reason: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class CheckGiven(Given):
    """What was found; a rejection says why."""

    check: Check
    because: Annotated[str, msgspec.Meta(max_length=1000)] = ""


class VersionBody(msgspec.Struct, frozen=True, kw_only=True):
    """One upload; it never changes. ``rejected_because`` is set when a check failed."""

    number: int
    sha256: str
    size: int
    content_type: str
    file_name: str
    uploaded_at: datetime
    issued_on: date | None
    expires_on: date | None
    name_on_document: str
    verification: str
    rejected_because: str
    verified_by_one_of_two: Annotated[
        bool, msgspec.Meta(description="One has verified it, and it waits for a second person.")
    ]


class StandingAnswerBody(msgspec.Struct, frozen=True):
    """What was said in place of the paper."""

    answer: str
    reason: str
    given_at: datetime


class DocumentBody(msgspec.Struct, frozen=True, kw_only=True):
    """A paper with all its versions, oldest first."""

    id: Id
    student_id: Id
    kind: str
    label: str
    version: int
    versions: list[VersionBody]
    answer: StandingAnswerBody | None


class DocumentList(msgspec.Struct, frozen=True):
    """Some of a student's papers, oldest first; hand ``next`` back as ``cursor`` for more."""

    items: list[DocumentBody]
    next: str | None = None


class JudgementBody(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the paper can be used on the day, why, and whose rule says so."""

    on: date
    usability: Annotated[str, msgspec.Meta(examples=["usable", "expired", "ends_too_soon"])]
    usable: bool
    reason: ReasonBody
    good_until: date | None
    version: int | None
    source: SourceBody | None
    confidence: str | None


@post(
    "/students/{student_id:str}/documents",
    operation_id="add_document",
    summary="Make room for a paper",
    response_headers=ETAG,
    responses=refusals(401, 404, 413, 415, 422),
)
async def add_document(
    request: AnyRequest,
    student_id: StudentPath,
    data: JSONBody[NewDocument],
    who: Who,
    use: Use,
    idempotency_key: IdempotencyKey = None,
) -> Response[DocumentBody]:
    """Begin a document; upload its content as a version next."""
    student = student_in(student_id, who)

    async def effect(transactions: Transactions) -> StoredAnswer:
        document = await use.add_document(transactions=transactions)(who, student, data.kind, data.label)
        return created(_body(document), f"/v1/documents/{document.id}", etag=etag(document.version))

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get(
    "/students/{student_id:str}/documents",
    operation_id="list_documents",
    summary="List papers",
    responses=refusals(401, 404, 422),
)
async def list_documents(
    student_id: StudentPath, who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 100
) -> DocumentList:
    """Return the student's papers, oldest first."""
    after = position(cursor, UUID)
    page = await use.list_documents()(who, student_in(student_id, who), DocumentId(after) if after else None, limit)
    return DocumentList([_body(one) for one in page.items], cursor_of(page.next) if page.next else None)


@get(
    "/documents/{document_id:str}",
    operation_id="get_document",
    summary="Show a paper",
    response_headers=ETAG,
    responses=refusals(401, 404, 422),
)
async def get_document(document_id: FromPath[UUID], who: Who, use: Use) -> Response[DocumentBody]:
    """Show one paper with its versions."""
    return _answer(await use.get_document()(who, DocumentId(document_id)))


@post(
    "/documents/{document_id:str}/versions",
    operation_id="upload_version",
    summary="Upload a version",
    description="The body is the file itself: a PDF, PNG, JPEG or HEIC, judged by its content. It is stored once per "
    "hash. Send If-Match so that a repeated upload is refused instead of counted twice.",
    opt={"raw_body": True},
    response_headers=ETAG,
    responses=refusals(401, 404, 409, 412, 413, 415, 422),
)
async def upload_version(
    request: AnyRequest,
    document_id: FromPath[UUID],
    who: Who,
    use: Use,
    largest: NamedDependency[SkipValidation[int]],
    file_name: Annotated[str, QueryParameter(name="file_name", required=False, max_length=400)] = "",
    issued_on: Annotated[date | None, QueryParameter(name="issued_on", required=False)] = None,
    expires_on: Annotated[date | None, QueryParameter(name="expires_on", required=False)] = None,
    name_on_document: Annotated[str, QueryParameter(name="name_on_document", required=False, max_length=200)] = "",
    if_match: IfMatch = None,
) -> Response[DocumentBody]:
    """Take in the file as the newest version, with what the student reads off the paper."""
    stated = Stated(day_given(issued_on, "issued_on"), day_given(expires_on, "expires_on"), name_on_document)
    expected = None if if_match is None else wanted_version(if_match)
    pieces = pieces_of(request, at_most=largest)
    case = use.upload_version(largest=largest)
    document = await case(who, DocumentId(document_id), pieces, file_name, stated, expected, lambda: asker_now(request))
    newest = document.newest
    location = f"/v1/documents/{document.id}/versions/{newest.number if newest else 0}/content"
    return Response(_body(document), status_code=201, headers={"ETag": etag(document.version), "Location": location})


@put(
    "/documents/{document_id:str}/answer",
    operation_id="answer_document",
    summary="Say why there is no paper",
    response_headers=ETAG,
    responses=refusals(401, 404, 409, 412, 413, 415, 422),
)
async def answer_document(
    document_id: FromPath[UUID], data: JSONBody[AnswerGiven], who: Who, use: Use, if_match: IfMatch = None
) -> Response[DocumentBody]:
    """Say that a paper does not apply or cannot be had, or take that back."""
    expected = None if if_match is None else wanted_version(if_match)
    case = use.answer_document()
    return _answer(await case(who, DocumentId(document_id), data.answer, data.reason, expected))


@put(
    "/documents/{document_id:str}/versions/{number:str}/verification",
    operation_id="check_version",
    summary="Say what comparing with the original found",
    description="Nobody verifies what she uploaded herself. Where two have to verify papers of this kind, the version "
    "stays pending after the first, and the second has to be somebody else; a rejection by either counts at once.",
    response_headers=ETAG,
    responses=refusals(401, 403, 404, 409, 412, 413, 415, 422),
)
async def check_version(
    document_id: FromPath[UUID],
    number: VersionNumber,
    data: JSONBody[CheckGiven],
    who: Who,
    use: Use,
    if_match: IfMatch = None,
) -> Response[DocumentBody]:
    """Verify or reject a version; staff may, never the student herself."""
    expected = None if if_match is None else wanted_version(if_match)
    case = use.check_version()
    return _answer(await case(who, DocumentId(document_id), number, data.check, data.because, expected))


@get(
    "/documents/{document_id:str}/judgement",
    operation_id="judge_document",
    summary="Can it be used on that day?",
    responses=refusals(401, 404, 422),
)
async def judge_document(
    document_id: FromPath[UUID],
    who: Who,
    use: Use,
    on: Annotated[date | None, QueryParameter(name="on", required=False, description="The day of use.")] = None,
) -> JudgementBody:
    """Judge the newest version for the day on which it will be used."""
    return _judgement(await use.judge_document()(who, DocumentId(document_id), day_given(on, "on")))


@get(
    "/documents/{document_id:str}/versions/{number:str}/content",
    operation_id="get_content",
    summary="Open a version",
    status_code=302,
    responses=refusals(401, 404, 422),
)
async def get_content(
    document_id: FromPath[UUID],
    number: VersionNumber,
    who: Who,
    use: Use,
    link_lasts: NamedDependency[SkipValidation[timedelta]],
) -> Redirect:
    """Lead to a link that opens this version for a short while, for whoever has it."""
    link = await use.link_to_version(lasting=link_lasts)(who, DocumentId(document_id), number)
    return Redirect(link.url, status_code=302)


def _answer(document: Document) -> Response[DocumentBody]:
    return Response(_body(document), headers={"ETag": etag(document.version)})


def _body(document: Document) -> DocumentBody:
    answer = document.answer
    return DocumentBody(
        id=str(document.id),
        student_id=str(document.student_id),
        kind=document.kind,
        label=document.label,
        version=document.version,
        versions=[_version(version) for version in document.versions],
        answer=StandingAnswerBody(answer.answer.value, answer.reason, answer.given_at) if answer else None,
    )


def _version(version: Version) -> VersionBody:
    return VersionBody(
        number=version.number,
        sha256=version.sha256,
        size=version.size,
        content_type=version.content_type,
        file_name=version.file_name,
        uploaded_at=version.uploaded_at,
        issued_on=version.stated.issued_on,
        expires_on=version.stated.expires_on,
        name_on_document=version.stated.name_on_document,
        verification=version.verification.value,
        rejected_because=version.rejected_because,
        verified_by_one_of_two=version.is_half_verified,
    )


def _judgement(judged: Judgement) -> JudgementBody:
    return JudgementBody(
        on=judged.on,
        usability=judged.usability.value,
        usable=judged.is_usable,
        reason=reason_body(judged.reason),
        good_until=judged.good_until,
        version=judged.number,
        source=source_body(judged.source) if judged.source else None,
        confidence=judged.confidence.value if judged.confidence else None,
    )


router: Any = Router(
    V1,
    route_handlers=[
        add_document,
        list_documents,
        get_document,
        upload_version,
        answer_document,
        check_version,
        judge_document,
        get_content,
    ],
    tags=["Documents"],
)
