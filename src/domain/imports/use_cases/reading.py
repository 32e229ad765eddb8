"""Looking at imports: how far each is, what was wrong with its rows, and where a programme's values come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ....ports.jobs import Job
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker
from ...identity.policies import demand_catalogue_keeper, keeps_catalogue
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import ImportId, ProgrammeId
from ..catalogue_import import Import, RowProblem
from ..given import KeptRow
from ..policies import demand_importer, demand_say_over
from ..provenance import Origin, origins_of

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Followed:
    """An import with the job that takes it in the background, while that is known."""

    run: Import
    job: Job | None = None


@dataclass(frozen=True, slots=True)
class GetImport:
    """Show one import with its counts, and how far it is."""

    transactions: Transactions

    async def __call__(self, asker: Asker, import_id: ImportId) -> Followed:
        """Return the import with its job; raise Forbidden or NotFound."""
        demand_importer(asker)
        async with self.transactions(asker.origin) as work:
            run = await work.imports.get(import_id)
            demand_say_over(asker, run)
            return await followed(work, run)


@dataclass(frozen=True, slots=True)
class ListImports:
    """Show which imports there were."""

    transactions: Transactions

    async def __call__(self, asker: Asker, *, after: ImportId | None = None, limit: int = 50) -> Sequence[Import]:
        """Return imports, the newest first, from just after that one: of catalogues to who looks after them, and of
        people those that the asker has brought; raise Forbidden."""
        demand_importer(asker)
        async with self.transactions(asker.origin) as work:
            by, catalogues = asker.account_id, keeps_catalogue(asker)
            return await work.imports.page(after, limit, by=by, catalogues=catalogues)


@dataclass(frozen=True, slots=True)
class ListRowProblems:
    """Show what was wrong with the rows of one import."""

    transactions: Transactions

    async def __call__(
        self, asker: Asker, import_id: ImportId, *, after: int = 0, limit: int = 50
    ) -> Sequence[RowProblem]:
        """Return the next problems after that number, at most ``limit``; raise Forbidden or NotFound."""
        demand_importer(asker)
        async with self.transactions(asker.origin) as work:
            run = await work.imports.get(import_id)
            demand_say_over(asker, run)
            found = await work.imports.problems(import_id, after, limit)
            return await _with_cells(work, run, found) if run.is_about_people else found


@dataclass(frozen=True, slots=True)
class TraceProgramme:
    """Say where each value of a programme comes from."""

    transactions: Transactions

    async def __call__(self, asker: Asker, programme_id: ProgrammeId) -> dict[str, Origin]:
        """Return by the value's name which import brought it, from which row; raise Forbidden or NotFound."""
        demand_catalogue_keeper(asker)
        async with self.transactions(asker.origin) as work:
            return origins_of(await work.imports.history(programme_id))


async def _with_cells(work: UnitOfWork, run: Import, problems: Sequence[RowProblem]) -> Sequence[RowProblem]:
    """Return the problems with what stands in their cells, which a report of people keeps only with its rows."""
    numbers = {one.row for one in problems if one.row}
    if not numbers:
        return problems
    rows = {one.number: one for one in await work.imports.rows_at(run.id, numbers)}
    return [_with_cell(one, run, rows.get(one.row)) for one in problems]


def _with_cell(problem: RowProblem, run: Import, row: KeptRow | None) -> RowProblem:
    if row is None or problem.column not in run.columns:
        return problem
    given = row.cells[run.columns.index(problem.column)][:_SHOWN]
    return replace(problem, params={**problem.params, "given": given})


async def followed(work: UnitOfWork, run: Import) -> Followed:
    """Return the import with its job, if it has one that is kept."""
    if run.job_id is None:
        return Followed(run)
    try:
        return Followed(run, await work.jobs.get(run.job_id))
    except NotFound:  # done jobs go after some days
        return Followed(run)
