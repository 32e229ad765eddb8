"""Who did and saw what: all of it for auditors, what concerns her record for a student."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from ....domain.audit.chain import Kept
from ....domain.audit.checking import Finding, Flaw
from ....domain.audit.query import Position, Query, position_of
from ....domain.audit.use_cases.verifying import Mark, Stage, mark_since
from ....domain.identity.account import Asker
from ....domain.shared.errors import Invalid, Reason
from ....domain.shared.ids import AccountId, StudentId
from ...audit_lines import MEDIA_TYPES, Form, beginning, fields_of, lines
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..given import V1, AnyRequest, Cursor, PageSize, StudentPath, Use, Who, asker_now, refusals, student_in
from ..wire import Id
from ..words import sentence

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Place = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


def _asked(name: str, meaning: str, **said: Any) -> Any:
    return QueryParameter(name=name, required=False, description=meaning, **said)


Actor = Annotated[UUID | None, _asked("actor", "Only what this account did.")]
OfStudent = Annotated[UUID | None, _asked("student_id", "Only what concerns this student's record.")]
Action = Annotated[
    str | None,
    _asked("action", "Only this action, such as `document.added`, or all that begin so: `document.`", max_length=80),
]
Subject = Annotated[str | None, _asked("subject", "Only what was done to things of this kind.", max_length=80)]
SubjectId = Annotated[UUID | None, _asked("subject_id", "Only what was done to this thing.")]
OfRequest = Annotated[str | None, _asked("request_id", "Only what this request did.", max_length=200)]
Since = Annotated[
    str | None,
    _asked("since", "Only from this moment on.", max_length=40, schema_extra={"example": "2027-01-31T00:00:00Z"}),
]
Until = Annotated[
    str | None,
    _asked("until", "Only from before this moment.", max_length=40, schema_extra={"example": "2027-02-01T00:00:00Z"}),
]


class EntryBody(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the audit trail. It holds ids, so that nobody is in it any more once her account is erased."""

    place: Annotated[int, msgspec.Meta(description="Its place in the trail; places may be left out.")]
    id: Id
    at: datetime
    action: Annotated[str, msgspec.Meta(examples=["document.version_opened"])]
    message: Annotated[str, msgspec.Meta(description="The action as a sentence.")]
    subject: Annotated[str, msgspec.Meta(description="The kind of what it was done to.", examples=["document"])]
    subject_id: Id | None
    student_id: Annotated[Id | None, msgspec.Meta(description="Whose record it concerns.")]
    actor: Annotated[Id | None, msgspec.Meta(description="The account that did it; null for the system itself.")]
    on_behalf_of: Id | None
    request_id: str
    trace: str
    details: dict[str, str]
    address: Annotated[str | None, msgspec.Meta(description="The network address, for as long as it is kept.")]
    reason: Annotated[str | None, msgspec.Meta(description="Why, as the actor stated.")]
    digest: Annotated[str, msgspec.Meta(description="The SHA-256 that its seal holds.")]


class EntryPage(msgspec.Struct, frozen=True):
    """Some entries, the latest first; hand ``next`` back as ``cursor`` for more."""

    items: list[EntryBody]
    next: str | None


class FindingBody(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in which the trail is not what was sealed."""

    code: Flaw
    message: str
    seal: int | None
    place: int | None
    entry_id: Id | None


class VerificationBody(msgspec.Struct, frozen=True, kw_only=True):
    """What one step of a verification looked at and found; hand ``next`` back as ``cursor`` until it is null."""

    seals: int
    entries: int
    anchors: Annotated[int, msgspec.Meta(description="Ends of the chain that were noted outside the database.")]
    findings: list[FindingBody]
    next: str | None


class ActivityBody(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was done to your record, or seen of it."""

    id: Id
    at: datetime
    by: Literal["you", "somebody_else", "system"]
    by_words: Annotated[str, msgspec.Meta(examples=["You"])]
    actor: Annotated[Id | None, msgspec.Meta(description="The account that did it.")]
    email: Annotated[
        str | None,
        msgspec.Meta(description="Whose that is, where you let her help or she took access; null for anybody else."),
    ]
    on_behalf_of: Id | None
    action: Annotated[str, msgspec.Meta(examples=["document.version_opened"])]
    message: Annotated[str, msgspec.Meta(examples=["A document was opened."])]
    subject: str
    subject_id: Id | None
    reason: Annotated[str | None, msgspec.Meta(description="Why, as whoever did it stated.")]
    address: Annotated[str | None, msgspec.Meta(description="Where you did it from; null for what others did.")]


class ActivityPage(msgspec.Struct, frozen=True):
    """Some of it, the latest first; hand ``next`` back as ``cursor`` for more."""

    items: list[ActivityBody]
    next: str | None


@get(
    "/audit/entries",
    operation_id="search_trail",
    summary="Search the audit trail",
    description="For auditors. The search itself becomes an entry.",
    responses=refusals(401, 403, 422),
)
async def search_trail(
    who: Who,
    use: Use,
    actor: Actor = None,
    student_id: OfStudent = None,
    action: Action = None,
    subject: Subject = None,
    subject_id: SubjectId = None,
    request_id: OfRequest = None,
    since: Since = None,
    until: Until = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> EntryPage:
    """Return entries that are all of what was asked for, the latest first."""
    query = _query(actor, student_id, action, subject, subject_id, request_id, since, until)
    found = await use.search_trail()(who, query, limit + 1, _after(cursor))
    return EntryPage([_entry(kept) for kept in found[:limit]], _next(found, limit))


@get(
    "/audit/export",
    operation_id="export_trail",
    summary="Export the audit trail",
    description="For auditors. JSON Lines or CSV, the latest entry first; the export itself becomes an entry.",
    responses=refusals(401, 403, 422),
)
async def export_trail(
    request: AnyRequest,
    who: Who,
    use: Use,
    form: Annotated[Form, QueryParameter(name="format", required=False)] = "jsonl",
    actor: Actor = None,
    student_id: OfStudent = None,
    action: Action = None,
    subject: Subject = None,
    subject_id: SubjectId = None,
    request_id: OfRequest = None,
    since: Since = None,
    until: Until = None,
) -> Stream:
    """Return everything that is all of what was asked for, as a file."""
    query = _query(actor, student_id, action, subject, subject_id, request_id, since, until)
    pages = await use.export_trail()(who, query, lambda: asker_now(request))
    headers = {"Content-Disposition": f'attachment; filename="audit.{form}"', "Cache-Control": "no-store"}
    return Stream(_file(form, pages), media_type=MEDIA_TYPES[form], headers=headers)


@get(
    "/audit/verification",
    operation_id="verify_trail",
    summary="Verify the audit trail",
    description="For auditors, step by step: entries against seals, seals against their signatures and one another, "
    "and the chain against the ends of it that were noted outside the database.",
    responses=refusals(401, 403, 422),
)
async def verify_trail(
    who: Who,
    use: Use,
    since: Annotated[int, _asked("since", "The seal to begin at; those before it are trusted.", ge=1, le=2**62)] = 1,
    cursor: Cursor = None,
) -> VerificationBody:
    """Take one step, and return what is wrong in it; nothing is where ``findings`` is empty at every step."""
    given = position(cursor, tuple[Stage, Place, Place | None])
    found = await use.verify_trail()(who, mark_since(since) if given is None else Mark(*given))
    return VerificationBody(
        seals=found.seals,
        entries=found.entries,
        anchors=found.anchors,
        findings=[_finding(one) for one in found.findings],
        next=None if found.next is None else cursor_of((found.next.stage, found.next.at, found.next.begun)),
    )


@get(
    "/students/{student_id:str}/activity",
    operation_id="list_activity",
    summary="Who did or saw what?",
    tags=["Profile"],
    responses=refusals(401, 404, 422),
)
async def list_activity(
    student_id: FromPath[StudentPath], who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 50
) -> ActivityPage:
    """List what was done to your record and what was seen of it, by you and by others, the latest first."""
    found = await use.list_activity()(who, student_in(student_id, who), limit + 1, _after(cursor))
    items = [_activity(kept, who, found.known) for kept in found.entries[:limit]]
    return ActivityPage(items, _next(found.entries, limit))


def _query(
    actor: UUID | None,
    student_id: UUID | None,
    action: str | None,
    subject: str | None,
    subject_id: UUID | None,
    request_id: str | None,
    since: str | None,
    until: str | None,
) -> Query:
    return Query(
        actor=None if actor is None else AccountId(actor),
        student_id=None if student_id is None else StudentId(student_id),
        action=action or "",
        subject=subject or "",
        subject_id=subject_id,
        request_id=request_id or "",
        since=_moment(since, "since"),
        until=_moment(until, "until"),
    )


def _moment(given: str | None, name: str) -> datetime | None:
    """Return the moment; raise Invalid for one without a zone, which could be any of a day's."""
    if given is None:
        return None
    try:
        return msgspec.convert(given, Moment)
    except msgspec.ValidationError:
        raise Invalid(Reason("data.not_a_moment", {"given": given}, name)) from None


def _after(cursor: str | None) -> Position | None:
    given = position(cursor, tuple[Moment, Count])
    return None if given is None else Position(*given)


def _next(found: Sequence[Kept], limit: int) -> str | None:
    if len(found) <= limit:
        return None
    last = position_of(found[limit - 1])
    return cursor_of((last.at, last.place))


def _entry(kept: Kept) -> EntryBody:
    fields = {**fields_of(kept), "at": kept.entry.at}
    return EntryBody(**fields, message=sentence(kept.entry.action))


def _finding(one: Finding) -> FindingBody:
    return FindingBody(
        code=one.flaw,
        message=sentence(f"audit.{one.flaw.value}"),
        seal=one.seal,
        place=one.place,
        entry_id=None if one.entry_id is None else str(one.entry_id),
    )


def _activity(kept: Kept, who: Asker, known: Mapping[AccountId, str]) -> ActivityBody:
    entry = kept.entry
    by = _by(entry.actor, who)
    fields = fields_of(kept)
    return ActivityBody(
        id=fields["id"],
        at=entry.at,
        by=by,
        by_words=sentence(f"activity.{by}"),
        actor=fields["actor"],
        email=known.get(entry.actor) if by == "somebody_else" and entry.actor is not None else None,
        on_behalf_of=fields["on_behalf_of"],
        action=entry.action,
        message=sentence(entry.action),
        subject=entry.subject,
        subject_id=fields["subject_id"],
        reason=fields["reason"],
        # Where others were is theirs.
        address=fields["address"] if by == "you" else None,
    )


def _by(actor: AccountId | None, who: Asker) -> Literal["you", "somebody_else", "system"]:
    if actor is None:
        return "system"
    return "you" if actor == who.account_id else "somebody_else"


async def _file(form: Form, pages: AsyncIterator[Sequence[Kept]]) -> AsyncIterator[bytes]:
    if first := beginning(form):
        yield first
    async for page in pages:
        yield lines(form, page)


router: Any = Router(V1, route_handlers=[search_trail, export_trail, verify_trail, list_activity], tags=["Audit"])
