"""Dividing amounts into whole minor units, so that nothing is lost and nothing is made."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal


def shares(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Return the total divided by the weights, which are not negative; the parts always sum to the total.

    What is left by rounding down goes to the largest remainders, of equal ones to the first. Without any weight all of
    it goes to the first part. A negative total is divided as its positive is.
    """
    if total < 0:
        return tuple(-part for part in shares(-total, weights))
    whole = sum(weights)
    if whole == 0:
        return tuple(total if place == 0 else 0 for place in range(len(weights)))
    parts = [total * weight // whole for weight in weights]
    left = total - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in by_remainder[:left]:
        parts[place] += 1
    return tuple(parts)


def percent_of(minor: int, percent: Decimal) -> int:
    """Return that percentage of an amount in minor units, rounded half up (half away from zero)."""
    return half_up(minor * percent / 100)


def tax_within(gross: int, percent: Decimal) -> int:
    """Return the tax that is in an amount of minor units which includes it, rounded half up."""
    return half_up(gross * percent / (100 + percent))


def half_up(value: Decimal) -> int:
    """Return the whole number next to the value; a half goes away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))
