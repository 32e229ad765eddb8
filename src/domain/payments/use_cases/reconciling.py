"""Holding the provider's books beside ours, healing what notices had missed, and naming what differs still."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from ....ports.ids import Ids
from ....ports.payments import Movement, MovementKind, Payments
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker
from ...identity.policies import demand_bookkeeper
from ...shared.dataclass import dataclass
from ...shared.ids import LedgerEntryId
from ...shared.money import Money
from ..dispute import DisputeCase
from ..ledger import CLEARING, FEES, PAID_OUT, Entry, Kind, Posting, between
from ..reconciling import Booked, Difference, Found, Side, What, compared
from .hearing import SettleCollection

LATELY, LONG = timedelta(days=3), timedelta(days=35)
"""How far back is looked each hour, so that any outage is made up for, and each day."""
SETTLED_BY = timedelta(minutes=15)
"""What is younger may still be on its way to us."""
_EDGE = timedelta(days=1)
_AT_A_TIME = 500
Progress = Callable[[int], Awaitable[None]]
"""Hears how much is done, as that grows."""

_SIDES = {
    MovementKind.TAKEN: Side.TAKEN,
    MovementKind.REPAID: Side.REPAID,
    MovementKind.REPAYMENT_FAILED: Side.REPAYMENT_FAILED,
    MovementKind.DISPUTED: Side.DISPUTED,
    MovementKind.DISPUTE_WON: Side.DISPUTE_WON,
}


@dataclass(frozen=True)
class Reconcile:
    """Compare the books over a span until now, and book what only the provider knows: fees, and what it paid out."""

    transactions: Transactions
    ids: Ids
    payments: Payments | None
    settle: SettleCollection
    settled_by: timedelta = SETTLED_BY

    async def __call__(self, report: Progress, span: timedelta = LATELY) -> int:
        """Return how many differences there are that were not known; raise Unavailable when the provider does not
        answer. Where the collection of a difference is known, it is first looked at again."""
        if self.payments is None:
            return 0
        async with self.transactions() as work:
            until = work.now - self.settled_by
        since = until - span
        moved = [one async for one in self.payments.movements(since - _EDGE, until + _EDGE)]
        await self._book(moved)
        for collection in sorted({one.collection for one in await self._missed(moved, since, until)} - {""}):
            await self.settle(collection)
        async with self.transactions() as work:
            found = [*await _compared(work, moved, since, until), *await _unknown(work, moved, since, until)]
            new = await work.books.note_differences(found, work.now, since)
        await report(len(moved))
        return len(new)

    async def _missed(self, moved: Sequence[Movement], since: datetime, until: datetime) -> list[Movement]:
        async with self.transactions() as work:
            differing = {one.subject for one in await _compared(work, moved, since, until)}
        return [one for one in moved if _cause(one) in differing]

    async def _book(self, moved: Sequence[Movement]) -> None:
        for start in range(0, len(moved), _AT_A_TIME):
            async with self.transactions() as work:
                entries = [entry for one in moved[start : start + _AT_A_TIME] for entry in self._entries(work, one)]
                if entries:
                    await work.books.post(entries)

    def _entries(self, work: UnitOfWork, one: Movement) -> list[Entry]:
        made = list[Entry]()
        if one.kind is MovementKind.FEE:
            made.append(self._entry(work, Kind.FEE, one, between(FEES, CLEARING, one.amount * -1)))
        if one.fee.minor:
            made.append(self._entry(work, Kind.FEE, one, between(FEES, CLEARING, one.fee)))
        if one.kind is MovementKind.PAID_OUT:
            made.append(self._entry(work, Kind.PAID_OUT, one, between(PAID_OUT, CLEARING, one.amount * -1)))
        return made

    def _entry(self, work: UnitOfWork, kind: Kind, of: Movement, postings: tuple[Posting, ...]) -> Entry:
        return Entry(LedgerEntryId(self.ids.new()), work.now, of.at, kind, of.id, postings)


async def _compared(work: UnitOfWork, moved: Sequence[Movement], since: datetime, until: datetime) -> Sequence[Found]:
    there = [Booked(_SIDES[one.kind], _cause(one), one.amount, one.at) for one in moved if one.kind in _SIDES]
    entries = list(await work.books.happened([Kind(one.value) for one in Side], since - _EDGE, until + _EDGE))
    for side in Side:
        causes = {one.cause for one in there if one.side is side}
        entries += (await work.books.booked(Kind(side.value), causes)).values()
    return compared(there, map(_booked, entries), since, until)


async def _unknown(work: UnitOfWork, moved: Sequence[Movement], since: datetime, until: datetime) -> list[Found]:
    found = []
    for one in moved:
        if not since <= one.at < until:
            continue
        if one.kind is MovementKind.OTHER:
            found.append(Found(What.MOVEMENT_UNKNOWN, one.id, one.amount, None, one.at))
        elif one.fee.minor and one.collection and await work.orders.attempt_of(one.collection) is None:
            found.append(Found(What.FEE_UNKNOWN, one.id, one.fee, None, one.at))
    return found


def _booked(entry: Entry) -> Booked:
    minor = sum(one.amount.minor for one in entry.postings if one.account == CLEARING)
    return Booked(
        Side(entry.kind.value), entry.cause, Money(minor, entry.postings[0].amount.currency), entry.happened_at
    )


def _cause(one: Movement) -> str:
    return one.collection if one.kind is MovementKind.TAKEN else one.cause


@dataclass(frozen=True)
class ListDifferences:
    """Show how the provider's books and ours differ."""

    transactions: Transactions

    async def __call__(self, asker: Asker, limit: int) -> Sequence[Difference]:
        """Return at most so many that are not over, the oldest first; raise RoleRefused for all but administrators."""
        demand_bookkeeper(asker)
        async with self.transactions(asker.origin) as work:
            return await work.books.differences(limit)


@dataclass(frozen=True)
class ListDisputes:
    """Show the objections on which banks have not decided."""

    transactions: Transactions

    async def __call__(self, asker: Asker, limit: int) -> Sequence[DisputeCase]:
        """Return at most so many, the soonest to be answered first; raise RoleRefused for all but administrators."""
        demand_bookkeeper(asker)
        async with self.transactions(asker.origin) as work:
            return await work.orders.open_disputes(limit)
