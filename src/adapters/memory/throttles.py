"""What has failed in a row, in memory."""

from datetime import datetime
from itertools import islice

from ...domain.identity.throttle import Throttle
from .tables import Table


class MemoryThrottles:
    """The counts as the open unit sees them; there is only ever one unit, so it holds them all."""

    def __init__(self, rows: Table[str, Throttle]) -> None:
        self._rows = rows

    async def held(self, key: str) -> Throttle:
        return self._rows.get(key) or Throttle(key)

    async def save(self, throttle: Throttle) -> None:
        self._rows.put(throttle.key, throttle)

    async def remove(self, key: str) -> None:
        self._rows.remove(key)

    async def remove_over(self, before: datetime, limit: int) -> int:
        old = self._rows.rows(lambda one: one.failed_at is not None and one.failed_at < before)
        over = [one.key for one in islice(old, limit)]
        for key in over:
            self._rows.remove(key)
        return len(over)
