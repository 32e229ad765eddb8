"""Imports in the background: a file is kept, and a job takes it; corrected, once more, or back.

Asking for one is one unit of work. The job is a sequence: the import is noted as begun, then all is changed at once, or
it is noted why not. A worker that dies leaves nothing behind but that note, and whoever goes on begins the file anew.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from ....ports.files import Files
from ....ports.ids import Ids
from ....ports.imports import CatalogueSource, StoredCatalogues
from ....ports.jobs import Job
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker
from ...identity.policies import demand_catalogue_keeper
from ...shared.dataclass import dataclass
from ...shared.errors import Invalid, NotFound, Reason, RuleBroken
from ...shared.events import Origin
from ...shared.ids import ImportId, JobId
from ..catalogue_import import FILE_KEPT_FOR, MOST_CORRECTIONS, Import, ImportKind, RowProblem, State, Table
from ..corrections import LARGEST_CORRECTIONS, read_corrections
from ..policies import demand_importer, demand_say_over
from ..rows import Batch, Edition
from .accepting_people import PeopleAgain, job_of
from .importing import held_import, note_refusal, take_in
from .reading import Followed, followed

TAKE = "take_import"
"""The name of the job that takes a file, or takes an import back."""
Report = Callable[[int], Awaitable[None]]
"""Hears how many rows have been read, as that grows."""


@dataclass(frozen=True)
class AcceptImport:
    """Keep a file, and have it taken in the background."""

    transactions: Transactions
    files: Files
    catalogues: StoredCatalogues
    ids: Ids

    async def __call__(
        self,
        asker: Asker,
        content: AsyncIterator[bytes],
        file_name: str,
        *,
        at_most: int,
        dry_run: bool = False,
        asked_now: Callable[[], Awaitable[Asker]] | None = None,
    ) -> Followed:
        """Return the import that waits for its job. Its file is what came now, by its hash, whatever comes later.

        ``asked_now`` returns the asker with the rights of that moment, once the last byte has come. Raises Forbidden,
        BrokenCatalogue for a name that no reader takes, RuleBroken for an empty or too large file, Unavailable.
        """
        demand_catalogue_keeper(asker)
        kind = self.catalogues.kind_of(file_name)
        stored = await self.files.store(content, at_most=at_most)
        if asked_now is not None:
            asker = await asked_now()
            demand_catalogue_keeper(asker)
        async with self.transactions(asker.origin) as work:
            same = await work.imports.taken_from(stored.sha256)
            run = Import(
                id=ImportId(self.ids.new()),
                kind=kind,
                file_name=file_name,
                sha256=stored.sha256,
                dry_run=dry_run,
                by=asker.account_id,
                started_at=work.now,
                size=stored.size,
                kept_until=work.now + FILE_KEPT_FOR,
                same_as=same.id if same else None,
            )
            return await _waiting(work, run, self.ids, asker.origin)


@dataclass(frozen=True)
class CorrectImport:
    """Take the file of an import once more, with corrections lying upon it."""

    transactions: Transactions
    files: Files
    ids: Ids

    async def __call__(
        self, asker: Asker, import_id: ImportId, corrections: bytes, file_name: str, *, dry_run: bool = False
    ) -> Followed:
        """Return the new import that waits for its job; corrections that lay upon the file already stay beneath.

        Raises Forbidden, NotFound, Invalid with each wrong line of the corrections, RuleBroken when the file is kept no
        more or takes no corrections, Unavailable.
        """
        demand_importer(asker)
        read_corrections(corrections, file_name)
        async with self.transactions(asker.origin) as work:
            run = await work.imports.get(import_id)
            demand_say_over(asker, run)
            if run.is_about_people:  # what corrects somebody's data lies in no store of files
                people_again = PeopleAgain(self.ids)
                return await people_again(
                    work, asker, run, dry_run=dry_run, corrections=corrections, file_name=file_name
                )
            _demand_correctable(run)
            run.demand_file(work.now)
        stored = await self.files.store(_once(corrections), at_most=LARGEST_CORRECTIONS)
        async with self.transactions(asker.origin) as work:
            run = await work.imports.get(import_id)
            run.demand_file(work.now)
            again = _again(work, run, self.ids, asker, dry_run=dry_run)
            again.corrections = (*run.corrections, stored.sha256)
            return await _waiting(work, again, self.ids, asker.origin)


@dataclass(frozen=True)
class RunImportAgain:
    """Take the file of an import once more as it is: after a dry run for good, or after one that was broken off."""

    transactions: Transactions
    ids: Ids

    async def __call__(self, asker: Asker, import_id: ImportId, *, dry_run: bool = False) -> Followed:
        """Return the new import that waits for its job; raise Forbidden, NotFound, RuleBroken when the file is kept no
        more."""
        demand_importer(asker)
        async with self.transactions(asker.origin) as work:
            run = await work.imports.get(import_id)
            demand_say_over(asker, run)
            if run.is_about_people:
                return await PeopleAgain(self.ids)(work, asker, run, dry_run=dry_run)
            run.demand_file(work.now)
            again = _again(work, run, self.ids, asker, dry_run=dry_run)
            return await _waiting(work, again, self.ids, asker.origin)


@dataclass(frozen=True)
class UndoImport:
    """Have everything that an import changed taken back, unless somebody has changed it since."""

    transactions: Transactions
    ids: Ids

    async def __call__(self, asker: Asker, import_id: ImportId, *, dry_run: bool = False) -> Followed:
        """Return the import that will undo it; raise Forbidden, NotFound, RuleBroken when there is nothing to take
        back, or it was taken back already."""
        demand_importer(asker)
        async with self.transactions(asker.origin) as work:
            run = await work.imports.get(import_id)
            demand_say_over(asker, run)
            run.demand_undoable()
            undo = Import(
                ImportId(self.ids.new()), run.kind, run.file_name, run.sha256, dry_run, asker.account_id, work.now
            )
            undo.undoes, undo.origin, undo.edition = run.id, run.origin, run.edition
            return await _waiting(work, undo, self.ids, asker.origin)


@dataclass(frozen=True)
class TakeImport:
    """Carry out what waits: take the file from the store, or take an import back."""

    transactions: Transactions
    files: Files
    catalogues: StoredCatalogues
    ids: Ids

    async def __call__(self, import_id: ImportId, report: Report, origin: Origin) -> None:
        """Return when the import has come to its end, also where it was refused; ``report`` hears how far it is.

        However often this is broken off and called again, the file is taken once. Raises Conflict or RuleBroken while
        somebody else is at it, Unavailable where a part does not answer.
        """
        async with self.transactions(origin) as work:
            run = await work.imports.get(import_id)
            if not run.is_open and run.state is not State.FAILED:
                return
            run.begin()
            await work.imports.save(run)
        if run.undoes is not None:
            await self._undo(run.id, run.undoes, report, origin)
            return
        try:
            async with self.catalogues.fetched(self.files, run.sha256, run.file_name, run.corrections) as source:
                await take_in(self.transactions, self.ids, origin, run.id, _Reported(source, report))
        except NotFound:
            await self._refuse(run.id, Invalid(Reason("import.file_gone", {}, run.file_name)), origin)
        except Invalid as error:
            await self._refuse(run.id, error, origin)

    async def _undo(self, import_id: ImportId, undone_id: ImportId, report: Report, origin: Origin) -> None:
        async with self.transactions(origin) as work:
            run = await held_import(work, import_id)
            undone = await work.imports.get(undone_id)
            try:
                undone.demand_undoable()
            except RuleBroken as error:  # somebody else was first
                await note_refusal(work, run.id, Invalid(*error.reasons))
                return
            await _take_back(work, run, undone)
        await report(sum(counts.read for counts in run.counts.values()))

    async def _refuse(self, import_id: ImportId, why: Invalid, origin: Origin) -> None:
        """Note why, unless that is noted already."""
        async with self.transactions(origin) as work:
            run = await work.imports.get(import_id)
            if run.is_open:
                await note_refusal(work, import_id, why)


class _Reported:
    """A source that tells how many of its rows were read."""

    def __init__(self, source: CatalogueSource, report: Report) -> None:
        self._source = source
        self._report = report

    @property
    def kind(self) -> ImportKind:
        return self._source.kind

    @property
    def file_name(self) -> str:
        return self._source.file_name

    @property
    def sha256(self) -> str:
        return self._source.sha256

    async def open(self) -> Edition:
        return await self._source.open()

    async def read(self) -> AsyncIterator[Batch]:
        read = 0
        async for batch in self._source.read():
            yield batch
            read += batch.read
            await self._report(read)


async def _take_back(work: UnitOfWork, run: Import, undone: Import) -> None:
    reverting = await work.imports.reverting(run, undone)
    problems: list[RowProblem] = []
    for table in (Table.PROGRAMMES, Table.CAMPUSES, Table.INSTITUTIONS):
        done = await reverting.revert(table)
        counts = run.count(table)
        counts.changed, counts.removed, counts.refused = done.restored, done.withdrawn, len(done.kept)
        counts.read = done.restored + done.withdrawn + len(done.kept)
        problems += [kept.problem(table) for kept in done.kept]
    await reverting.finish()
    run.problems = len(problems)
    numbered = enumerate(problems, start=1)
    await work.imports.add_problems(run.id, [one.numbered(number) for number, one in numbered])
    event = run.finish(work.now)
    await work.imports.save(run)
    work.record(event, run.version)
    if not run.dry_run:
        undone.undone_by = run.id
        await work.imports.save(undone)


def _again(work: UnitOfWork, run: Import, ids: Ids, asker: Asker, *, dry_run: bool) -> Import:
    again = Import(ImportId(ids.new()), run.kind, run.file_name, run.sha256, dry_run, asker.account_id, work.now)
    again.size, again.corrections, again.corrects = run.size, run.corrections, run.id
    again.kept_until = run.kept_until
    return again


def _demand_correctable(run: Import) -> None:
    if run.kind is ImportKind.CATALOGUE_TOML:
        raise RuleBroken(Reason("corrections.not_here"))
    if len(run.corrections) >= MOST_CORRECTIONS:
        raise RuleBroken(Reason("corrections.too_many_files", {"at_most": MOST_CORRECTIONS}))


async def _waiting(work: UnitOfWork, run: Import, ids: Ids, origin: Origin) -> Followed:
    run.job_id, run.state = JobId(ids.new()), State.WAITING
    await work.imports.add(run)
    if run.is_about_people:
        await work.jobs.add(job_of(run, work.now, origin))
        return await followed(work, run)
    arguments, key = {"import": str(run.id)}, f"import {run.id}"
    await work.jobs.add(Job(run.job_id, TAKE, work.now, arguments=arguments, key=key, origin=origin))
    return await followed(work, run)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
