"""A plan's calendar: its secret link, and what stands in it."""

from __future__ import annotations

import hashlib

from ....ports.secrets import Secrets
from ....ports.transactions import UnitOfWork
from ...audit.deed import Deed
from ...identity.account import Asker
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import PlanId
from ..calendar_entries import calendar_of
from ..plan import Plan
from ..sent_calendar import CalendarNow, tell
from .planned import Planning, PlanToday, home_of


@dataclass(frozen=True)
class ShareCalendar(Planning):
    """Make a secret link to a plan's calendar; an earlier link stops working."""

    secrets: Secrets

    async def __call__(self, asker: Asker, plan_id: PlanId) -> str:
        """Return the secret part of the link; it is shown this once and only its hash is kept."""
        secret = self.secrets.new()
        async with self.transactions(asker.origin) as work:
            plan = await self.shared(work, asker, plan_id)
            plan.calendar_hash = hashlib.sha256(secret.encode()).hexdigest()
            await work.plans.save(plan)
            work.note(Deed("calendar.shared", "plan", plan.id, plan.student_id))
        return secret


@dataclass(frozen=True)
class StopSharingCalendar(Planning):
    """Make the calendar link of a plan stop working."""

    async def __call__(self, asker: Asker, plan_id: PlanId) -> None:
        """Return when no link leads to the plan's calendar any more."""
        async with self.transactions(asker.origin) as work:
            plan = await self.shared(work, asker, plan_id)
            plan.calendar_hash = ""
            await work.plans.save(plan)
            work.note(Deed("calendar.stopped", "plan", plan.id, plan.student_id))


@dataclass(frozen=True)
class _Telling(Planning):
    """Telling a plan's calendar, and remembering what was told."""

    async def _tell(self, work: UnitOfWork, plan: Plan) -> tuple[PlanToday, CalendarNow]:
        """Return the plan as of today with its calendar; anew for the same day and the same plan it is the same."""
        before = await work.plans.calendar_sent(plan.id)
        found = await self.worked_out(work, plan, self.rule_packs.rulebook())
        home = home_of((await work.students.get(plan.student_id)).profile)
        now = tell(calendar_of(found.schedule, str(plan.id), self.zones.named, home), before, work.now)
        if now.told != before:
            await work.plans.note_calendar_sent(plan.id, now.told)
        return found, now


@dataclass(frozen=True)
class ReadCalendar(_Telling):
    """Read the calendar behind a secret link; whoever has the link may."""

    async def __call__(self, secret: str) -> tuple[PlanToday, CalendarNow]:
        """Return the plan and its calendar as of today; raise NotFound when no plan has this link."""
        async with self.transactions() as work:
            plan = await work.plans.find_by_calendar(hashlib.sha256(secret.encode()).hexdigest())
            if plan is None:
                raise NotFound
            return await self._tell(work, plan)


@dataclass(frozen=True)
class GetCalendar(_Telling):
    """Get the calendar of a plan of one's own, to put it into a calendar program once."""

    async def __call__(self, asker: Asker, plan_id: PlanId) -> tuple[PlanToday, CalendarNow]:
        """Return the plan and its calendar as of today."""
        async with self.transactions(asker.origin) as work:
            return await self._tell(work, await self.seen(work, asker, plan_id))
