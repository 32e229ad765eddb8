"""Other rules: packs taken in, what they would change for every student, and editions that come into force."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from ....domain.rulebook.editions import Edition, StoredPack
from ....domain.rulebook.use_cases.editions import LONGEST_REASON
from ....domain.rulebook.use_cases.proposing import Proposal, demand_rule_keeper
from ....domain.shared.errors import Invalid, Reason
from ....domain.shared.ids import ImpactId, StudentId
from ....ports.answers import StoredAnswer
from ....ports.transactions import Transactions
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..etags import etag, wanted_version
from ..given import ETAG, V1, AnyRequest, Cursor, IfMatch, PageSize, Use, Who, asker_now, refusals
from ..once import IdempotencyKey, answer, created, once
from ..uploads import pieces_of
from ..wire import Given, Id
from .impact_bodies import ImpactBody, impact_body

LARGEST_PACK = 2_000_000
"""Bytes; all that ships has a sixteenth of it."""
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class StoredPackBody(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a pack that was taken in; ``by`` is null for one that ships."""

    sha256: str
    pack_id: str
    pack_version: str
    title: str
    size: int
    uploaded_at: datetime
    by: Id | None


class StoredPackPage(msgspec.Struct, frozen=True):
    """Some packs; hand ``next`` back as ``cursor`` for more."""

    items: list[StoredPackBody]
    next: str | None


class EditionBody(msgspec.Struct, frozen=True, kw_only=True):
    """Packs that were in force together; ``chosen`` are those that were laid over what ships.

    ``by`` is null where a release brought other packs. ``sha256`` is what `edition` of other routes takes.
    """

    number: int
    sha256: str
    packs: list[str]
    chosen: list[str]
    activated_at: datetime
    by: Id | None
    reason: str
    impact: Id | None


class EditionPage(msgspec.Struct, frozen=True):
    """Some editions, newest first; hand ``next`` back as ``cursor`` for more."""

    items: list[EditionBody]
    next: str | None


class ProposalGiven(Given):
    """Packs to lay over what is in force, and ids of chosen packs to take off; or an edition to go back to."""

    packs: Annotated[list[Sha256], msgspec.Meta(max_length=100)] = msgspec.field(default_factory=list)
    drop: Annotated[list[Annotated[str, msgspec.Meta(max_length=100)]], msgspec.Meta(max_length=100)] = msgspec.field(
        default_factory=list
    )
    back_to: Sha256 | None = None


class NewEdition(ProposalGiven):
    """What is to come into force, with the finished impact report of exactly this step, or a reason to do without."""

    impact: UUID | None = None
    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)] = ""


@post(
    "/rulebook/packs",
    operation_id="propose_pack",
    summary="Take in a rule pack",
    description="The body is the pack itself, as TOML. It is checked whole, and together with the packs in force; "
    "nothing is switched on. Sending the same text again changes nothing.",
    opt={"raw_body": True},
    responses=refusals(401, 403, 413, 422),
)
async def propose_pack(
    request: AnyRequest,
    who: Who,
    use: Use,
    file_name: Annotated[
        str, QueryParameter(name="file_name", required=False, max_length=200, description="For what is told of it.")
    ] = "pack.toml",
) -> Response[StoredPackBody]:
    """Keep the pack, named by the SHA-256 of its text; or tell each problem with its line, its place and the reason."""
    demand_rule_keeper(who)
    content = b"".join([piece async for piece in pieces_of(request, at_most=LARGEST_PACK)])
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise Invalid(Reason("file.not_utf8", {"position": error.start}, file_name)) from None
    pack = await use.propose_pack()(await asker_now(request), text, file_name)
    return Response(_pack(pack), status_code=201)


@get(
    "/rulebook/packs",
    operation_id="list_stored_packs",
    summary="List packs that were taken in",
    responses=refusals(401, 403, 422),
)
async def list_stored_packs(who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 50) -> StoredPackPage:
    """Return them newest first, those that ship among them."""
    found = await use.list_stored_packs()(who, position(cursor, str), limit + 1)
    more = cursor_of(found[limit - 1].sha256) if len(found) > limit else None
    return StoredPackPage([_pack(pack) for pack in found[:limit]], more)


@get(
    "/rulebook/editions",
    operation_id="list_editions",
    summary="List editions",
    responses=refusals(401, 403, 422),
)
async def list_editions(who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 50) -> EditionPage:
    """Return what was in force since when, by whose word and why, newest first."""
    before = position(cursor, int)
    if before is not None and not 0 < before < 2**31:
        raise Invalid(Reason("request.broken_cursor", {}, "cursor"))
    found = await use.list_editions()(who, before, limit + 1)
    more = cursor_of(found[limit - 1].number) if len(found) > limit else None
    return EditionPage([_edition(one) for one in found[:limit]], more)


@get(
    "/rulebook/editions/current",
    operation_id="get_edition_in_force",
    summary="Show the edition in force",
    response_headers=ETAG,
    responses=refusals(401, 403),
)
async def get_edition_in_force(who: Who, use: Use) -> Response[EditionBody]:
    """Return the edition in force, with the ETag that a change has to name."""
    found = await use.get_edition_in_force()(who)
    return Response(_edition(found), headers={"ETag": etag(found.number)})


@post(
    "/rulebook/editions",
    operation_id="activate_edition",
    summary="Switch on other packs",
    description="They are in force from this answer on, in every process within moments and without a restart. Needed "
    "is the finished impact report of exactly this step, or an explicit reason.",
    response_headers=ETAG,
    responses=refusals(401, 403, 404, 409, 412, 413, 415, 422, 428),
)
async def activate_edition(
    request: AnyRequest,
    data: JSONBody[NewEdition],
    who: Who,
    use: Use,
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[EditionBody]:
    """Let the packs come into force, or those of an earlier edition again."""
    expected = wanted_version(if_match)
    impact = None if data.impact is None else ImpactId(data.impact)

    async def effect(transactions: Transactions) -> StoredAnswer:
        activate = use.activate_edition(transactions=transactions)
        found = await activate(who, _proposal(data), expected, impact=impact, reason=data.reason)
        return created(_edition(found), "/v1/rulebook/editions/current", etag=etag(found.number))

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@post(
    "/rulebook/impacts",
    operation_id="request_impact",
    summary="Ask what packs would change",
    description="Every student and every plan is worked out by the packs in force and by the proposed ones, in the "
    "background. Nothing is switched on.",
    status_code=202,
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def request_impact(
    request: AnyRequest,
    data: JSONBody[ProposalGiven],
    who: Who,
    use: Use,
    idempotency_key: IdempotencyKey = None,
) -> Response[ImpactBody]:
    """Begin the report; its job says how far it is."""

    async def effect(transactions: Transactions) -> StoredAnswer:
        found = await use.request_impact(transactions=transactions)(who, _proposal(data))
        return answer(202, impact_body(found, [], None), location=f"/v1/rulebook/impacts/{found.id}")

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get(
    "/rulebook/impacts/{impact_id:str}",
    operation_id="get_impact",
    summary="Show an impact report",
    responses=refusals(401, 403, 404, 422),
)
async def get_impact(
    impact_id: FromPath[UUID], who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 50
) -> ImpactBody:
    """Return the whole in a sentence and in figures, and a page of students with what changes for each, the worst
    first. A page of a report that is still running may lack students who come before it."""
    after = position(cursor, tuple[int, UUID])
    if after is not None and not -(2**31) <= after[0] < 2**31:
        raise Invalid(Reason("request.broken_cursor", {}, "cursor"))
    behind = None if after is None else (after[0], StudentId(after[1]))
    impact, found = await use.get_impact()(who, ImpactId(impact_id), behind, limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return impact_body(impact, found[:limit], cursor_of((last.badness, last.student_id)) if last else None)


def _proposal(given: ProposalGiven) -> Proposal:
    return Proposal(tuple(given.packs), tuple(given.drop), given.back_to or "")


def _pack(pack: StoredPack) -> StoredPackBody:
    return StoredPackBody(
        sha256=pack.sha256,
        pack_id=pack.pack_id,
        pack_version=pack.version,
        title=pack.title,
        size=pack.size,
        uploaded_at=pack.uploaded_at,
        by=None if pack.by is None else str(pack.by),
    )


def _edition(edition: Edition) -> EditionBody:
    return EditionBody(
        number=edition.number,
        sha256=edition.sha256,
        packs=list(edition.packs),
        chosen=list(edition.chosen),
        activated_at=edition.activated_at,
        by=None if edition.by is None else str(edition.by),
        reason=edition.reason,
        impact=None if edition.impact is None else str(edition.impact),
    )


router: Any = Router(
    V1,
    route_handlers=[
        propose_pack,
        list_stored_packs,
        list_editions,
        get_edition_in_force,
        activate_edition,
        request_impact,
        get_impact,
    ],
    tags=["Rule changes"],
)
