"""Imports and their reports in memory, and how their rows reach the catalogue there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from ...domain.imports.catalogue_import import Import, RowProblem, State
from ...domain.imports.catalogue_import import Table as Kind
from ...domain.imports.comparing import Change, Standing
from ...domain.imports.rows import Edition, ProgrammeRow, Row
from ...domain.shared.errors import Conflict, Invalid, Reason
from ...domain.shared.ids import ImportId
from .catalogue import CatalogueStore, Stored
from .tables import Entities, Table


class ImportStore:
    """What imports keep between units of work."""

    def __init__(self) -> None:
        self.runs: Entities[Import] = Entities()
        self.problems: Table[tuple[ImportId, int], RowProblem] = Table()

    def keep(self) -> None:
        """Let the changes of the unit count."""
        self.runs.keep()
        self.problems.keep()

    def discard(self) -> None:
        """Forget the changes of the unit."""
        self.runs.discard()
        self.problems.discard()


class MemoryImports:
    """The imports as the open unit sees them."""

    def __init__(self, store: ImportStore, catalogue: CatalogueStore) -> None:
        self._store = store
        self._catalogue = catalogue

    async def add(self, run: Import) -> None:
        self._store.runs.add(run.id, run)

    async def get(self, import_id: ImportId) -> Import:
        return self._store.runs.found(import_id)

    async def save(self, run: Import) -> None:
        self._store.runs.save(run.id, run)

    async def running_since(self, before: datetime) -> Sequence[Import]:
        begun = self._store.runs.rows(lambda run: run.state is State.RUNNING and run.started_at < before)
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
            self._store.put(table, id_, Stored(row, self._edition.origin))

    async def change(self, table: Kind, rows: Sequence[tuple[Change, UUID, Row]]) -> None:
        for change, id_, row in rows:
            self._keep_history(table, id_, change)
            self._store.put(table, id_, Stored(row, self._edition.origin))

    async def withdraw(self, table: Kind, ids: Sequence[UUID]) -> None:
        for id_ in ids:
            stood = self._keep_history(table, id_, Change.WITHDRAWN)
            row: Any = stood.row
            if isinstance(row, ProgrammeRow):
                row = row._replace(campuses=(), places=0)
            self._store.put(table, id_, Stored(row, stood.origin, withdrawn=True))

    async def places(self, programmes: Sequence[UUID]) -> Mapping[UUID, frozenset[str]]:
        rows = ((id_, self._store.get(Kind.PROGRAMMES, id_).row) for id_ in programmes)
        return {id_: frozenset(row.campuses) for id_, row in rows if isinstance(row, ProgrammeRow) and row.campuses}

    async def finish(self) -> None:
        origin, sha256 = self._edition.origin, self._run.sha256
        stands = self._store.editions.get(origin)
        if stands is None or stands[1] != sha256:
            retrieved_on = self._run.started_at.date()
            self._store.editions.put(origin, (self._edition.source(retrieved_on), sha256))

    def _keep_history(self, table: Kind, id_: UUID, change: Change) -> Stored:
        stood = self._store.get(table, id_)
        if self._store.history.get((self._run.id, id_)) is not None:
            raise Conflict
        self._store.history.put((self._run.id, id_), (change, stood))
        return stood
