"""The counsellor's queue: whom of all her students to see to first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from ....ports.calendars import Calendars
from ....ports.rule_packs import RulePacks
from ....ports.transactions import Transactions
from ....ports.zones import Zones
from ...identity.account import Asker
from ...identity.policies import demand_staff
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...impacts.use_cases import cases_of
from ...shared.dataclass import dataclass
from ..need import InNeed, Matter, Place, place_of, ranked
from ..needs import in_need
from ..policies import students_of


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some of the queue, how many students are in it altogether, and where this page ends; None at the end."""

    items: Sequence[InNeed]
    students: int
    next: Place | None


@dataclass(frozen=True)
class AskQueue:
    """Ask whom of one's students to see to first; without calendars every day counts as open.

    Plans are worked out outside of any unit of work, so that none waits for it.
    """

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones
    calendars: Calendars | None = None

    async def __call__(
        self, asker: Asker, after: Place | None, limit: int, breathe: Callable[[], Awaitable[None]]
    ) -> QueuePage:
        """Return at most ``limit`` students from just after that place on; raise RoleRefused to all but counsellors and
        administrators.

        Each student who is shown sees in her activity that she was looked at. ``breathe`` is awaited after each that
        is worked out.
        """
        demand_staff(asker)
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            granted = students_of(asker, await work.grants.live_of(asker.account_id, work.now), work.now)
            students = await work.students.several(granted)
            cases = await cases_of(work, students, self.zones, work.now, self.calendars)
        found = []
        for case in cases:
            found.append(in_need(case, granted[case.student_id], rulebook))
            await breathe()
        queue = ranked(found)
        rest = [one for one in queue if after is None or place_of(one) > after]
        shown = rest[:limit]
        async with self.transactions(asker.origin) as work:
            for one in shown:
                admit(work, asker, one.student_id, Doing.SEE_PLANS)
                if any(need.matter is Matter.PAPER for need in one.needs):
                    admit(work, asker, one.student_id, Doing.SEE_PAPERS)
        return QueuePage(shown, len(queue), place_of(shown[-1]) if len(rest) > limit else None)
