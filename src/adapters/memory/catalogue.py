"""Institutions and programmes in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from ...domain.catalogue.programme import Institution, Programme
from ...domain.catalogue.search import Position, ProgrammeQuery
from ...domain.imports.catalogue_import import Table as Kind
from ...domain.imports.comparing import Change
from ...domain.imports.programmes import fits, institution_of, programme_of
from ...domain.imports.rows import InstitutionRow, ProgrammeRow, Row
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import ImportId, InstitutionId, ProgrammeId
from ...domain.shared.sources import Source
from .tables import Part, Table

NO_IMPORT = ImportId(UUID(int=0))
"""For rows that were put there by hand."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A row with the catalogue that it came from, and whether that still holds it."""

    row: Row
    origin: str
    added_in: ImportId = NO_IMPORT
    changed_in: ImportId = NO_IMPORT
    withdrawn: bool = False


class CatalogueStore:
    """What stands of all catalogues between units of work; rows are immutable, so that they need no copies."""

    def __init__(self) -> None:
        self.rows: dict[Kind, _Rows] = {k: _Rows() for k in (Kind.INSTITUTIONS, Kind.CAMPUSES, Kind.PROGRAMMES)}
        self.editions: Table[str, tuple[Source, str]] = Table()
        self.history: Table[tuple[ImportId, UUID], tuple[Change, Stored]] = Table()
        self.editions_before: Table[ImportId, tuple[Source, str]] = Table()

    def stored(self, table: Kind) -> Iterator[tuple[UUID, Stored]]:
        """Yield the rows of the table with their ids."""
        yield from self.rows[table].items()

    def get(self, table: Kind, id_: UUID) -> Stored:
        """Return the row; raise NotFound where there is none."""
        found = self.rows[table].get(id_)
        if found is None:
            raise NotFound
        return found

    def put(self, table: Kind, id_: UUID, stored: Stored) -> None:
        """Put the row in place of what stood."""
        self.rows[table].put(id_, stored)

    def keep(self) -> None:
        """Let the changes of the unit count."""
        for part in self._parts():
            part.keep()

    def discard(self) -> None:
        """Forget the changes of the unit."""
        for part in self._parts():
            part.discard()

    def _parts(self) -> Iterator[Part]:
        yield from self.rows.values()
        yield self.editions
        yield self.history
        yield self.editions_before


class _Rows:
    """Rows by id that an open unit changes."""

    def __init__(self) -> None:
        self._kept: dict[UUID, Stored] = {}
        self._changed: dict[UUID, Stored] = {}

    def get(self, id_: UUID) -> Stored | None:
        return self._changed.get(id_) or self._kept.get(id_)

    def put(self, id_: UUID, stored: Stored) -> None:
        self._changed[id_] = stored

    def items(self) -> list[tuple[UUID, Stored]]:
        return list({**self._kept, **self._changed}.items())

    def keep(self) -> None:
        self._kept.update(self._changed)
        self._changed = {}

    def discard(self) -> None:
        self._changed = {}


class MemoryCatalogue:
    """The catalogue as the open unit sees it."""

    def __init__(self, store: CatalogueStore) -> None:
        self._store = store

    async def programme(self, programme_id: ProgrammeId) -> Programme:
        stored = self._store.get(Kind.PROGRAMMES, programme_id)
        return self._reader().programme(programme_id, stored)

    def programme_as_it_was(self, programme_id: ProgrammeId, stored: Stored) -> Programme:
        """Return the programme from a row of the history."""
        return self._reader().programme(programme_id, stored)

    async def programmes(self, ids: Iterable[ProgrammeId]) -> Sequence[Programme]:
        reader = self._reader()
        found = ((id_, self._store.rows[Kind.PROGRAMMES].get(id_)) for id_ in ids)
        return [reader.programme(id_, stored) for id_, stored in found if stored is not None]

    async def find_by_key(self, key: str) -> Programme | None:
        for id_, stored in self._store.stored(Kind.PROGRAMMES):
            if stored.row.key == key:
                return self._reader().programme(id_, stored)
        return None

    async def institution(self, institution_id: InstitutionId) -> Institution:
        return self._reader().institution(institution_id, self._store.get(Kind.INSTITUTIONS, institution_id))

    async def search(self, query: ProgrammeQuery, after: Position | None, limit: int) -> Sequence[Programme]:
        return [p for p in self._all(query) if after is None or (p.name, p.id) > (after.name, after.id)][:limit]

    async def every(self, query: ProgrammeQuery) -> AsyncIterator[Programme]:
        for programme in self._all(query):
            yield programme

    def _all(self, query: ProgrammeQuery) -> list[Programme]:
        reader = self._reader()
        everything = (reader.programme(id_, stored) for id_, stored in self._store.stored(Kind.PROGRAMMES))
        return sorted((p for p in everything if fits(p, query)), key=lambda p: (p.name, p.id))

    def _reader(self) -> _Reader:
        return _Reader(self._store)


class _Reader:
    """Turns rows into what they stand for, with the institutions at hand."""

    def __init__(self, store: CatalogueStore) -> None:
        self._store = store
        self._institutions = {s.row.key: (id_, s) for id_, s in store.stored(Kind.INSTITUTIONS)}

    def programme(self, id_: UUID, stored: Stored) -> Programme:
        row = cast("ProgrammeRow", stored.row)
        institution = self.institution(*self._institutions[row.institution_key])
        return programme_of(row, id_, institution, self._source(stored.origin), stored.withdrawn)

    def institution(self, id_: UUID, stored: Stored) -> Institution:
        return institution_of(cast("InstitutionRow", stored.row), id_, self._source(stored.origin))

    def _source(self, origin: str) -> Source:
        edition = self._store.editions.get(origin)
        if edition is None:
            raise NotFound
        return edition[0]
