"""Letting others help: what a student gives, what an administrator takes with a reason, and how it ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.params import FromPath, JSONBody

from ....domain.identity.grant import Grant
from ....domain.identity.policies import owns_record
from ....domain.identity.scopes import Scope
from ....domain.shared.ids import GrantId
from ....ports.answers import StoredAnswer
from ....ports.transactions import Transactions
from ..given import V1, AnyRequest, StudentPath, Use, Who, refusals, student_in
from ..limits import count_due, count_email
from ..once import IdempotencyKey, created, once
from ..wire import NOT_BLANK, Given, Id, Moment

ScopeGiven = Literal["read_plan", "read_papers", "upload", "change_profile", "act", "pay"]
Scopes = Annotated[
    list[ScopeGiven],
    msgspec.Meta(
        min_length=1,
        max_length=6,
        examples=[["read_plan", "upload"]],
        description="`read_plan` sees profile, plans, verdicts, money, applications and which papers there are; "
        "`read_papers` opens papers; `upload` adds them; `change_profile` and `act` (plans and applications) change; "
        "`pay` pays.",
    ),
]
Note = Annotated[str, msgspec.Meta(max_length=1000)]


class NewGrant(Given):
    """Whom you let help, with what, and until when; at most a year."""

    email: Annotated[str, msgspec.Meta(max_length=320, examples=["counsellor@example.org"])]
    scopes: Scopes
    until: Moment
    note: Note = ""


class NewAccess(Given):
    """What an administrator takes, for how many minutes, and why: the student reads it."""

    scopes: Scopes
    minutes: Annotated[int, msgspec.Meta(ge=1, le=60)]
    reason: Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            max_length=1000,
            extra_json_schema=NOT_BLANK,
            examples=["She asked us to look, ticket 1204."],
        ),
    ]


class GrantBody(msgspec.Struct, frozen=True, kw_only=True):
    """Who may do what with a student's record, from when, until when."""

    id: Id
    student_id: Id
    kind: Annotated[
        Literal["given", "taken"],
        msgspec.Meta(description="`given` by the student, or `taken` by an administrator for a stated reason."),
    ]
    email: Annotated[str, msgspec.Meta(description="Whose it is, or to whom it is offered.")]
    scopes: list[str]
    reason: Annotated[str, msgspec.Meta(description="The student's note, or the administrator's reason.")]
    given_at: datetime
    until: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    account_id: Id | None


class GrantList(msgspec.Struct, frozen=True):
    """Every grant on the record, over or not, the newest first."""

    items: list[GrantBody]
    next: None = None


class ReceivedBody(msgspec.Struct, frozen=True):
    """A grant that you hold or are offered, and how that student is called."""

    student_name: str
    grant: GrantBody


class ReceivedList(msgspec.Struct, frozen=True):
    """What you hold, and what is offered to your confirmed address; the newest first."""

    items: list[ReceivedBody]
    next: None = None


@post(
    "/students/{student_id:str}/grants",
    status_code=201,
    operation_id="offer_grant",
    summary="Let somebody help",
    description="For the student herself. The address gets a mail; it begins when somebody accepts whose account has "
    "this address and has confirmed it.",
    responses=refusals(401, 404, 409, 413, 415, 422),
)
async def offer_grant(
    request: AnyRequest,
    student_id: StudentPath,
    data: JSONBody[NewGrant],
    who: Who,
    use: Use,
    idempotency_key: IdempotencyKey = None,
) -> Response[GrantBody]:
    """Offer somebody a part in your record."""
    student, scopes = student_in(student_id, who), frozenset(map(Scope, data.scopes))
    if owns_record(who, student):
        await count_email(request, data.email)
    else:  # whoever will be refused counts for herself, and uses up nobody's address
        await count_due(request)

    async def effect(transactions: Transactions) -> StoredAnswer:
        case = use.offer_grant(transactions=transactions)
        grant = await case(who, student, data.email, scopes, data.until, data.note)
        return created(grant_body(grant), f"{V1}/students/{student}/grants")

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get(
    "/students/{student_id:str}/grants",
    operation_id="list_grants",
    summary="Whom have I let help?",
    responses=refusals(401, 404, 422),
)
async def list_grants(student_id: StudentPath, who: Who, use: Use) -> GrantList:
    """List who has, had or was offered a part in your record, and who took one and why."""
    return GrantList([grant_body(one) for one in await use.list_grants()(who, student_in(student_id, who))])


@post(
    "/students/{student_id:str}/accesses",
    status_code=201,
    operation_id="take_access",
    summary="Take access to a record",
    description="For administrators: acts in the student's record in the administrator's own name, for at most an "
    "hour. The student is told by mail, reads the reason, sees every use, and can end it. What only she decides stays "
    "hers.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def take_access(
    request: AnyRequest,
    student_id: StudentPath,
    data: JSONBody[NewAccess],
    who: Who,
    use: Use,
    idempotency_key: IdempotencyKey = None,
) -> Response[GrantBody]:
    """Take a part in a student's record, for a while and for a stated reason."""
    student, scopes = student_in(student_id, who), frozenset(map(Scope, data.scopes))

    async def effect(transactions: Transactions) -> StoredAnswer:
        case = use.take_access(transactions=transactions)
        grant = await case(who, student, scopes, timedelta(minutes=data.minutes), data.reason)
        return created(grant_body(grant), f"{V1}/students/{student}/accesses")

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get("/me/grants", operation_id="list_received", summary="Whom do I help?", responses=refusals(401))
async def list_received(who: Who, use: Use) -> ReceivedList:
    """List in whose records you have a part, or are offered one."""
    found = await use.list_received()(who)
    return ReceivedList([ReceivedBody(one.student_name, grant_body(one.grant)) for one in found])


@post(
    "/grants/{grant_id:str}/acceptance",
    status_code=200,
    operation_id="accept_grant",
    summary="Accept to help",
    responses=refusals(401, 404, 409, 422),
)
async def accept_grant(grant_id: FromPath[UUID], who: Who, use: Use) -> GrantBody:
    """Accept what was offered to your address, which must be confirmed."""
    return grant_body(await use.accept_grant()(who, GrantId(grant_id)))


@delete(
    "/grants/{grant_id:str}",
    operation_id="end_grant",
    summary="End a grant",
    responses=refusals(401, 404, 409, 422),
)
async def end_grant(grant_id: FromPath[UUID], who: Who, use: Use) -> None:
    """End what you gave, hold or were offered; it is refused within a second. One that is over stays over."""
    await use.end_grant()(who, GrantId(grant_id))


def grant_body(one: Grant) -> GrantBody:
    """Return the grant as it is sent."""
    return GrantBody(
        id=str(one.id),
        student_id=str(one.student_id),
        kind=one.kind.value,
        email=one.email,
        scopes=sorted(one.scopes),
        reason=one.reason,
        given_at=one.given_at,
        until=one.until,
        accepted_at=one.accepted_at,
        ended_at=one.ended_at,
        account_id=None if one.account_id is None else str(one.account_id),
    )


router: Any = Router(
    V1,
    route_handlers=[offer_grant, list_grants, take_access, list_received, accept_grant, end_grant],
    tags=["Grants"],
)
