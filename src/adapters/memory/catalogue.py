"""The catalogue in memory."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

from ...domain.catalogue.folding import folded, words_of
from ...domain.catalogue.programme import Institution, Programme
from ...domain.catalogue.search import Position, ProgrammeQuery
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import InstitutionId, ProgrammeId
from .tables import Table


class CatalogueStore:
    """What is kept of institutions and programmes between units of work."""

    def __init__(self) -> None:
        self.institutions: Table[InstitutionId, Institution] = Table()
        self.programmes: Table[ProgrammeId, Programme] = Table()

    def put(self, programme: Programme) -> None:
        """Put the programme and its institution into the catalogue, in place of what stood there."""
        self.institutions.put(programme.institution.id, programme.institution)
        self.programmes.put(programme.id, programme)

    def keep(self) -> None:
        """Let the changes of the unit count."""
        self.institutions.keep()
        self.programmes.keep()

    def discard(self) -> None:
        """Forget the changes of the unit."""
        self.institutions.discard()
        self.programmes.discard()


class MemoryCatalogue:
    """The catalogue as the open unit sees it."""

    def __init__(self, store: CatalogueStore) -> None:
        self._store = store

    async def programme(self, programme_id: ProgrammeId) -> Programme:
        found = self._store.programmes.get(programme_id)
        if found is None:
            raise NotFound
        return found

    async def programmes(self, ids: Iterable[ProgrammeId]) -> Sequence[Programme]:
        return [found for one in ids if (found := self._store.programmes.get(one)) is not None]

    async def find_by_key(self, key: str) -> Programme | None:
        return next((programme for programme in self._store.programmes.rows() if programme.key == key), None)

    async def institution(self, institution_id: InstitutionId) -> Institution:
        found = self._store.institutions.get(institution_id)
        if found is None:
            raise NotFound
        return found

    async def search(self, query: ProgrammeQuery, after: Position | None, limit: int) -> Sequence[Programme]:
        fitting = self._fitting(query)
        return [one for one in fitting if after is None or (one.name, one.id) > (after.name, after.id)][:limit]

    async def every(self, query: ProgrammeQuery) -> AsyncIterator[Programme]:
        for programme in self._fitting(query):
            yield programme

    def _fitting(self, query: ProgrammeQuery) -> list[Programme]:
        fitting: Iterator[Programme] = (one for one in self._store.programmes.rows() if _fits(one, query))
        return sorted(fitting, key=lambda one: (one.name, one.id))


def _fits(programme: Programme, query: ProgrammeQuery) -> bool:
    text = folded(f"{programme.name} {programme.award} {programme.institution.name} {programme.institution.city}")
    return (
        (query.include_expired or not programme.expired)
        and (not query.countries or programme.institution.country in query.countries)
        and (not query.levels or programme.level in query.levels)
        and (not query.languages or bool(set(query.languages) & set(programme.languages)))
        and (not query.fields or any(code.startswith(query.fields) for code in programme.fields))
        and all(word in text for word in words_of(query.text))
    )
