"""Where institutions and programmes are kept and looked for."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Protocol

from ..domain.catalogue.programme import Institution, Programme
from ..domain.catalogue.search import Position, ProgrammeQuery
from ..domain.shared.ids import InstitutionId, ProgrammeId


class Catalogue(Protocol):
    """All institutions and programmes."""

    async def programme(self, programme_id: ProgrammeId) -> Programme:
        """Return the programme; raise NotFound where there is none."""
        ...

    async def programmes(self, ids: Iterable[ProgrammeId]) -> Sequence[Programme]:
        """Return those programmes that exist, in the order of the ids."""
        ...

    async def find_by_key(self, key: str) -> Programme | None:
        """Return the programme with this key in the catalogue it came from, or None."""
        ...

    async def institution(self, institution_id: InstitutionId) -> Institution:
        """Return the institution; raise NotFound where there is none."""
        ...

    async def search(self, query: ProgrammeQuery, after: Position | None, limit: int) -> Sequence[Programme]:
        """Return the programmes that fit, ordered by name and id, from just after the position, at most ``limit``."""
        ...

    def every(self, query: ProgrammeQuery) -> AsyncIterator[Programme]:
        """Yield every programme that fits, in the order of ``search``, without holding them all at once."""
        ...
