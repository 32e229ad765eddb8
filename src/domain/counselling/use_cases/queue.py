"""The counsellor's queue: whom of all her students to see to first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from ....ports.calendars import Calendars
from ....ports.editions import Editions
from ....ports.rule_packs import RulePacks
from ....ports.transactions import Transactions
from ....ports.zones import Zones
from ...identity.account import Asker
from ...identity.policies import demand_staff
from ...identity.scopes import Doing, Granted
from ...identity.use_cases.admitting import admit
from ...impacts.use_cases import cases_of
from ...rulebook.pack import Rulebook
from ...shared.dataclass import dataclass
from ...shared.ids import StudentId
from ...shared.times import day_in
from ..kept import KeptNeeds, Standing, basis_of
from ..need import InNeed, Matter, Place, place_of, ranked
from ..needs import needs_in, seen_with
from ..policies import students_of

_LOT = 500
"""So many students are worked out between two units of work."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some of the queue, how many students are in it altogether, and where this page ends; None at the end."""

    items: Sequence[InNeed]
    students: int
    next: Place | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """A student with her day, and the digest of what her needs follow from today."""

    standing: Standing
    in_need: InNeed
    basis: str


@dataclass(frozen=True)
class AskQueue:
    """Ask whom of one's students to see to first; without calendars every day counts as open.

    What was found of a student is kept with what it was found from, and found anew where any of that has changed. Plans
    are worked out outside of any unit of work, so that none waits for it.
    """

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones
    editions: Editions
    calendars: Calendars | None = None

    async def __call__(
        self, asker: Asker, after: Place | None, limit: int, breathe: Callable[[], Awaitable[None]]
    ) -> QueuePage:
        """Return at most ``limit`` students from just after that place on; raise RoleRefused to all but counsellors and
        administrators.

        Who has nothing to see to is not in it. Each student who is shown sees in her activity that she was looked at.
        ``breathe`` is awaited after each that is worked out.
        """
        demand_staff(asker)
        granted, found = await self.of_all(asker, breathe)
        queue = ranked(one for one in found if one.needs)
        rest = [one for one in queue if after is None or place_of(one) > after]
        shown = rest[:limit]
        async with self.transactions(asker.origin) as work:
            for one in shown:
                admit(work, asker, one.student_id, Doing.SEE_PLANS)
                if any(need.matter is Matter.PAPER for need in one.needs):
                    admit(work, asker, one.student_id, Doing.SEE_PAPERS)
        return QueuePage(shown, len(granted), place_of(shown[-1]) if len(rest) > limit else None)

    async def of_all(
        self, asker: Asker, breathe: Callable[[], Awaitable[None]]
    ) -> tuple[Mapping[StudentId, Granted], list[InNeed]]:
        """Return the asker's students with their grants, and what there is to see to of each, as far as that lets her
        see it."""
        rulebook = self.rule_packs.rulebook()
        # Before anything is read: what changes meanwhile is found anew the next time.
        others = [rulebook.edition_id, await self.editions.current(), self.zones.version]
        others += [self.calendars.version] if self.calendars else []
        async with self.transactions(asker.origin) as work:
            granted = students_of(asker, await work.grants.live_of(asker.account_id, work.now), work.now)
            standings = await work.needs.standings(granted)
            now = work.now
        seen = {}
        for one in standings:
            today = day_in(now, self.zones.named(one.zone))
            kept = one.kept.needs if one.kept else ()
            in_need = InNeed(one.student_id, one.name, one.language, today, kept)
            seen[one.student_id] = _Seen(one, in_need, basis_of(one, today, *others))
        stale = [one for one in seen.values() if one.standing.kept is None or one.standing.kept.basis != one.basis]
        for at in range(0, len(stale), _LOT):
            for kept_needs in await self._found_anew(stale[at : at + _LOT], rulebook, breathe):
                before = seen[kept_needs.student_id]
                seen[kept_needs.student_id] = replace(before, in_need=replace(before.in_need, needs=kept_needs.needs))
        return granted, [seen_with(one.in_need, granted[student_id]) for student_id, one in seen.items()]

    async def _found_anew(
        self, stale: Sequence[_Seen], rulebook: Rulebook, breathe: Callable[[], Awaitable[None]]
    ) -> list[KeptNeeds]:
        """Return the needs of these, worked out, and keep them for the next who asks."""
        async with self.transactions() as work:
            students = await work.students.several([one.standing.student_id for one in stale])
            cases = await cases_of(work, students, self.zones, work.now, self.calendars)
        by_id = {one.standing.student_id: one for one in stale}
        found = []
        for case in cases:
            one = by_id[case.student_id]
            case_of_day = replace(case, today=one.in_need.today)
            needs = needs_in(case_of_day, rulebook)
            found.append(KeptNeeds(case.student_id, one.standing.record_version, one.basis, needs))
            await breathe()
        async with self.transactions() as work:
            await work.needs.keep(found)
        return found
