"""A worker that looks into the job rows by itself while nobody rings."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from ...domain.shared.ids import JobId
from ...ports.errors import Unavailable
from ...ports.jobs import Priority
from ...ports.transactions import Transactions
from .rounds import Rhythm
from .sweeper import due
from .worker import Worker

_A_MOMENT = 0.05

log = logging.getLogger(__name__)


@dataclass
class Lookout:
    """Takes jobs that are due, as many as the worker can begin, while that is needed."""

    transactions: Transactions
    worker: Worker
    rhythm: Rhythm
    needed: Callable[[], bool]
    _begun: set[asyncio.Task[bool]] = field(default_factory=set, init=False)

    async def run(self) -> None:
        """Never return."""
        while True:
            found = await self._look() if self.needed() else 0
            await asyncio.sleep(_A_MOMENT if found else self.rhythm.look_every.total_seconds())

    async def _look(self) -> int:
        """Begin what is due; return how many jobs that was, or how many wait for their turn in here."""
        free = self.worker.free - len(self._begun)
        if free <= 0:
            return len(self._begun)
        try:
            async with self.transactions() as work:
                rooms, names = dict.fromkeys(Priority, free), self.worker.one_by_one
                offers, calls = await due(work.jobs, rooms, self.rhythm.offer_again_after, names)
        except Unavailable:
            log.warning("not looking for jobs: the database does not answer")
            return 0
        except Exception:
            log.exception("looking for jobs failed")
            return 0
        for offer in (*offers, *calls):
            self._begin(offer.job_id)
        return len(offers)

    def _begin(self, job_id: JobId) -> None:
        task = asyncio.create_task(self.worker.carry_out(job_id))
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)
