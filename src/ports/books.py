"""Where the books are kept: entries of the ledger, numbered papers, and what differs from the provider's books."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from ..domain.payments.ledger import Entry, Kind
from ..domain.payments.papers import Paper, Series
from ..domain.payments.reconciling import Difference, Found
from ..domain.shared.ids import LedgerEntryId, OrderId, RefundId
from ..domain.shared.money import Money


class Account(NamedTuple):
    """One account in one currency."""

    name: str
    currency: str


class Behind(NamedTuple):
    """Where the next entries begin: behind this one."""

    at: datetime
    id: LedgerEntryId


class Books(Protocol):
    """The books. Entries and papers are only ever added."""

    async def post(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Keep those of the entries whose kind and cause were not booked before, and return them.

        Called once in a unit, with all that it books, so that two units never wait for one another in a circle. Raises
        Invalid for an entry that is not balanced.
        """
        ...

    async def balances(self, before: datetime | None = None) -> Mapping[Account, int]:
        """Return what each account holds in minor units, or held from entries before the moment; debits are positive.

        Quick however many entries there are, unless a moment is given.
        """
        ...

    async def entries(
        self, since: datetime, until: datetime, limit: int, behind: Behind | None = None
    ) -> Sequence[Entry]:
        """Return at most so many entries from ``since`` to before ``until``, by moment and id, from behind one on."""
        ...

    async def booked(self, kind: Kind, causes: Collection[str]) -> Mapping[str, Entry]:
        """Return the entries of the kind by these causes."""
        ...

    async def happened(self, kinds: Collection[Kind], since: datetime, until: datetime) -> Sequence[Entry]:
        """Return the entries of these kinds over what was so at the provider from ``since`` to before ``until``."""
        ...

    async def of_order(self, order_id: OrderId) -> Sequence[Entry]:
        """Return the entries over the order, by moment and id."""
        ...

    async def write_paper(
        self, series: Series, at: datetime, order_id: OrderId, amount: Money, refund_id: RefundId | None = None
    ) -> Paper:
        """Return a new paper under the next number of its series and year.

        Until the transaction ends nobody else takes a number of the series; undone with it, so that none is missing.
        Whoever writes several in one unit keeps to the order of ``Series``, and books afterwards.
        """
        ...

    async def papers_of(self, order_id: OrderId) -> Sequence[Paper]:
        """Return the papers of the order, by moment and number."""
        ...

    async def note_differences(self, found: Sequence[Found], now: datetime, since: datetime) -> Sequence[Difference]:
        """Keep what differs now, and return what is new.

        What differed before in what happened from ``since`` on, and is not among it, is over.
        """
        ...

    async def differences(self, limit: int) -> Sequence[Difference]:
        """Return at most so many that are not over, the oldest first."""
        ...

    async def count_differences(self) -> int:
        """Return how many there are that are not over."""
        ...
