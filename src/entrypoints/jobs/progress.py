"""How far a job says that it is."""

import time
from collections.abc import Callable
from datetime import timedelta

from ...ports.jobs import Job
from ...ports.transactions import Transactions


class Progress:
    """Given to what carries a job out, which says by it how far it is as often as it likes."""

    def __init__(
        self,
        transactions: Transactions,
        job: Job,
        every: timedelta = timedelta(seconds=1),
        ticking: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transactions = transactions
        self._job = job
        self._every = every.total_seconds()
        self._ticking = ticking
        self._next = ticking()

    async def __call__(self, done: int, of: int | None = None) -> None:
        """Note that so much is done, of so much where that is known. Written at most once a second, and at the end.

        Raises LeaseLost when another worker has the job: what goes on then is for nothing.
        """
        if self._ticking() < self._next and done != of:
            return
        self._next = self._ticking() + self._every
        async with self._transactions() as work:
            await work.jobs.report(self._job, done, of)
