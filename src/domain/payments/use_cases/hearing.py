"""What the provider tells us by itself: kept, answered at once, and followed up by a job."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from ....ports.clock import Clock
from ....ports.ids import Ids
from ....ports.jobs import Job, Priority
from ....ports.payments import Payments
from ....ports.transactions import Transactions
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import JobId
from .paying import demanded
from .settling import Settlement

SETTLE = "settle_collection"
"""The name of the job that follows up what was told of a collection."""
UNKNOWN_FOR = timedelta(minutes=15)
"""For so long it may take until what was told is followed up; later, somebody has to look."""


@dataclass(frozen=True)
class HearNotice:
    """Take in a request by which the provider tells that something happened."""

    transactions: Transactions
    payments: Payments | None
    clock: Clock
    ids: Ids

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Return whether it was news; what comes again changes nothing.

        Raises NotFound where no provider is set up, NotSigned for what it has not signed, Invalid for what is signed
        and cannot be understood.
        """
        notice = demanded(self.payments).hear(headers, body, self.clock.now())
        async with self.transactions() as work:
            if not await work.orders.hear(notice, work.now):
                return False
            if notice.collection:
                about = {"collection": notice.collection}
                job = JobId(self.ids.new())
                await work.jobs.add(Job(job, SETTLE, work.now, arguments=about, priority=Priority.HIGH))
        return True


@dataclass(frozen=True)
class SettleCollection:
    """Look how a collection stands, and bring what we know to that."""

    transactions: Transactions
    payments: Payments | None
    settlement: Settlement

    async def __call__(self, collection: str) -> bool:
        """Return whether it is one of ours. Of one that is not, the notice stays, is looked at again, and somebody is
        alerted. Raises Unavailable when the provider does not answer."""
        async with self.transactions() as work:
            heard_by = work.now
        try:
            found = await demanded(self.payments).look(collection)
        except NotFound:
            return False
        async with self.transactions() as work:
            if await self.settlement(work, found) is None:
                return False
            await work.orders.settled(collection, heard_by)
        return True
