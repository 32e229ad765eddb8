"""How often somebody may do something, counted by one process for itself."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import timedelta

from ...ports.limits import Hit, Limit, Verdict

_PARTS = 60
_MOST = 50_000
_NONE = timedelta(0)


class _Window:
    """What was counted in each part of one window, and altogether."""

    __slots__ = ("counts", "newest", "used")

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.newest = 0
        self.used = 0

    def go_on(self, part: int) -> None:
        """Forget what has left the window that ends in this part."""
        for gone in [one for one in self.counts if one < part - _PARTS]:
            self.used -= self.counts.pop(gone)
        self.newest = part

    def count(self, part: int) -> None:
        """Count one in the part."""
        self.counts[part] = self.counts.get(part, 0) + 1
        self.used += 1

    def until_one_leaves(self, over: int, width: float, now: float) -> timedelta:
        """Return how long it takes until ``over`` of the counts have left."""
        for part in sorted(self.counts):
            over -= self.counts[part]
            if over <= 0:
                # a microsecond more, since the sum of two numbers that are not whole may come out just below the bound
                return timedelta(seconds=(part + 1 + _PARTS) * width - now, microseconds=1)
        return timedelta(seconds=width * _PARTS)


class MemoryLimits:
    """Counts in windows that are cut into parts; of the many it remembers those that came last.

    A hit is forgotten when its whole part has left the window, so there are never more than the limit in any window.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, most: int = _MOST) -> None:
        """``clock`` counts seconds from any beginning; ``most`` is how many windows are remembered."""
        self._clock = clock
        self._most = most
        self._windows: OrderedDict[tuple[str, timedelta, str], _Window] = OrderedDict()

    async def hit(self, limit: Limit, who: str) -> Verdict:
        """Count one for ``who`` and return the verdict; a refused one is not counted."""
        return (await self.hit_all([(limit, who)]))[0]

    async def hit_all(self, hits: Sequence[Hit]) -> list[Verdict]:
        """Count one for each, or none at all where one of them is refused."""
        now = self._clock()
        windows = [self._window(limit, who, now) for limit, who in hits]
        may = [window.used < limit.times for window, (limit, _) in zip(windows, hits, strict=True)]
        verdicts = []
        for window, (limit, _), allowed in zip(windows, hits, may, strict=True):
            width = limit.within.total_seconds() / _PARTS
            if all(may):
                window.count(int(now // width))
            left = max(0, limit.times - window.used)
            wait = _NONE if left else window.until_one_leaves(window.used - limit.times + 1, width, now)
            verdicts.append(Verdict(allowed, left, wait))
        return verdicts

    def _window(self, limit: Limit, who: str, now: float) -> _Window:
        """Return the window as it stands now."""
        window = self._kept((limit.name, limit.within, who))
        part = int(now // (limit.within.total_seconds() / _PARTS))
        if part != window.newest:
            window.go_on(part)
        return window

    def _kept(self, key: tuple[str, timedelta, str]) -> _Window:
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = _Window()
            if len(self._windows) > self._most:
                self._windows.popitem(last=False)
        else:
            self._windows.move_to_end(key)
        return window
