"""How many cases a law is tried on: its share in ``make test``, a hundred times as many in ``make laws``."""

import os

from hypothesis import HealthCheck, settings

_TIMES = float(os.environ.get("LAW_TIMES", "1"))
_FEWEST = 10


def cases(number: int) -> settings:
    """Return the settings for a law that is tried on this many cases, times LAW_TIMES."""
    return settings(
        max_examples=max(_FEWEST, round(number * _TIMES)),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
