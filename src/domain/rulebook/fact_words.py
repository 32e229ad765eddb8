"""What a fact says, as codes with parameters: its figure, since when and until when, and what was said before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ..shared.errors import Params, Reason
from .facts import Fact, Precision

_YEAR, _MONTH = 4, 7


def figure_of(fact: Fact) -> str:
    """Return the fact's value with its unit, such as ``992 EUR/month``."""
    if isinstance(fact.value, bool):
        return "yes" if fact.value else "no"
    value = f"{fact.value:f}" if isinstance(fact.value, Decimal) else fact.value
    return f"{value} {fact.unit}".strip()


def begin_of(fact: Fact) -> str:
    """Return the beginning as exactly as the source dates it: a day, a month or a year; nothing where it has none."""
    if fact.valid_from is None:
        return ""
    exactly = {Precision.YEAR: _YEAR, Precision.MONTH: _MONTH}
    return fact.valid_from.isoformat()[: exactly.get(fact.valid_from_precision)]


def fact_says(fact: Fact, figure: str = "") -> Reason:
    """Return what the fact says and for how long; with a ``figure``, that is how its value is told."""
    params: Params = {"value": figure or figure_of(fact), "from": begin_of(fact), "until": _day(fact.valid_to)}
    if fact.valid_from and fact.valid_to:
        return Reason("fact.holds_between", params)
    if fact.valid_from:
        return Reason("fact.holds_from", params)
    return Reason("fact.holds_until" if fact.valid_to else "fact.holds", params)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
