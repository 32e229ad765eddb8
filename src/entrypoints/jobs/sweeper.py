"""Offers every job that is due: new ones, ones that were put back, and ones whose worker died."""

from dataclasses import dataclass
from datetime import timedelta

from ...ports.transactions import Transactions
from .broker import Doorbell


@dataclass(frozen=True)
class Sweeper:
    """Tells the workers of jobs, as far as they have room; several sweepers may share the work."""

    transactions: Transactions
    doorbell: Doorbell

    async def offer(self, again_after: timedelta) -> bool | None:
        """Offer what there is room for; return whether that was anything, None where there was no room at all.

        Raises Unavailable where the doorbell or the database does not answer.
        """
        room = await self.doorbell.room()
        rooms = {priority: places for priority, places in room.items() if places}
        if not rooms:
            return None
        async with self.transactions() as work:
            offers = await work.jobs.offer(rooms, again_after=again_after)
        await self.doorbell.ring(offers)
        return bool(offers)
