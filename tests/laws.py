"""How many cases a law is tried on: its share in ``make test``, a hundred times as many in ``make laws``."""

import os
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

_TIMES = float(os.environ.get("LAW_TIMES", "1"))
_FEWEST = 10
T = TypeVar("T")
Law = TypeVar("Law", bound=Callable[..., object])


def cases(number: int) -> Callable[[Law], Law]:
    """Mark a law that is tried on this many cases, times LAW_TIMES.

    ``make test`` tries the same cases each time, so that what is green stays green; ``make laws`` looks for new ones.
    """
    tried = settings(
        max_examples=max(_FEWEST, round(number * _TIMES)),
        derandomize=_TIMES == 1,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )

    def marked(law: Law) -> Law:
        found: Law = pytest.mark.law(tried(law))
        return found

    return marked


def drawn(strategy: SearchStrategy[T], number: int) -> list[T]:
    """Return so many cases, times LAW_TIMES, for a law that holds them all together; always the same ones."""
    found: list[T] = []

    @seed(4711)
    @settings(
        max_examples=max(_FEWEST, round(number * _TIMES)),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(one: T) -> None:
        found.append(one)

    collect()
    return found
