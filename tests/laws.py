"""How many cases a law is tried on: its share in ``make test``, a hundred times as many in ``make laws``."""

import os
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

_TIMES = float(os.environ.get("LAW_TIMES", "1"))
_FEWEST = 10
Law = TypeVar("Law", bound=Callable[..., object])


def cases(number: int) -> Callable[[Law], Law]:
    """Mark a law that is tried on this many cases, times LAW_TIMES."""
    tried = settings(
        max_examples=max(_FEWEST, round(number * _TIMES)),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )

    def marked(law: Law) -> Law:
        return pytest.mark.law(tried(law))

    return marked
