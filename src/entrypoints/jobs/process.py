"""Relay, sweeper and worker as they run beside the API in one process, until told to stop."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

from ...ports.errors import Unavailable
from ...ports.ids import Ids
from ...ports.jobs import Priority
from ...ports.transactions import Transactions
from .broker import Doorbell, in_process
from .duties import Duties
from .relay import Relay
from .worker import Patience, Worker

_A_MOMENT = 0.05

log = logging.getLogger(__name__)

Listen = Callable[[Callable[[], None]], Awaitable[None]]
"""Calls what it is given whenever events may have come in, and does not return."""


@dataclass(frozen=True)
class Rhythm:
    """How often to look without being called, and when a job that nobody took is offered again."""

    look_every: timedelta = timedelta(seconds=1)
    offer_again_after: timedelta = timedelta(seconds=10)
    most_waiting: int = 200
    """So many jobs are offered ahead of those that run; the others wait in their rows, where they take no memory."""


@dataclass(frozen=True)
class Sweeper:
    """Offers every job that is due: new ones, ones that were put back, and ones whose worker died."""

    transactions: Transactions
    doorbell: Doorbell

    async def offer(self, again_after: timedelta, limit: int) -> int:
        """Offer at most ``limit`` jobs of each priority and return how many it was."""
        async with self.transactions() as work:
            offers = await work.jobs.offer(dict.fromkeys(Priority, limit), again_after=again_after)
        for offer in offers:
            await self.doorbell.ring(offer.job_id)
        return len(offers)


@dataclass(frozen=True)
class _Loop:
    relay: Relay
    sweeper: Sweeper
    rhythm: Rhythm
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Pass on and offer for ever; where the database does not answer, try again a little later."""
        again_after = timedelta()  # what an earlier process had offered in memory is lost with it
        while True:
            self.wake.clear()
            try:
                busy = await self.relay.pass_on()
                room = self.rhythm.most_waiting - self.sweeper.doorbell.waiting
                if room > 0:
                    busy += await self.sweeper.offer(again_after, room)
                    again_after = self.rhythm.offer_again_after
                else:
                    await asyncio.sleep(_A_MOMENT)
                    busy = 1
            except Unavailable:
                log.warning("jobs wait: the database does not answer")
                busy = 0
            except Exception:  # the loop outlives whatever one round meets
                log.exception("passing events on failed")
                busy = 0
            if not busy:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), self.rhythm.look_every.total_seconds())


@asynccontextmanager
async def running(
    transactions: Transactions,
    ids: Ids,
    duties: Duties,
    *,
    listen: Listen | None = None,
    rhythm: Rhythm | None = None,
    patience: Patience | None = None,
    at_once: int = 4,
    grace: timedelta = timedelta(seconds=5),
) -> AsyncIterator[None]:
    """Carry out jobs while the block runs, ``at_once`` at most.

    At its end let running ones finish for ``grace``, and hand the rest back.
    """
    broker = in_process()
    worker = Worker(transactions, duties, patience or Patience(), at_once)
    loop = _Loop(
        Relay(transactions, ids, duties.reactions), Sweeper(transactions, Doorbell(broker, worker)), rhythm or Rhythm()
    )
    await broker.startup()
    tasks = [asyncio.create_task(loop.run(), name="relay and sweeper")]
    if listen is not None:
        tasks.append(asyncio.create_task(_listening(listen, loop.wake), name="listener"))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await worker.stop(grace)
        await broker.wait_all()
        await broker.shutdown()


async def _listening(listen: Listen, wake: asyncio.Event) -> None:
    await listen(wake.set)
