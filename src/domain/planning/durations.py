"""How long a step may take, as a distribution between its least, typical and longest time.

PERT rather than a triangle: both need the three times only, and PERT, a beta distribution whose mean counts the typical
time four times, puts less weight on the extremes. The extremes of a pack are the worst that anybody reported, so a
triangle, which gives a third of its mean to each of the three, would call plans late that are not.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise

SIZE = 1024
"""How many equally likely durations a table holds; a draw is one of them."""
_GRID = 512
_WEIGHT = 4


@lru_cache(maxsize=2048)
def pert_table(least: int, typical: int, most: int) -> tuple[int, ...]:
    """Return SIZE equally likely durations in whole days, in order: the quantiles of the PERT distribution.

    Where least and most are the same, the one duration that there is.
    """
    span = most - least
    if span <= 0:
        return (typical,)
    mode = (typical - least) / span
    rising, falling = _WEIGHT * mode, _WEIGHT * (1 - mode)
    points = [at / _GRID for at in range(_GRID + 1)]
    density = [x**rising * (1 - x) ** falling for x in points]
    below = [0.0]
    for one, other in pairwise(density):
        below.append(below[-1] + (one + other) / 2)
    return tuple(least + round(span * _inverse(below, below[-1] * (at + 0.5) / SIZE)) for at in range(SIZE))


def _inverse(below: list[float], wanted: float) -> float:
    """Return where the rising values reach what is wanted, from 0 to 1, by straight lines between the points."""
    after = max(1, bisect_left(below, wanted))
    step = below[after] - below[after - 1]
    part = (wanted - below[after - 1]) / step if step else 0.0
    return (after - 1 + part) / _GRID


def still_possible(table: tuple[int, ...], at_least: int) -> tuple[int, ...]:
    """Return a table of those durations that are not over yet, each as likely as the others; that many days, where
    none is."""
    first = bisect_left(table, at_least)
    if first == 0:
        return table
    left = len(table) - first
    if left == 0:
        return (at_least,)
    return tuple(table[first + at * left // len(table)] for at in range(len(table)))
