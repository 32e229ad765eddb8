"""What is done with an import that there is: corrected, run again, undone; and where values come from."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, QueryParameter

from ....domain.identity.policies import demand_staff
from ....domain.imports.corrections import LARGEST_CORRECTIONS
from ....domain.shared.ids import ImportId, ProgrammeId
from ....ports.answers import StoredAnswer
from ....ports.transactions import Transactions
from ..given import V1, AnyRequest, Use, Who, asker_now, refusals
from ..once import IdempotencyKey, answer, once
from ..uploads import pieces_of
from .import_bodies import ImportBody, OriginsBody, import_body, origins_body

DryRun = Annotated[
    bool, QueryParameter(name="dry_run", required=False, description="Report the same, and keep nothing else.")
]


@post(
    "/imports/{import_id:str}/corrections",
    operation_id="correct_import",
    summary="Import a file with corrections",
    description="The body is a CSV with the columns sheet, row, column and correction, as in `problems.csv`; `[empty]` "
    "empties a cell. The file itself stays as it was: a new import takes it, in the background, with the corrections "
    "upon it and those that lay there already.",
    opt={"raw_body": True},
    status_code=202,
    responses=refusals(401, 403, 404, 413, 422),
)
async def correct_import(
    request: AnyRequest,
    import_id: FromPath[UUID],
    who: Who,
    use: Use,
    file_name: Annotated[
        str, QueryParameter(name="file_name", required=False, min_length=1, max_length=200)
    ] = "corrections.csv",
    dry_run: DryRun = False,
) -> Response[ImportBody]:
    """Take the file of an import once more, corrected."""
    demand_staff(who)
    content = b"".join([piece async for piece in pieces_of(request, at_most=LARGEST_CORRECTIONS)])
    correct = use.correct_import()
    found = await correct(await asker_now(request), ImportId(import_id), content, file_name, dry_run=dry_run)
    return Response(import_body(found), status_code=202, headers={"Location": f"/v1/imports/{found.run.id}"})


@post(
    "/imports/{import_id:str}/repetitions",
    operation_id="run_import_again",
    summary="Import the same file again",
    description="For good after a dry run, or after one that was broken off; with the corrections that lay upon it.",
    status_code=202,
    responses=refusals(401, 403, 404, 409, 422),
)
async def run_import_again(
    request: AnyRequest,
    import_id: FromPath[UUID],
    who: Who,
    use: Use,
    dry_run: DryRun = False,
    idempotency_key: IdempotencyKey = None,
) -> Response[ImportBody]:
    """Take the file of an import once more as it is."""

    async def effect(transactions: Transactions) -> StoredAnswer:
        run_again = use.run_import_again(transactions=transactions)
        found = await run_again(who, ImportId(import_id), dry_run=dry_run)
        return answer(202, import_body(found), location=f"/v1/imports/{found.run.id}")

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@post(
    "/imports/{import_id:str}/undo",
    operation_id="undo_import",
    summary="Undo an import",
    description="In the background, all at once: what it changed is again what it was, and what it added is withdrawn. "
    "What somebody has changed since stays, and is named among the problems of the new import.",
    status_code=202,
    responses=refusals(401, 403, 404, 409, 422),
)
async def undo_import(
    request: AnyRequest,
    import_id: FromPath[UUID],
    who: Who,
    use: Use,
    dry_run: DryRun = False,
    idempotency_key: IdempotencyKey = None,
) -> Response[ImportBody]:
    """Have everything that an import changed taken back."""

    async def effect(transactions: Transactions) -> StoredAnswer:
        undo = use.undo_import(transactions=transactions)
        found = await undo(who, ImportId(import_id), dry_run=dry_run)
        return answer(202, import_body(found), location=f"/v1/imports/{found.run.id}")

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get(
    "/programmes/{programme_id:str}/origins",
    operation_id="trace_programme",
    summary="Show where a programme's values come from",
    responses=refusals(401, 403, 404, 422),
)
async def trace_programme(programme_id: FromPath[UUID], who: Who, use: Use) -> OriginsBody:
    """Return for each value the import that brought it, and the row of its file."""
    return origins_body(await use.trace_programme()(who, ProgrammeId(programme_id)))


router: Any = Router(
    V1, route_handlers=[correct_import, run_import_again, undo_import, trace_programme], tags=["Imports"]
)
