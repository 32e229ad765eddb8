"""Exchange rates with their day and source, and what an amount comes to by them: shown beside it, never instead."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from ..shared.dataclass import dataclass
from ..shared.money import Money, exponent_of

EURO = "EUR"
LONGEST = timedelta(days=10)
"""A rate of a day counts for so long where no later one is known: over the longest run of holidays."""


@dataclass(frozen=True, slots=True)
class EuroRate:
    """How many units of a currency a euro had on a day, by whose word."""

    currency: str
    per_euro: Decimal
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What an amount comes to in another currency: about, by rates of these days and sources."""

    about: Money
    rates: tuple[EuroRate, ...]


def beside(money: Money, currency: str, given: EuroRate | None, wanted: EuroRate | None) -> Beside | None:
    """Return what the money comes to, rounded half up, by what a euro has in its own currency and in the wanted one.

    ``given`` and ``wanted`` are None where there is no rate, which the euro itself needs none of; None without one that
    is needed.
    """
    one = Decimal(1)
    from_euro = one if money.currency == EURO else given and given.per_euro
    to_euro = one if currency == EURO else wanted and wanted.per_euro
    if not from_euro or not to_euro:
        return None
    exact = (money.amount / from_euro * to_euro).scaleb(exponent_of(currency))
    about = Money(int(exact.to_integral_value(ROUND_HALF_UP)), currency)
    return Beside(about, tuple(one for one in (given, wanted) if one is not None))
