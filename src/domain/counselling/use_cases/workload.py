"""How much lies with whom, and how long it takes them to answer."""

from __future__ import annotations

from datetime import timedelta

from ....ports.transactions import Transactions
from ...identity.account import Asker
from ...identity.policies import demand_staff
from ...shared.dataclass import dataclass
from ..policies import students_of
from ..workload import Counted, Workload

LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class AskWorkload:
    """Ask how much lies with oneself."""

    transactions: Transactions

    async def __call__(self, asker: Asker) -> Workload:
        """Return it, with the times of the last 90 days; raise RoleRefused to all but staff."""
        demand_staff(asker)
        me = asker.account_id
        async with self.transactions(asker.origin) as work:
            granted = students_of(asker, await work.grants.live_of(me, work.now), work.now)
            since, today = work.now - LOOKED_BACK, work.now.date()
            tasks = (await work.tasks.count([me], today, since)).get(me, Counted())
            waiting = await work.documents.awaiting_check(granted)
            checked = tuple(sorted((await work.documents.checked_in([me], since)).get(me, ())))
        return Workload(me, len(granted), tasks, waiting, Counted(seconds=checked))
