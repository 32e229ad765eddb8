"""The books in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ...domain.payments.ledger import Entry, Kind
from ...domain.payments.papers import Paper, Series
from ...domain.payments.reconciling import Difference, Found
from ...domain.shared.ids import OrderId, RefundId
from ...domain.shared.money import Money
from ...ports.books import Account, Behind
from .tables import Table


class BookStore:
    """What the books hold between units of work."""

    def __init__(self) -> None:
        self.entries: Table[tuple[str, str], Entry] = Table()
        self.sums: Table[Account, int] = Table()
        self.papers: Table[str, Paper] = Table()
        self.numbers: Table[tuple[Series, int], int] = Table()
        self.differences: Table[tuple[str, str, datetime], Difference] = Table()

    def keep(self) -> None:
        """Let the changes of the unit count."""
        for table in self._tables:
            table.keep()

    def discard(self) -> None:
        """Forget the changes of the unit."""
        for table in self._tables:
            table.discard()

    @property
    def _tables(self) -> tuple[Table, ...]:  # type: ignore[type-arg]
        return self.entries, self.sums, self.papers, self.numbers, self.differences


class MemoryBooks:
    """The books as the open unit sees them."""

    def __init__(self, store: BookStore) -> None:
        self._store = store

    async def post(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        new = []
        for entry in entries:
            entry.demand_balanced()
            if not entry.postings or self._store.entries.get((entry.kind, entry.cause)) is not None:
                continue
            self._store.entries.put((entry.kind, entry.cause), entry)
            new.append(entry)
            for one in entry.postings:
                account = Account(one.account, one.amount.currency)
                self._store.sums.put(account, (self._store.sums.get(account) or 0) + one.amount.minor)
        return new

    async def balances(self, before: datetime | None = None) -> Mapping[Account, int]:
        if before is None:
            return {account: self._store.sums.get(account) or 0 for account in list(self._store.sums.keys())}
        found: defaultdict[Account, int] = defaultdict(int)
        for entry in self._store.entries.rows(lambda one: one.at < before):
            for one in entry.postings:
                found[Account(one.account, one.amount.currency)] += one.amount.minor
        return found

    async def entries(
        self, since: datetime, until: datetime, limit: int, behind: Behind | None = None
    ) -> Sequence[Entry]:
        found = self._store.entries.rows(lambda one: since <= one.at < until)
        ordered = sorted(found, key=lambda one: (one.at, one.id))
        return [one for one in ordered if behind is None or (one.at, one.id) > behind][:limit]

    async def booked(self, kind: Kind, causes: Collection[str]) -> Mapping[str, Entry]:
        found = ((cause, self._store.entries.get((kind, cause))) for cause in causes)
        return {cause: entry for cause, entry in found if entry is not None}

    async def happened(self, kinds: Collection[Kind], since: datetime, until: datetime) -> Sequence[Entry]:
        found = self._store.entries.rows(lambda one: one.kind in kinds and since <= one.happened_at < until)
        return sorted(found, key=lambda one: (one.at, one.id))

    async def of_order(self, order_id: OrderId) -> Sequence[Entry]:
        return sorted(self._store.entries.rows(lambda one: one.order_id == order_id), key=lambda one: (one.at, one.id))

    async def write_paper(
        self, series: Series, at: datetime, order_id: OrderId, amount: Money, refund_id: RefundId | None = None
    ) -> Paper:
        place = (self._store.numbers.get((series, at.year)) or 0) + 1
        self._store.numbers.put((series, at.year), place)
        paper = Paper(series, at.year, place, at, order_id, amount, refund_id)
        self._store.papers.put(paper.number, paper)
        return paper

    async def papers_of(self, order_id: OrderId) -> Sequence[Paper]:
        found = self._store.papers.rows(lambda one: one.order_id == order_id)
        return sorted(found, key=lambda one: (one.at, one.number))

    async def note_differences(self, found: Sequence[Found], now: datetime, since: datetime) -> Sequence[Difference]:
        known = {
            (one.found.what, one.found.subject): one
            for one in self._store.differences.rows(lambda one: one.gone_at is None)
        }
        new = []
        for one in found:
            before = known.pop((one.what, one.subject), None)
            first = now if before is None else before.first_seen
            self._put(difference := Difference(one, first, now))
            if before is None:
                new.append(difference)
        for over in known.values():
            if over.found.at >= since:
                self._put(replace(over, gone_at=now))
        return new

    async def differences(self, limit: int) -> Sequence[Difference]:
        found = self._store.differences.rows(lambda one: one.gone_at is None)
        return sorted(found, key=lambda one: (one.first_seen, one.found.what, one.found.subject))[:limit]

    async def count_differences(self) -> int:
        return sum(1 for _ in self._store.differences.rows(lambda one: one.gone_at is None))

    def _put(self, one: Difference) -> None:
        self._store.differences.put((one.found.what, one.found.subject, one.first_seen), one)
