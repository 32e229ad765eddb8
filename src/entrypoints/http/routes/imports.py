"""Bringing catalogues in; an administrator does."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter, SkipValidation
from litestar.response import Stream

from ....domain.identity.policies import demand_catalogue_keeper
from ....domain.shared.errors import Invalid, Reason
from ....domain.shared.ids import ImportId
from ....ports.errors import Unavailable
from ....ports.imports import CatalogueSource
from ... import problem_lines
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..given import V1, AnyRequest, Cursor, PageSize, Use, Who, asker_now, refusals
from ..uploads import pieces_of
from ..words import words
from .import_bodies import ImportBody, ImportPage, ProblemPage, import_body, problem_row

_PIECE = 1_000
SourceOf = Callable[[Path, str], CatalogueSource]


@post(
    "/imports",
    operation_id="import_catalogue",
    summary="Import a catalogue",
    description="The body is the file itself; the end of `file_name` (.xlsx, .csv, .toml) says how to read it. Running "
    "it again with the same file changes nothing.",
    opt={"raw_body": True},
    responses={
        **refusals(401, 403, 413, 422),
        202: ResponseSpec(ImportBody, description="The file is kept, and a job will take it.", generate_examples=False),
    },
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
    background: Annotated[
        bool,
        QueryParameter(
            name="background",
            required=False,
            description="Answer with 202 once the file is kept, and let a job take it: the import says how far it is.",
        ),
    ] = False,
) -> Response[ImportBody]:
    """Bring the catalogue to what the file says."""
    demand_catalogue_keeper(who)
    if background:
        accepted = await use.accept_import()(
            who,
            pieces_of(request, at_most=largest_catalogue),
            file_name,
            at_most=largest_catalogue,
            dry_run=dry_run,
            asked_now=lambda: asker_now(request),
        )
        return Response(import_body(accepted), status_code=202, headers={"Location": f"/v1/imports/{accepted.run.id}"})
    async with _kept_for_a_while(pieces_of(request, at_most=largest_catalogue)) as path:
        run = await use.import_catalogue()(await asker_now(request), source_of(path, file_name), dry_run=dry_run)
    return Response(import_body(run), status_code=201, headers={"Location": f"/v1/imports/{run.id}"})


@get(
    "/imports/{import_id:str}",
    operation_id="get_import",
    summary="Show an import",
    responses=refusals(401, 403, 404, 422),
)
async def get_import(import_id: FromPath[UUID], who: Who, use: Use) -> ImportBody:
    """Show what an import counted."""
    return import_body(await use.get_import()(who, ImportId(import_id)))


@get(
    "/imports",
    operation_id="list_imports",
    summary="List imports",
    responses=refusals(401, 403, 422),
)
async def list_imports(who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 50) -> ImportPage:
    """Return which imports there were, the newest first."""
    after = position(cursor, UUID)
    found = await use.list_imports()(who, after=None if after is None else ImportId(after), limit=limit + 1)
    more = len(found) > limit
    return ImportPage([import_body(one) for one in found[:limit]], cursor_of(found[limit - 1].id) if more else None)


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
    return ProblemPage(
        [problem_row(one) for one in found[:limit]], cursor_of(found[limit - 1].number) if more else None
    )


@get(
    "/imports/{import_id:str}/problems.csv",
    operation_id="download_row_problems",
    summary="Download what was wrong as a file",
    description="A CSV with an empty column `correction`: fill it in, and send the file back as corrections.",
    responses=refusals(401, 403, 404, 422),
)
async def download_row_problems(import_id: FromPath[UUID], who: Who, use: Use) -> Stream:
    """Return what was wrong with all rows, as a file."""
    wanted, listing = ImportId(import_id), use.list_row_problems()
    first = await listing(who, wanted, limit=_PIECE)
    headers = {"Content-Disposition": 'attachment; filename="problems.csv"', "Cache-Control": "no-store"}

    async def lines() -> AsyncIterator[bytes]:
        yield problem_lines.header()
        page = first
        while page:
            yield problem_lines.lines(page, said)
            page = await listing(who, wanted, after=page[-1].number, limit=_PIECE) if len(page) == _PIECE else ()

    said = words()
    return Stream(lines(), media_type="text/csv", headers=headers)


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


router: Any = Router(
    V1,
    route_handlers=[import_catalogue, get_import, list_imports, list_row_problems, download_row_problems],
    tags=["Imports"],
)
