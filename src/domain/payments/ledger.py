"""The books: entries by double entry that are only ever added to, each of which sums to zero in every currency.

What an account holds is the sum of its postings: more than nothing is a debit. An entry is known by its kind and its
cause, so whatever is handled twice is booked once. A mistake is made good by a counter-entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason
from ..shared.ids import LedgerEntryId, OrderId
from ..shared.money import Money
from .allocation import shares
from .order import Order
from .quoting import Line

CLEARING = "provider:clearing"
"""What the provider holds for us."""
RECEIVABLE = "receivable"
REFUNDS_DUE = "refunds_due"
"""What is on its way back to payers, as a debt."""
FEES = "fees"
DISPUTED = "disputed"
"""What banks have taken until they decide."""
UNCLAIMED = "unclaimed"
"""Money that came for an order that was not to be paid any more, as a debt."""
PAID_OUT = "paid_out"
"""The organisation's own bank account."""
LOSSES = "losses"
"""What went back to payers beyond what they had paid."""


class Kind(StrEnum):
    """What an entry books."""

    TAKEN = "taken"
    SOLD = "sold"
    NOT_ORDERED = "not_ordered"
    REFUND_OWED = "refund_owed"
    REFUND_DROPPED = "refund_dropped"
    REPAID = "repaid"
    REPAYMENT_FAILED = "repayment_failed"
    SETTLED_BY_HAND = "settled_by_hand"
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    FEE = "fee"
    PAID_OUT = "paid_out"


@dataclass(frozen=True, slots=True)
class Posting:
    """So much onto one account."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``cause`` is an id, ours or the provider's; ``happened_at`` is when it was so at the provider."""

    id: LedgerEntryId
    at: datetime
    happened_at: datetime
    kind: Kind
    cause: str
    postings: tuple[Posting, ...]
    order_id: OrderId | None = None

    def demand_balanced(self) -> None:
        """Raise Invalid unless the postings sum to zero in each currency."""
        for currency, minor in sums(self.postings).items():
            if minor:
                raise Invalid(Reason("ledger.unbalanced", {"currency": currency}))


def sums(postings: Iterable[Posting]) -> Mapping[str, int]:
    """Return the sum of the postings by currency, in minor units."""
    found: defaultdict[str, int] = defaultdict(int)
    for one in postings:
        found[one.amount.currency] += one.amount.minor
    return found


def between(debit: str, credit: str, amount: Money) -> tuple[Posting, ...]:
    """Return the two postings that move the amount; none for nothing."""
    if not amount.minor:
        return ()
    return Posting(debit, amount), Posting(credit, amount * -1)


def sold(order: Order) -> tuple[Posting, ...]:
    """Return what selling the order books: a claim on the payer, against revenue and taxes."""
    return (*_money(order, order.total.minor, RECEIVABLE, 1), *_parts(order, 0, order.total.minor, -1))


def taken_back(order: Order, amount: Money, credit: str) -> tuple[Posting, ...]:
    """Return what giving so much of the order back books, beyond what was given back before: revenue and taxes fall in
    their proportion, and by exactly what they were once all of it has gone back."""
    before, after = order.reversed, order.reversed + amount.minor
    whole = order.total.minor
    beyond = max(0, after - whole) - max(0, before - whole)
    return (
        *_parts(order, min(before, whole), min(after, whole), 1),
        *_money(order, beyond, LOSSES, 1),
        *_money(order, amount.minor, credit, -1),
    )


def _parts(order: Order, before: int, after: int, sign: int) -> tuple[Posting, ...]:
    """Return the postings that lead from the shares of one amount of the order to those of another.

    Shares of the whole each time, so that many small parts lose nothing; of one account they may even fall by a unit.
    """
    weights: defaultdict[str, int] = defaultdict(int)
    for line in order.lines:
        for account, minor in _accounts_of(line):
            weights[account] += minor
    names = sorted(weights)
    given = [weights[name] for name in names]
    steps = zip(names, shares(before, given), shares(after, given), strict=True)
    return tuple(
        Posting(name, Money(sign * (then - first), order.currency)) for name, first, then in steps if then != first
    )


def _accounts_of(line: Line) -> tuple[tuple[str, int], ...]:
    return (f"revenue:{line.price.code}", line.net), (f"tax:{line.price.tax_rate.normalize():f}", line.tax)


def _money(order: Order, minor: int, account: str, sign: int) -> tuple[Posting, ...]:
    return (Posting(account, Money(sign * minor, order.currency)),) if minor else ()
