"""Bringing in files about people: students, who are invited, and applications of students who have let one act."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.params import FromPath, QueryParameter

from ....domain.identity.policies import demand_staff
from ....domain.imports.catalogue_import import ImportKind
from ....domain.imports.given import LARGEST_FILE
from ....domain.imports.offer import RecordOffer
from ....domain.shared.errors import Invalid, Reason
from ....domain.shared.ids import ImportId
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..given import V1, AnyRequest, Cursor, PageSize, Use, Who, asker_now, refusals
from ..uploads import pieces_of
from ..wire import Id
from .import_bodies import ImportBody, import_body

FileName = Annotated[str, QueryParameter(name="file_name", min_length=1, max_length=200)]
DryRun = Annotated[
    bool, QueryParameter(name="dry_run", required=False, description="Report the same, and keep nothing else.")
]


class ImportOfferBody(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row, as far as its sender may know."""

    row: int
    state: Annotated[
        Literal["open", "accepted", "replaced", "withdrawn"],
        msgspec.Meta(description="`open` until it is accepted or over; nobody is told whether it was declined."),
    ]
    offered_at: datetime
    until: datetime
    replaces: Annotated[Id | None, msgspec.Meta(description="The offer of an earlier file that it stands for.")]


class ImportOfferPage(msgspec.Struct, frozen=True):
    """Some offers by row; hand ``next`` back as ``cursor`` for more."""

    items: list[ImportOfferBody]
    next: str | None


@post(
    "/imports/students",
    operation_id="import_students",
    summary="Import a file of students",
    description="The body is a CSV or a workbook, a row a student: see docs/people-files.md for its columns. Nobody's "
    "record is made or changed: each row becomes an offer to its address, whose holder is invited by mail and takes or "
    "refuses each value. The answer is the same whether or not somebody is registered with an address.",
    opt={"raw_body": True},
    status_code=202,
    responses=refusals(401, 403, 413, 422),
)
async def import_students(
    request: AnyRequest, who: Who, use: Use, file_name: FileName, dry_run: DryRun = False
) -> Response[ImportBody]:
    """Prepare records for students, and invite them to look at these."""
    return await _accepted(request, who, use, ImportKind.STUDENTS, file_name, dry_run=dry_run)


@post(
    "/imports/applications",
    operation_id="import_applications",
    summary="Import a file of applications",
    description="The body is a CSV or a workbook, a row an application: see docs/people-files.md for its columns. A "
    "row counts where its student lets you act on applications; any other is refused like one that does not exist.",
    opt={"raw_body": True},
    status_code=202,
    responses=refusals(401, 403, 413, 422),
)
async def import_applications(
    request: AnyRequest, who: Who, use: Use, file_name: FileName, dry_run: DryRun = False
) -> Response[ImportBody]:
    """Begin applications for students, and note what portals show of them."""
    return await _accepted(request, who, use, ImportKind.APPLICATIONS, file_name, dry_run=dry_run)


async def _accepted(
    request: AnyRequest, who: Who, use: Use, kind: ImportKind, file_name: str, *, dry_run: bool
) -> Response[ImportBody]:
    demand_staff(who)
    content = b"".join([piece async for piece in pieces_of(request, at_most=LARGEST_FILE)])
    found = await use.accept_people()(await asker_now(request), kind, content, file_name, dry_run=dry_run)
    return Response(import_body(found), status_code=202, headers={"Location": f"/v1/imports/{found.run.id}"})


@post(
    "/imports/{import_id:str}/retry",
    status_code=202,
    operation_id="retry_import",
    summary="Try an import that has failed again",
    description="What it had taken stays, and it goes on behind that.",
    responses=refusals(401, 403, 404, 409, 422),
)
async def retry_import(import_id: FromPath[UUID], who: Who, use: Use) -> ImportBody:
    """Let the job of an import be tried again."""
    return import_body(await use.retry_import()(who, ImportId(import_id)))


@get(
    "/imports/{import_id:str}/offers",
    operation_id="list_import_offers",
    summary="Which rows were accepted?",
    responses=refusals(401, 403, 404, 422),
)
async def list_import_offers(
    import_id: FromPath[UUID], who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 50
) -> ImportOfferPage:
    """List what became of each row of a file of students."""
    after = position(cursor, int) or 0
    if not 0 <= after < 2**31:
        raise Invalid(Reason("request.broken_cursor", {}, "cursor"))
    found = await use.list_import_offers()(who, ImportId(import_id), after=after, limit=limit + 1)
    more = len(found) > limit
    return ImportOfferPage([_offer(one) for one in found[:limit]], cursor_of(found[limit - 1].row) if more else None)


def _offer(one: RecordOffer) -> ImportOfferBody:
    state: Any = "open" if one.looks_open else one.state.value
    replaces = None if one.replaces is None else str(one.replaces)
    return ImportOfferBody(row=one.row, state=state, offered_at=one.offered_at, until=one.until, replaces=replaces)


router: Any = Router(
    V1,
    route_handlers=[import_students, import_applications, retry_import, list_import_offers],
    tags=["Imports"],
)
