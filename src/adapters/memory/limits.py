"""How often somebody may do something, counted by one process for itself."""

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta

from ...ports.limits import Limit, Verdict

_PARTS = 60
_MOST = 50_000


class MemoryLimits:
    """Counts in windows that are cut into parts; of the many it remembers those that came last.

    A hit is forgotten when its whole part has left the window, so there are never more than the limit in any window.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, most: int = _MOST) -> None:
        """``clock`` counts seconds from any beginning; ``most`` is how many windows are remembered."""
        self._clock = clock
        self._most = most
        self._windows: OrderedDict[tuple[str, timedelta, str], dict[int, int]] = OrderedDict()

    async def hit(self, limit: Limit, who: str) -> Verdict:
        """Count one for ``who`` and return the verdict; a refused one is not counted."""
        now, width = self._clock(), limit.within.total_seconds() / _PARTS
        current = int(now // width)
        counts = self._window((limit.name, limit.within, who))
        for gone in [part for part in counts if part < current - _PARTS]:
            del counts[gone]
        used = sum(counts.values())
        allowed = used < limit.times
        if allowed:
            counts[current] = counts.get(current, 0) + 1
            used += 1
        left = max(0, limit.times - used)
        wait = timedelta(0) if left else _until_one_leaves(counts, used - limit.times + 1, width, now)
        return Verdict(allowed, left, wait)

    def _window(self, key: tuple[str, timedelta, str]) -> dict[int, int]:
        counts = self._windows.setdefault(key, {})
        self._windows.move_to_end(key)
        if len(self._windows) > self._most:
            self._windows.popitem(last=False)
        return counts


def _until_one_leaves(counts: dict[int, int], over: int, width: float, now: float) -> timedelta:
    """Return how long it takes until ``over`` of the counts have left the window."""
    for part in sorted(counts):
        over -= counts[part]
        if over <= 0:
            # a microsecond more, since the sum of two numbers that are not whole may come out just below the bound
            return timedelta(seconds=(part + 1 + _PARTS) * width - now, microseconds=1)
    return timedelta(seconds=width * _PARTS)
