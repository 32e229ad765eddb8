"""The whole catalogue for matching, in memory and in plain Python."""

from collections.abc import AsyncIterator, Mapping, Sequence

from ...domain.catalogue.search import ProgrammeQuery
from ...domain.matching.asking import Apart
from ...domain.matching.entry import Entry, entry_of
from ...domain.matching.listing import Listing, Selected
from ...domain.matching.trees import Trees
from ...domain.matching.unlocking import Opening
from ...domain.matching.wanted import Wanted, Wishes
from ...domain.shared.ids import ProgrammeId
from ...ports.editions import Editions
from ...ports.snapshots import Entries
from ...ports.transactions import Transactions

_LOT = 1_000


class MemoryEntries:
    """Reads the programmes on offer from any store, one after another."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def every(self) -> AsyncIterator[Sequence[Entry]]:
        lot: list[Entry] = []
        async with self._transactions() as work:
            async for programme in work.catalogue.every(ProgrammeQuery()):
                lot.append(entry_of(programme))
                if len(lot) == _LOT:
                    yield lot
                    lot = []
        yield lot


class MemorySnapshots:
    """Keeps the entries of the current edition as they are."""

    def __init__(self, editions: Editions, entries: Entries) -> None:
        self._editions = editions
        self._entries = entries
        self._kept: tuple[tuple[str, Apart], MemorySnapshot] | None = None

    async def current(self, apart: Apart) -> "MemorySnapshot":
        wanted = await self._editions.current(), apart
        if self._kept is None or self._kept[0] != wanted:
            every = [entry async for lot in self._entries.every() for entry in lot]
            self._kept = wanted, MemorySnapshot(Listing(every, apart))
        return self._kept[1]


class MemorySnapshot:
    """One edition."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing

    @property
    def trees(self) -> Trees:
        return self._listing.trees

    async def select(self, wanted: Wanted) -> "MemorySelection":
        return MemorySelection(self._listing.select(wanted))


class MemorySelection:
    """What fits a question."""

    def __init__(self, selected: Selected) -> None:
        self._selected = selected

    @property
    def counts(self) -> Sequence[int]:
        return self._selected.counts

    @property
    def leaves(self) -> Sequence[int]:
        return self._selected.leaves

    async def standings(self, leaves: bytes) -> bytes:
        return self._selected.standings(leaves)

    async def openings(self, rows: Sequence[bytes]) -> Sequence[Opening]:
        return self._selected.openings(rows)

    async def pages(
        self, ranked: Sequence[Mapping[int, int]], wishes: Wishes, start: int, size: int
    ) -> Sequence[Sequence[ProgrammeId]]:
        return [self._selected.page(ranks, wishes, start, size) for ranks in ranked]
