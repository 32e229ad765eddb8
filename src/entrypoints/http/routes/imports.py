"""Bringing catalogues in; an administrator does."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter, SkipValidation

from ....domain.identity.policies import demand_catalogue_keeper
from ....domain.imports.catalogue_import import Import, RowProblem
from ....domain.shared.errors import Invalid, Reason
from ....domain.shared.ids import ImportId
from ....ports.errors import Unavailable
from ....ports.imports import CatalogueSource
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..given import V1, AnyRequest, Cursor, PageSize, Use, Who, asker_now, refusals
from ..uploads import pieces_of
from ..wire import Id, ParamsBody, params_body
from ..words import sentence

SourceOf = Callable[[Path, str], CatalogueSource]


class CountsBody(msgspec.Struct, frozen=True):
    """Rows of one table. What was read is what was added, changed, unchanged or refused; removed stood before."""

    read: int
    added: int
    changed: int
    removed: int
    unchanged: int
    refused: int


class ImportBody(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of one file; its row problems are listed apart."""

    id: Id
    kind: str
    file_name: str
    sha256: str
    dry_run: bool
    state: str
    origin: str
    edition: str
    counts: dict[str, CountsBody]
    problems: int
    changed_nothing: bool
    started_at: datetime
    finished_at: datetime | None


class ProblemRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one row, and where."""

    number: int
    sheet: str
    row: int
    column: str
    severity: str
    code: str
    message: str
    params: ParamsBody


class ProblemPage(msgspec.Struct, frozen=True):
    """Some row problems; hand ``next`` back as ``cursor`` for more."""

    items: list[ProblemRow]
    next: str | None


@post(
    "/imports",
    operation_id="import_catalogue",
    summary="Import a catalogue",
    description="The body is the file itself; the end of `file_name` (.xlsx, .csv, .toml) says how to read it. Running "
    "it again with the same file changes nothing.",
    opt={"raw_body": True},
    responses=refusals(401, 403, 413, 422),
)
async def import_catalogue(
    request: AnyRequest,
    who: Who,
    use: Use,
    source_of: NamedDependency[SkipValidation[SourceOf]],
    largest_catalogue: NamedDependency[SkipValidation[int]],
    file_name: Annotated[str, QueryParameter(name="file_name", min_length=1, max_length=200)],
    dry_run: Annotated[
        bool, QueryParameter(name="dry_run", required=False, description="Report the same, and keep nothing else.")
    ] = False,
) -> Response[ImportBody]:
    """Bring the catalogue to what the file says."""
    demand_catalogue_keeper(who)
    async with _kept_for_a_while(pieces_of(request, at_most=largest_catalogue)) as path:
        run = await use.import_catalogue()(await asker_now(request), source_of(path, file_name), dry_run=dry_run)
    return Response(_body(run), status_code=201, headers={"Location": f"/v1/imports/{run.id}"})


@get(
    "/imports/{import_id:str}",
    operation_id="get_import",
    summary="Show an import",
    responses=refusals(401, 403, 404, 422),
)
async def get_import(import_id: FromPath[UUID], who: Who, use: Use) -> ImportBody:
    """Show what an import counted."""
    return _body(await use.get_import()(who, ImportId(import_id)))


@get(
    "/imports/{import_id:str}/problems",
    operation_id="list_row_problems",
    summary="List rows that were not taken",
    responses=refusals(401, 403, 404, 422),
)
async def list_row_problems(
    import_id: FromPath[UUID], who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 50
) -> ProblemPage:
    """Return what was wrong, row by row, in the order of the file."""
    after = _number(cursor)
    found = await use.list_row_problems()(who, ImportId(import_id), after=after, limit=limit + 1)
    more = len(found) > limit
    return ProblemPage([_problem(one) for one in found[:limit]], cursor_of(found[limit - 1].number) if more else None)


def _number(word: str | None) -> int:
    number = position(word, int) or 0
    if not 0 <= number < 2**31:
        raise Invalid(Reason("request.broken_cursor", {}, "cursor"))
    return number


@asynccontextmanager
async def _kept_for_a_while(pieces: AsyncIterator[bytes]) -> AsyncIterator[Path]:
    """Write the pieces to a file that only lasts for the block; raise Unavailable when there is no room for it."""
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="higherstudy-import-"))
            path = Path(folder) / "catalogue"
            with path.open("wb") as file:
                async for piece in pieces:
                    await asyncio.to_thread(file.write, piece)
        except OSError as error:  # full, read-only, or no folder for such files at all
            raise Unavailable from error
        yield path


def _body(run: Import) -> ImportBody:
    return ImportBody(
        id=str(run.id),
        kind=run.kind.value,
        file_name=run.file_name,
        sha256=run.sha256,
        dry_run=run.dry_run,
        state=run.state.value,
        origin=run.origin,
        edition=run.edition,
        counts={
            table.value: CountsBody(c.read, c.added, c.changed, c.removed, c.unchanged, c.refused)
            for table, c in run.counts.items()
        },
        problems=run.problems,
        changed_nothing=run.changed_nothing,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def _problem(problem: RowProblem) -> ProblemRow:
    return ProblemRow(
        number=problem.number,
        sheet=problem.sheet,
        row=problem.row,
        column=problem.column,
        severity=problem.severity.value,
        code=problem.code,
        message=sentence(problem.code, problem.params),
        params=params_body(problem.params),
    )


router: Any = Router(V1, route_handlers=[import_catalogue, get_import, list_row_problems], tags=["Imports"])
