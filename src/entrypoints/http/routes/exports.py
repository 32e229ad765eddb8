"""Everything that is kept about a student, as one file."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from litestar.response import Redirect

from ....domain.rights.export import Export
from ....domain.shared.ids import ExportId
from ....ports.answers import StoredAnswer
from ....ports.transactions import Transactions
from ..given import V1, AnyRequest, StudentPath, Use, Who, refusals, student_in
from ..once import IdempotencyKey, answer, once
from ..wire import Id
from ..words import words


class ExportBody(msgspec.Struct, frozen=True):
    """An export, and how far it is."""

    id: Id
    state: Literal["making", "ready", "removed"]
    asked_at: datetime
    ready_at: datetime | None
    until: Annotated[datetime | None, msgspec.Meta(description="Until when the file is kept.")]
    size: Annotated[int, msgspec.Meta(description="Bytes of the file.")]
    sha256: Annotated[str, msgspec.Meta(description="Of the file; empty while there is none.")]


class ExportList(msgspec.Struct, frozen=True):
    """All exports, the newest first; there is never a next page."""

    items: list[ExportBody]
    next: None = None


@post(
    "/students/{student_id:str}/exports",
    status_code=202,
    operation_id="ask_for_export",
    summary="Have everything about you",
    description="A ZIP is made in the background: `record.json` (described by docs/record.schema.json), every paper, "
    "what was sent with applications, and an index. A mail says when it is ready. While one is made, asking again "
    "gives that one.",
    responses=refusals(401, 404, 409, 422),
)
async def ask_for_export(
    request: AnyRequest, student_id: StudentPath, who: Who, use: Use, idempotency_key: IdempotencyKey = None
) -> Response[ExportBody]:
    """Ask for a copy of everything that is kept about you."""
    student = student_in(student_id, who)

    async def effect(transactions: Transactions) -> StoredAnswer:
        export = await use.ask_for_export(transactions=transactions)(who, student, words().language)
        return answer(202, _body(export), location=f"{V1}/students/{student}/exports")

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get(
    "/students/{student_id:str}/exports",
    operation_id="list_exports",
    summary="List exports",
    responses=refusals(401, 404, 422),
)
async def list_exports(student_id: StudentPath, who: Who, use: Use) -> ExportList:
    """Show your exports, and how far each is."""
    return ExportList([_body(one) for one in await use.list_exports()(who, student_in(student_id, who))])


@get(
    "/students/{student_id:str}/exports/{export_id:str}/file",
    operation_id="open_export",
    summary="Get the file of an export",
    status_code=302,
    responses=refusals(401, 404, 422),
)
async def open_export(
    student_id: StudentPath,
    export_id: FromPath[UUID],
    who: Who,
    use: Use,
    link_lasts: NamedDependency[SkipValidation[timedelta]],
) -> Redirect:
    """Lead to a link that opens the file for a short while, for whoever has it."""
    link = await use.link_to_export(lasting=link_lasts)(who, student_in(student_id, who), ExportId(export_id))
    return Redirect(link.url, status_code=302)


def _body(one: Export) -> ExportBody:
    return ExportBody(str(one.id), one.state.value, one.asked_at, one.ready_at, one.until, one.size, one.content_sha256)


router: Any = Router(V1, route_handlers=[ask_for_export, list_exports, open_export], tags=["Rights"])
