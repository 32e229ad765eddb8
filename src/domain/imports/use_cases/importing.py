"""Taking a catalogue in, and reading the report of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from ....ports.ids import Ids
from ....ports.imports import CatalogueLoading, CatalogueSource
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker
from ...identity.policies import demand_catalogue_keeper
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, Invalid, Reason, RuleBroken
from ...shared.events import Origin
from ...shared.ids import ImportId
from ..catalogue_import import Import, RowProblem, State, Table
from ..comparing import Change, Comparison, Difference
from ..rows import Batch, Edition, ProgrammeRow

Progress = Callable[[Table, int], None]
"""Called with a table and how many of its rows have been read so far."""


BEGINS_WITHIN = timedelta(minutes=1)
"""Between noting an import as begun and holding it lies nothing but the wait for a connection."""
_MANY = 10_000  # problems are written in lots of this size


def unwatched(table: Table, read: int) -> None:
    """Take no notice of progress."""


@dataclass(frozen=True, slots=True)
class ImportCatalogue:
    """Bring the catalogue to what a file says.

    Three units of work: the import is noted as begun, then everything is changed at once, or it is noted why not. The
    second one holds the import, so that everybody sees whether it still runs. Whoever runs it again after a crash gets
    the same result, since only differences are kept.
    """

    transactions: Transactions
    ids: Ids

    async def __call__(
        self, asker: Asker, source: CatalogueSource, *, dry_run: bool = False, progress: Progress = unwatched
    ) -> Import:
        """Return the finished import with its counts; the rows that were not taken are among its problems.

        Raises Forbidden, or BrokenCatalogue when the file cannot be used at all: then nothing was changed.
        """
        demand_catalogue_keeper(asker)
        import_id = ImportId(self.ids.new())
        async with self.transactions(asker.origin) as work:
            by, now = asker.account_id, work.now
            await work.imports.add(Import(import_id, source.kind, source.file_name, source.sha256, dry_run, by, now))
        try:
            return await take_in(self.transactions, self.ids, asker.origin, import_id, source, progress)
        except Invalid:
            raise
        except BaseException:
            # Also a cancellation. Where the database does not answer, BreakOffImports notes it later.
            with suppress(Exception):
                async with self.transactions(asker.origin) as work:
                    await _break_off(work, import_id)
            raise


async def take_in(
    transactions: Transactions,
    ids: Ids,
    origin: Origin,
    import_id: ImportId,
    source: CatalogueSource,
    progress: Progress = unwatched,
) -> Import:
    """Return the finished import, which was noted as running: its file is taken in one unit of work, or, in another,
    noted as refused.

    Raises Invalid for a file that was refused, RuleBroken where the import was closed or is held by somebody else.
    """
    try:
        async with transactions(origin) as work:
            run = await held_import(work, import_id)
            return await _load(work, run, source, await source.open(), ids, progress)
    except Invalid as error:
        async with transactions(origin) as work:
            await note_refusal(work, import_id, error)
        raise


async def _load(
    work: UnitOfWork, run: Import, source: CatalogueSource, edition: Edition, ids: Ids, progress: Progress
) -> Import:
    run.origin, run.edition = edition.origin, edition.edition
    taking = _Taking(work, run, await work.imports.loading(run, edition), ids)
    async for batch in source.read():
        await taking.take(batch)
        progress(batch.table, run.count(batch.table).read)
    await taking.finish()
    event = run.finish(work.now)
    await work.imports.save(run)
    work.record(event, run.version)
    return run


class _Taking:
    """Takes batches into the catalogue, counting; a dry run only counts."""

    def __init__(self, work: UnitOfWork, run: Import, loading: CatalogueLoading, ids: Ids) -> None:
        self.work = work
        self.run = run
        self.loading = loading
        self.ids = ids
        self.comparisons: dict[Table, Comparison[Any]] = {}
        self.noted: list[RowProblem] = []

    async def take(self, batch: Batch) -> None:
        """Count the batch, keep its problems, and carry its differences to the catalogue."""
        counts = self.run.count(batch.table)
        counts.read += batch.read
        counts.refused += batch.refused
        await self._note(batch.problems)
        if batch.table is Table.OFFERINGS:  # they come with their programmes; here is only what was wrong with them
            return
        comparison = await self._comparison(batch.table)
        comparison.hold(batch.held)
        difference = comparison.take(batch.rows)
        counts.unchanged += difference.unchanged
        for change, _, _ in difference.changed:
            self._count(batch.table, change)
        counts.added += len(difference.new)
        if batch.table is Table.PROGRAMMES:
            await self._count_offerings(batch, difference)
        if not self.run.dry_run:
            await self._carry_out(batch.table, difference)

    async def finish(self) -> None:
        """Withdraw what is no longer there, and let the loading end."""
        for table in (Table.PROGRAMMES, Table.CAMPUSES, Table.INSTITUTIONS):
            gone = [standing.id for standing in (await self._comparison(table)).gone()]
            self.run.count(table).removed += len(gone)
            if table is Table.PROGRAMMES:
                places = await self.loading.places(gone)
                self.run.count(Table.OFFERINGS).removed += sum(map(len, places.values()))
            if gone and not self.run.dry_run:
                await self.loading.withdraw(table, gone)
        await self._write_problems()
        if not self.run.dry_run:
            await self.loading.finish()

    async def _comparison(self, table: Table) -> Comparison[Any]:
        if table not in self.comparisons:
            self.comparisons[table] = Comparison(await self.loading.standing(table))
        return self.comparisons[table]

    def _count(self, table: Table, change: Change) -> None:
        counts = self.run.count(table)
        match change:
            case Change.CHANGED:
                counts.changed += 1
            case Change.RESTORED:
                counts.added += 1
            case _:  # a programme that only moved is unchanged: its offerings are counted
                counts.unchanged += 1

    async def _count_offerings(self, batch: Batch, difference: Difference[ProgrammeRow]) -> None:
        counts = self.run.count(Table.OFFERINGS)
        counts.added += sum(len(row.campuses) for row in difference.new)
        moved = {s.id: row for _, s, row in difference.changed if s.withdrawn or s.places != row.places}
        before = await self.loading.places(list(moved)) if moved else {}
        stood = 0
        for programme_id, row in moved.items():
            was, becomes = before.get(programme_id, frozenset()), set(row.campuses)
            counts.added += len(becomes - was)
            counts.removed += len(was - becomes)
            stood += len(becomes & was)
        touched = sum(len(row.campuses) for row in (*difference.new, *moved.values()))
        counts.unchanged += sum(len(row.campuses) for row in _programmes(batch)) - touched + stood

    async def _carry_out(self, table: Table, difference: Difference[Any]) -> None:
        if difference.new:
            new: Callable[[], UUID] = self.ids.new
            await self.loading.add(table, [(new(), row) for row in difference.new])
        if difference.changed:
            await self.loading.change(table, [(change, s.id, row) for change, s, row in difference.changed])

    async def _note(self, problems: Sequence[RowProblem]) -> None:
        if problems:
            first = self.run.problems + 1
            self.noted += [replace(problem, number=n) for n, problem in enumerate(problems, start=first)]
            self.run.problems += len(problems)
        if len(self.noted) >= _MANY:
            await self._write_problems()

    async def _write_problems(self) -> None:
        if self.noted:
            await self.work.imports.add_problems(self.run.id, self.noted)
            self.noted = []


def _programmes(batch: Batch) -> list[ProgrammeRow]:
    return [row for row in batch.rows if isinstance(row, ProgrammeRow)]


async def note_refusal(work: UnitOfWork, import_id: ImportId, error: Invalid) -> None:
    """Close the import of a file that could not be used, with what was wrong with it."""
    run = await work.imports.get(import_id)
    event = run.refuse(work.now)
    problems = [
        RowProblem(reason.where or run.file_name, 0, "", reason.code, reason.params, number=number)
        for number, reason in enumerate(error.reasons, start=1)
    ]
    run.problems = len(problems)
    await work.imports.add_problems(import_id, problems)
    await work.imports.save(run)
    if run.job_id is not None:  # whoever waits for the answer has it anyway
        work.record(event, run.version)


async def held_import(work: UnitOfWork, import_id: ImportId) -> Import:
    """Return the import, held until the unit ends; raise RuleBroken for one that is, or is being, broken off."""
    held = await work.imports.hold(import_id)
    run = await work.imports.get(import_id)
    if not held or run.state is not State.RUNNING:
        raise RuleBroken(Reason("import.closed", {"state": State.BROKEN_OFF.value}))
    return run


async def _break_off(work: UnitOfWork, import_id: ImportId) -> bool:
    run = await work.imports.get(import_id)
    if run.state is not State.RUNNING:
        return False
    run.break_off(work.now)
    await work.imports.save(run)
    return True


@dataclass(frozen=True, slots=True)
class BreakOffImports:
    """Note imports as broken off whose process died: nobody holds them, though they began some time ago.

    One that runs is never broken off, however long it takes: its unit of work holds it. Should one get to its unit of
    work only after ``begins_within``, it finds that it was closed, and takes nothing.
    """

    transactions: Transactions
    begins_within: timedelta = BEGINS_WITHIN

    async def __call__(self) -> int:
        """Return how many there were."""
        async with self.transactions() as work:
            begun = await work.imports.running_since(work.now - self.begins_within)
        noted = 0
        for run in begun:
            with suppress(Conflict):  # it has just noted its end by itself
                async with self.transactions() as work:
                    noted += await work.imports.hold(run.id) and await _break_off(work, run.id)
        return noted
