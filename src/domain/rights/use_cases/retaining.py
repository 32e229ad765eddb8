"""Applying the rules of retention, and seeing what they would take away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from ....ports.ids import Ids
from ....ports.jobs import Job, Priority
from ....ports.transactions import Transactions, UnitOfWork
from ...audit.deed import Deed
from ...identity.account import Asker, Role
from ...identity.policies import demand_role
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, Reason
from ...shared.events import Origin
from ...shared.ids import AccountId, ErasureId, JobId
from ..erasure import Because, Erasure
from ..retention import Kept, RetentionRule
from .erasing import begin_waiting

CLEAR_AWAY, ERASE_ANEW = "clear_away", "erase_anew"
"""The names of the jobs that apply the rules, and that erase anew whom a backup has brought back."""
_BATCH = 1000
Report = Callable[[int], Awaitable[None]]
"""Hears how many rows were taken away, as that grows."""


@dataclass(frozen=True, slots=True)
class Due:
    """A rule, and how many things it would take away at the moment."""

    rule: RetentionRule
    before: datetime
    count: int


@dataclass(frozen=True)
class ShowRetention:
    """See how long what is kept, why, and what of it is over."""

    transactions: Transactions
    rules: Sequence[RetentionRule]

    async def __call__(self, asker: Asker) -> Sequence[Due]:
        """Return each rule with what it would take away now; raise Forbidden to all but administrators."""
        demand_role(asker, Role.ADMIN)
        async with self.transactions(asker.origin) as work:
            return [
                Due(rule, before := _before(rule, work.now), await work.retained.count(rule.kept, before))
                for rule in self.rules
            ]


@dataclass(frozen=True)
class ApplyRetention:
    """Take away what no rule lets stay, in short units of work; whoever has not come for years is told first."""

    transactions: Transactions
    ids: Ids
    rules: Sequence[RetentionRule]

    async def __call__(self, report: Report) -> int:
        """Return how many rows were removed and erasures begun; ``report`` hears the number as it grows."""
        done = 0
        for rule in self.rules:
            while batch := await self._batch(rule):
                done += batch
                await report(done)
        return done

    async def _batch(self, rule: RetentionRule) -> int:
        if rule.kept is Kept.DORMANT_ACCOUNTS:
            return await self._dormant(rule)
        async with self.transactions() as work:
            return await work.retained.remove(rule.kept, _before(rule, work.now), _BATCH)

    async def _dormant(self, rule: RetentionRule) -> int:
        async with self.transactions() as work:
            found = await work.retained.dormant(_before(rule, work.now), _BATCH)
        return sum([await self._notify(account_id, timedelta(days=rule.notice_days)) for account_id in found])

    async def _notify(self, account_id: AccountId, notice: timedelta) -> int:
        try:
            async with self.transactions() as work:
                await _let_wait(work, account_id, notice, self.ids)
        except Conflict:  # another process was first
            return 0
        return 1


@dataclass(frozen=True)
class RunByHand:
    """Have what a schedule does at night done now: the rules applied, or erased anew whom a backup brought back."""

    transactions: Transactions
    ids: Ids

    async def __call__(self, asker: Asker, name: str) -> JobId:
        """Return the id of the job; raise Forbidden to all but administrators, Conflict while the same is under way."""
        demand_role(asker, Role.ADMIN)
        async with self.transactions(asker.origin) as work:
            job = Job(JobId(self.ids.new()), name, work.now, alone=name, priority=Priority.NORMAL, origin=asker.origin)
            if not await work.jobs.add(job):
                raise Conflict(Reason("job.another_is_open"))
            work.note(Deed(f"rights.{name}", "job", job.id))
        return job.id


async def _let_wait(work: UnitOfWork, account_id: AccountId, notice: timedelta, ids: Ids) -> None:
    account = await work.accounts.get(account_id)
    if account.student_id is None:
        raise Conflict
    erasure = Erasure(
        ErasureId(ids.new()),
        account.student_id,
        account.id,
        Because.DORMANT,
        None,
        asked_at=work.now,
        due_at=work.now + notice,
    )
    await begin_waiting(work, erasure, ids, Origin())


def _before(rule: RetentionRule, now: datetime) -> datetime:
    """Return since when something must have been over: of what gets a notice first, the notice is part of the days."""
    return now - rule.lasting + timedelta(days=rule.notice_days)
