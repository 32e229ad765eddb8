"""Looking whether every sentence holds over everything stored, and seeing what was found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from ....ports.ids import Ids
from ....ports.transactions import Transactions
from ...identity.account import Asker, Role
from ...identity.policies import demand_role
from ...shared.dataclass import dataclass
from ...shared.ids import InvariantRunId
from ..invariants import INVARIANTS, Breach, Found, Invariant, Looked, Run
from .samples import Sample, Sampled, Samples

DETECT = "detect_breaches"
"""The name of the job that looks."""
MOST_SHOWN = 1000
_AGAIN = 20
"""So many rows that broke a sentence are looked at again beside each sample."""
Report = Callable[[int, int], Awaitable[None]]
"""Hears how many sentences were looked at, of how many."""


@dataclass(frozen=True)
class DetectBreaches:
    """Look at every sentence, each in transactions of its own, and keep what was found.

    One that cannot be looked at now keeps no other from being looked at, and is told with the run.
    """

    transactions: Transactions
    ids: Ids
    samples: Samples
    invariants: Sequence[Invariant] = INVARIANTS

    async def __call__(self, report: Report) -> Run:
        """Return the run; may be repeated or cut short at any point."""
        async with self.transactions() as work:
            last, started_at = await work.invariants.last_run(), work.now
        samples, looked = self.samples.by_invariant(), dict[str, Looked]()
        for one in self.invariants:
            looked[one.id] = await self._looked(one, last.reached(one.id) if last else "", samples.get(one.id))
            await report(len(looked), len(self.invariants))
        async with self.transactions() as work:
            run = Run(InvariantRunId(self.ids.new()), started_at, work.now, looked)
            await work.invariants.keep(run)
        return run

    async def by_operator(self, report: Report) -> tuple[Run, Sequence[Breach]]:
        """Look for whoever operates the machine; return the run, and the breaches that are not over, at most
        MOST_SHOWN."""
        run = await self(report)
        async with self.transactions() as work:
            return run, await work.invariants.breaches(MOST_SHOWN)

    async def _looked(self, one: Invariant, after: str, sample: Sample | None) -> Looked:
        try:
            found, reached = await self._found(one, after, sample)
            async with self.transactions() as work:
                known = await work.invariants.note(one.id, found, work.now)
        except Exception as error:  # noqa: BLE001 - the other sentences are looked at all the same, and the run tells of it
            return Looked(failure=type(error).__name__, reached=after)
        return Looked(found.looked_at, max(found.count, known), reached=reached)

    async def _found(self, one: Invariant, after: str, sample: Sample | None) -> Sampled:
        async with self.transactions() as work:
            if sample is None:
                return await work.invariants.look(one.id) or Found(0), ""
            again = await work.invariants.broken(one.id, _AGAIN)
        return await sample(after, again)


@dataclass(frozen=True)
class ListInvariants:
    """See whether every sentence holds, and which rows break one."""

    transactions: Transactions

    async def __call__(self, asker: Asker) -> tuple[Run | None, Sequence[Breach]]:
        """Return the last run, None before the first, and the breaches that are not over, at most MOST_SHOWN of them.

        Raises Forbidden to all but administrators.
        """
        demand_role(asker, Role.ADMIN)
        async with self.transactions(asker.origin) as work:
            return await work.invariants.last_run(), await work.invariants.breaches(MOST_SHOWN)
