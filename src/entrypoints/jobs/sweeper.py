"""Offers every job that is due: new ones, ones that were put back, and ones whose worker died."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ...ports.jobs import Jobs, Offer, Priority
from ...ports.transactions import Transactions
from .broker import Doorbell

_CALLS = 4
_CALL_AGAIN_AFTER = timedelta(seconds=1)


@dataclass(frozen=True)
class Sweeper:
    """Tells the workers of jobs, as far as they have room; several sweepers may share the work."""

    transactions: Transactions
    doorbell: Doorbell
    one_by_one: Collection[str] = ()

    async def offer(self, again_after: timedelta) -> bool | None:
        """Offer what there is room for; return whether that was anything, None where there was no room at all.

        Raises Unavailable where the doorbell or the database does not answer.
        """
        room = await self.doorbell.room()
        rooms = {priority: places for priority, places in room.items() if places}
        if not rooms:
            return None
        async with self.transactions() as work:
            offers, calls = await due(work.jobs, rooms, again_after, self.one_by_one)
        await self.doorbell.ring([*offers, *calls])
        return bool(offers)


async def due(
    jobs: Jobs, rooms: Mapping[Priority, int], again_after: timedelta, one_by_one: Collection[str]
) -> tuple[Sequence[Offer], Sequence[Offer]]:
    """Return the jobs to offer, and a few of those that go one by one, only to call workers to them.

    A worker that is called goes on for as long as there are any. So those that wait are neither carried about nor in
    the way of others, and what a worker left when it ended is called for again soon.
    """
    offers = await jobs.offer(rooms, again_after=again_after, but=one_by_one)
    if not one_by_one:
        return offers, ()
    few = {priority: min(places, _CALLS) for priority, places in rooms.items()}
    return offers, await jobs.offer(few, again_after=_CALL_AGAIN_AFTER, named=one_by_one)
