"""Imports and their reports in memory, and how their rows reach the catalogue there."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from ...domain.catalogue.programme import Programme
from ...domain.imports.catalogue_import import Import, RowProblem, State
from ...domain.imports.catalogue_import import Table as Kind
from ...domain.imports.comparing import Change, Standing
from ...domain.imports.given import KeptRow
from ...domain.imports.programmes import stood_from
from ...domain.imports.provenance import Stood
from ...domain.imports.reverting import Kept, Reverted
from ...domain.imports.rows import Edition, InstitutionRow, ProgrammeRow, Row
from ...domain.imports.touched import TouchedPlan
from ...domain.planning.plan import Plan
from ...domain.shared.errors import Conflict, Invalid, Reason
from ...domain.shared.ids import AccountId, ImportId, JobId, PlanId, ProgrammeId
from ...ports.jobs import JobStatus
from .catalogue import CatalogueStore, MemoryCatalogue, Stored
from .jobs import KeptJob
from .tables import Entities, Table


class ImportStore:
    """What imports keep between units of work."""

    def __init__(self) -> None:
        self.runs: Entities[Import] = Entities()
        self.problems: Table[tuple[ImportId, int], RowProblem] = Table()
        self.rows: Table[tuple[ImportId, int], KeptRow] = Table()

    def keep(self) -> None:
        """Let the changes of the unit count."""
        self.runs.keep()
        self.problems.keep()
        self.rows.keep()

    def discard(self) -> None:
        """Forget the changes of the unit."""
        self.runs.discard()
        self.problems.discard()
        self.rows.discard()


class MemoryImports:
    """The imports as the open unit sees them."""

    def __init__(
        self, store: ImportStore, catalogue: CatalogueStore, plans: Entities[Plan], jobs: Table[JobId, KeptJob]
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._plans = plans
        self._jobs = jobs

    async def add(self, run: Import) -> None:
        self._store.runs.add(run.id, run)

    async def get(self, import_id: ImportId) -> Import:
        return self._store.runs.found(import_id)

    async def save(self, run: Import) -> None:
        self._store.runs.save(run.id, run)

    async def running_since(self, before: datetime) -> Sequence[Import]:
        begun = self._store.runs.rows(
            lambda run: run.state is State.RUNNING and run.started_at < before and run.job_id is None
        )
        return sorted(begun, key=lambda run: (run.started_at, run.id))

    async def hold(self, import_id: ImportId) -> bool:
        return True  # units of work follow one another here, so no other is open

    async def add_problems(self, import_id: ImportId, problems: Sequence[RowProblem]) -> None:
        for problem in problems:
            if self._store.problems.get((import_id, problem.number)) is not None:
                raise Conflict
            self._store.problems.put((import_id, problem.number), problem)

    async def problems(self, import_id: ImportId, after: int, limit: int) -> Sequence[RowProblem]:
        found: list[RowProblem] = []
        while len(found) < limit and (problem := self._store.problems.get((import_id, after + 1))) is not None:
            found.append(problem)
            after += 1
        return found

    async def loading(self, run: Import, edition: Edition) -> MemoryLoading:
        return MemoryLoading(self._catalogue, run, edition)

    async def reverting(self, run: Import, undone: Import) -> MemoryReverting:
        return MemoryReverting(self._catalogue, run, undone)

    async def taken_from(self, sha256: str, by: AccountId | None = None) -> Import | None:
        taken = [
            run
            for run in self._store.runs.rows()
            if run.sha256 == sha256
            and run.is_about_people == (by is not None)
            and by in (None, run.by)
            and run.state is State.FINISHED
            and not (run.dry_run or run.corrections or run.undoes or run.undone_by)
        ]
        return max(taken, key=lambda run: (run.finished_at or run.started_at, run.id), default=None)

    async def unused(self, hashes: Sequence[str], now: datetime) -> frozenset[str]:
        kept = self._store.runs.rows(lambda run: run.kept_until is not None and run.kept_until > now)
        return frozenset(hashes).difference(*([run.sha256, *run.corrections] for run in kept))

    async def page(
        self, after: ImportId | None, limit: int, *, by: AccountId | None = None, catalogues: bool = True
    ) -> Sequence[Import]:
        runs = self._store.runs.rows(
            lambda run: (after is None or run.id < after) and (run.by == by if run.is_about_people else catalogues)
        )
        return sorted(runs, key=lambda run: run.id, reverse=True)[:limit]

    async def add_rows(self, rows: Sequence[KeptRow]) -> None:
        for row in rows:
            if self._store.rows.get((row.import_id, row.number)) is not None:
                raise Conflict
            self._store.rows.put((row.import_id, row.number), row)

    async def rows(self, import_id: ImportId, after: int, limit: int) -> Sequence[KeptRow]:
        found = self._store.rows.rows(lambda row: row.import_id == import_id and row.number > after)
        return sorted(found, key=lambda row: row.number)[:limit]

    async def rows_at(self, import_id: ImportId, numbers: Collection[int]) -> Sequence[KeptRow]:
        found = (self._store.rows.get((import_id, number)) for number in sorted(set(numbers)))
        return [row for row in found if row is not None]

    async def is_named_before(self, row: KeptRow) -> bool:
        def is_before(one: KeptRow) -> bool:
            return (one.import_id, one.about) == (row.import_id, row.about) and one.number < row.number

        return self._store.rows.any(is_before)

    async def set_aside(self, limit: int) -> Sequence[Import]:
        parked = {kept.job.id for kept in self._jobs.rows(lambda kept: kept.job.status is JobStatus.PARKED)}
        found = self._store.runs.rows(lambda run: run.is_open and run.job_id in parked)
        return sorted(found, key=lambda run: run.id)[:limit]

    async def touched_plans(self, import_id: ImportId, after: PlanId | None, limit: int) -> Sequence[TouchedPlan]:
        found = []
        for plan in self._plans.rows(None if after is None else lambda plan: plan.id > after):
            history = self._catalogue.history
            targets = tuple(one for one in plan.targets if history.get((import_id, one.programme_id)) is not None)
            if targets:
                found.append(TouchedPlan(plan.id, plan.student_id, plan.version, targets))
        return sorted(found, key=lambda plan: plan.id)[:limit]

    async def programme_before(self, import_id: ImportId, programme_id: ProgrammeId) -> Programme | None:
        found = self._catalogue.history.get((import_id, programme_id))
        return None if found is None else MemoryCatalogue(self._catalogue).programme_as_it_was(programme_id, found[1])

    async def history(self, programme_id: ProgrammeId) -> Sequence[Stood]:
        stands = self._catalogue.get(Kind.PROGRAMMES, programme_id)
        every = self._catalogue.history
        keys = [key for key in every.keys() if key[1] == programme_id]  # noqa: SIM118 - a method of the table
        before = [found[1] for key in keys if (found := every.get(key)) is not None]
        return [_stood(stored) for stored in (*before, stands)]


class MemoryLoading:
    """One import's way into the catalogue in memory."""

    def __init__(self, store: CatalogueStore, run: Import, edition: Edition) -> None:
        self._store = store
        self._run = run
        self._edition = edition

    async def standing(self, table: Kind) -> dict[str, Standing]:
        return {
            stored.row.key: Standing(id_, stored.row.digest, stored.row.places, stored.withdrawn)
            for id_, stored in self._store.stored(table)
            if stored.origin == self._edition.origin
        }

    async def add(self, table: Kind, rows: Sequence[tuple[UUID, Row]]) -> None:
        taken = {stored.row.key for _, stored in self._store.stored(table)}
        for id_, row in rows:
            if row.key in taken:
                raise Invalid(Reason("import.key_taken", {"detail": row.key}, table.value))
            self._store.put(table, id_, Stored(row, self._edition.origin, self._run.id, self._run.id))

    async def change(self, table: Kind, rows: Sequence[tuple[Change, UUID, Row]]) -> None:
        for change, id_, row in rows:
            stood = _keep_history(self._store, self._run.id, table, id_, change)
            self._store.put(table, id_, Stored(row, self._edition.origin, stood.added_in, self._run.id))

    async def withdraw(self, table: Kind, ids: Sequence[UUID]) -> None:
        for id_ in ids:
            stood = _keep_history(self._store, self._run.id, table, id_, Change.WITHDRAWN)
            self._store.put(table, id_, _withdrawn(stood, self._run.id))

    async def places(self, programmes: Sequence[UUID]) -> Mapping[UUID, frozenset[str]]:
        rows = ((id_, self._store.get(Kind.PROGRAMMES, id_).row) for id_ in programmes)
        return {id_: frozenset(row.campuses) for id_, row in rows if isinstance(row, ProgrammeRow) and row.campuses}

    async def finish(self) -> None:
        origin, sha256 = self._edition.origin, self._run.sha256
        stands = self._store.editions.get(origin)
        if stands is None or stands[1] != sha256:
            if stands is not None:
                self._store.editions_before.put(self._run.id, stands)
            retrieved_on = self._run.started_at.date()
            self._store.editions.put(origin, (self._edition.source(retrieved_on), sha256))


class MemoryReverting:
    """One import on its way back in memory."""

    def __init__(self, store: CatalogueStore, run: Import, undone: Import) -> None:
        self._store = store
        self._run = run
        self._undone = undone

    async def revert(self, table: Kind) -> Reverted:
        undone = self._undone.id
        needed = self._needed(table)
        restored = withdrawn = 0
        kept = []
        for id_, stored in self._store.stored(table):
            before = self._store.history.get((undone, id_))
            if stored.changed_in != undone:
                if before is not None or stored.added_in == undone:
                    kept.append(Kept(stored.row.key, stored.row.number, "import.changed_since"))
            elif before is not None:
                restored += 1
                self._put(table, id_, before[1])
            elif stored.row.key in needed:
                kept.append(Kept(stored.row.key, stored.row.number, "import.still_needed"))
            else:
                withdrawn += 1
                self._put(table, id_, _withdrawn(stored, self._run.id))
        return Reverted(restored, withdrawn, tuple(sorted(kept, key=lambda one: (one.row, one.key))))

    async def finish(self) -> None:
        origin, before = self._undone.origin, self._store.editions_before.get(self._undone.id)
        stands = self._store.editions.get(origin)
        if before is not None and stands is not None and stands[1] == self._undone.sha256 and not self._run.dry_run:
            self._store.editions.put(origin, before)

    def _needed(self, table: Kind) -> set[str]:
        """Return the keys of what rows of the table need that stand and are not of the import."""
        needed: set[str] = set()
        for kind in (Kind.PROGRAMMES, Kind.CAMPUSES):
            for _, stored in self._store.stored(kind):
                row = stored.row
                if stored.withdrawn or stored.changed_in == self._undone.id or isinstance(row, InstitutionRow):
                    continue
                needed.add(row.institution_key)
                if isinstance(row, ProgrammeRow):
                    needed.update(row.campuses)
        return needed if table is not Kind.PROGRAMMES else set()

    def _put(self, table: Kind, id_: UUID, stored: Stored) -> None:
        if not self._run.dry_run:
            _keep_history(self._store, self._run.id, table, id_, Change.UNDONE)
            self._store.put(table, id_, stored)


def _keep_history(store: CatalogueStore, run_id: ImportId, table: Kind, id_: UUID, change: Change) -> Stored:
    stood = store.get(table, id_)
    if store.history.get((run_id, id_)) is not None:
        raise Conflict
    store.history.put((run_id, id_), (change, stood))
    return stood


def _withdrawn(stood: Stored, run_id: ImportId) -> Stored:
    row: Any = stood.row
    if isinstance(row, ProgrammeRow):
        row = row._replace(campuses=(), places=0)
    return replace(stood, row=row, changed_in=run_id, withdrawn=True)


def _stood(stored: Stored) -> Stood:
    row: Any = stored.row
    columns = row._asdict()
    for name in ("details", "stated"):
        columns[name] = columns[name] and json.loads(columns[name])
    for name in ("fields", "languages"):
        columns[name] = list(columns[name])
    return stood_from({**columns, "changed_in": str(stored.changed_in), "file_row": row.number})
