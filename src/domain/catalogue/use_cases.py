"""Looking through the catalogue; anybody may."""

from __future__ import annotations

from collections.abc import Sequence

from ...ports.transactions import Transactions
from ..shared.dataclass import dataclass
from ..shared.ids import InstitutionId, ProgrammeId
from .programme import Institution, Programme
from .search import Position, ProgrammeQuery

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """Some programmes; ``next`` is where to go on, None at the end."""

    items: Sequence[Programme]
    next: Position | None


@dataclass(frozen=True)
class SearchProgrammes:
    """Look for programmes, a page at a time."""

    transactions: Transactions

    async def __call__(self, query: ProgrammeQuery, after: Position | None = None, limit: int = 20) -> ProgrammePage:
        """Return the programmes that fit, ordered by name, at most ``limit`` (1 to 100) from after the position."""
        size = max(1, min(limit, MOST_AT_ONCE))
        async with self.transactions() as work:
            found = await work.catalogue.search(query, after, size + 1)
        last = found[size - 1] if len(found) > size else None
        return ProgrammePage(found[:size], Position(last.name, last.id) if last else None)


@dataclass(frozen=True)
class GetProgramme:
    """Show one programme."""

    transactions: Transactions

    async def __call__(self, programme_id: ProgrammeId) -> Programme:
        """Return the programme; raise NotFound where there is none."""
        async with self.transactions() as work:
            return await work.catalogue.programme(programme_id)


@dataclass(frozen=True)
class GetInstitution:
    """Show one institution."""

    transactions: Transactions

    async def __call__(self, institution_id: InstitutionId) -> Institution:
        """Return the institution; raise NotFound where there is none."""
        async with self.transactions() as work:
            return await work.catalogue.institution(institution_id)
