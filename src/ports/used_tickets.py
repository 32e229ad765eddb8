"""Which tickets were used, for as long as they could be used again."""

from datetime import datetime
from typing import Protocol


class UsedTickets(Protocol):
    """All tickets that are good once and were used."""

    async def use(self, ticket_id: str, until: datetime) -> bool:
        """Note that the ticket is used, which ends then; return False where it had been used before.

        Of two units that use it at once, one gets True and is kept.
        """
        ...

    async def remove_over(self, before: datetime, limit: int) -> int:
        """Remove at most so many that ended before the moment; return how many that were."""
        ...
