"""Which tickets were used, in memory."""

from datetime import datetime
from itertools import islice

from .tables import Table


class MemoryUsedTickets:
    """The used tickets as the open unit sees them, by their ids, with their ends."""

    def __init__(self, rows: Table[str, tuple[str, datetime]]) -> None:
        self._rows = rows

    async def use(self, ticket_id: str, until: datetime) -> bool:
        if self._rows.get(ticket_id) is not None:
            return False
        self._rows.put(ticket_id, (ticket_id, until))
        return True

    async def remove_over(self, before: datetime, limit: int) -> int:
        over = [key for key, _ in islice(self._rows.rows(lambda one: one[1] < before), limit)]
        for key in over:
            self._rows.remove(key)
        return len(over)
