"""Turning money into another currency by rates that were given, and never by one that was not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from ..shared.dataclass import dataclass
from ..shared.money import Money, exponent_of
from .case import Rate

_A_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Converted:
    """Money as it was, what it comes to, and by which rate of which day; no rate where none was needed."""

    original: Money
    money: Money
    rate: Rate | None = None


def as_funds(money: Money, currency: str, rates: Iterable[Rate], on: date) -> Converted | None:
    """Return what funds come to at least: haircut taken off, rounded down; None without a rate."""
    return _converted(money, currency, rates, on, is_cost=False)


def as_cost(money: Money, currency: str, rates: Iterable[Rate], on: date) -> Converted | None:
    """Return what a cost comes to at most: haircut put on, rounded up; None without a rate."""
    return _converted(money, currency, rates, on, is_cost=True)


def rate_for(source: str, target: str, rates: Iterable[Rate], on: date) -> Rate | None:
    """Return the last rate of the two currencies that is not of a later day; a rate is never turned around."""
    fitting = [rate for rate in rates if (rate.source, rate.target) == (source, target) and rate.on <= on]
    return max(fitting, key=lambda rate: (rate.on, rate.id), default=None)


def by_rate(money: Money, rate: Rate, *, is_cost: bool = False) -> Money:
    """Return what the money comes to by the rate: funds at least, a cost at most."""
    kept = (_A_HUNDRED + rate.haircut if is_cost else _A_HUNDRED - rate.haircut) / _A_HUNDRED
    exact = (money.amount * rate.rate * kept).scaleb(exponent_of(rate.target))
    return Money(int(exact.to_integral_value(ROUND_CEILING if is_cost else ROUND_FLOOR)), rate.target)


def _converted(money: Money, currency: str, rates: Iterable[Rate], on: date, *, is_cost: bool) -> Converted | None:
    if money.currency == currency:
        return Converted(money, money)
    rate = rate_for(money.currency, currency, rates, on)
    return None if rate is None else Converted(money, by_rate(money, rate, is_cost=is_cost), rate)
