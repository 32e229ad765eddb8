"""Asking how a student stands: for one programme, for a shortlist, over the whole catalogue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from ...ports.rule_packs import RulePacks
from ...ports.snapshots import Snapshots
from ...ports.transactions import Transactions, UnitOfWork
from ...ports.zones import Zones
from ..catalogue.programme import Programme
from ..documents.judging import usable_kinds
from ..identity.account import Asker
from ..identity.policies import demand_own_record
from ..profile.profile import Profile
from ..rulebook.pack import Rulebook
from ..shared.dataclass import dataclass
from ..shared.errors import NotFound, Reason
from ..shared.ids import ProgrammeId, StudentId
from ..shared.times import day_in
from .evidence import Evidence
from .ranking import Match, Matches, matched
from .trees import own_tables
from .unlocking import Unlocks, gains, rows_of, tried_steps, unlock_of
from .verdict import Standing
from .wanted import Wanted, Wishes
from .whole import Whole

_HOME_ZONE = "UTC"
DEEPEST = 1000
"""How far down the ranked list one may page; further down a narrower question serves better."""


def today_of(profile: Profile, work: UnitOfWork, zones: Zones) -> date:
    """Return the student's own day of today: by her zone where it is known, else in UTC."""
    return day_in(work.now, zones.named(profile.residence.zone if profile.residence else _HOME_ZONE))


async def evidence_of(
    work: UnitOfWork, student_id: StudentId, rulebook: Rulebook, zones: Zones, on: date | None
) -> Evidence:
    """Return what the student can show on the day, today by default."""
    student = await work.students.get(student_id)
    day = on or today_of(student.profile, work, zones)
    documents = await work.documents.of_student(student_id)
    return Evidence(student.profile, day, usable_kinds(documents, rulebook.document_kinds, day))


@dataclass(frozen=True)
class JudgeProgrammes:
    """Return the matches for the programmes, in the order asked for."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones

    async def __call__(
        self, asker: Asker, student_id: StudentId, programme_ids: Sequence[ProgrammeId], on: date | None = None
    ) -> Sequence[Match]:
        """Return a verdict for each programme; raise NotFound naming every programme that there is not."""
        demand_own_record(asker, student_id)
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            programmes = await work.catalogue.programmes(programme_ids)
            missing = set(programme_ids) - {programme.id for programme in programmes}
            if missing:
                raise NotFound(*(Reason("programme.unknown", {"id": str(one)}) for one in sorted(missing)))
            evidence = await evidence_of(work, student_id, rulebook, self.zones, on)
        return [matched(programme, evidence, rulebook) for programme in programmes]


@dataclass(frozen=True)
class MatchCatalogue:
    """Hold one student against every programme that fits the question."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones
    snapshots: Snapshots

    async def __call__(
        self,
        asker: Asker,
        student_id: StudentId,
        wanted: Wanted,
        *,
        on: date | None = None,
        only: Collection[Standing] = (),
        missing: int = 0,
        start: int = 0,
        size: int = 20,
    ) -> Matches:
        """Return how many programmes stand how, and the page of the best from ``start`` on.

        ``only`` lists these standings alone; ``missing`` (of Lack) counts and lists only those that lack something,
        and nothing else than this. What a page shows is judged in full, by the programmes as they stand then.
        """
        demand_own_record(asker, student_id)
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            evidence = await evidence_of(work, student_id, rulebook, self.zones, on)
        snapshot = await self.snapshots.current(own_tables(rulebook))
        whole = Whole(snapshot.trees, evidence, rulebook)
        chosen = await snapshot.select(wanted.for_student(evidence))
        standings = await chosen.standings(whole.leaves)
        depth = min(start + size, DEEPEST)
        order = whole.order(chosen.counts, standings, depth, only=only, missing=missing)
        ids = await chosen.page(order.ranks, Wishes.of(evidence), start, depth - start)
        async with self.transactions(asker.origin) as work:
            programmes = await work.catalogue.programmes(ids)
        page = tuple(matched(programme, evidence, rulebook) for programme in programmes)
        return Matches(order.counts, order.total, start, page)


@dataclass(frozen=True)
class UnlockCatalogue:
    """Try every change on the whole catalogue: how many more programmes would be met or probably met, and which."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones
    snapshots: Snapshots

    async def __call__(
        self,
        asker: Asker,
        student_id: StudentId,
        wanted: Wanted,
        *,
        on: date | None = None,
        key: str = "",
        size: int = 10,
        start: int = 0,
        programmes: int = 5,
    ) -> tuple[Unlocks, dict[ProgrammeId, Programme]]:
        """Return the ``size`` changes that open most for their effort, and the programmes on their pages by id.

        Of each change up to ``programmes`` ids are shown, from place ``start`` on. With a ``key`` only that change is
        returned; raises NotFound where no change of that key opens anything.
        """
        demand_own_record(asker, student_id)
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            evidence = await evidence_of(work, student_id, rulebook, self.zones, on)
        snapshot = await self.snapshots.current(own_tables(rulebook))
        whole = Whole(snapshot.trees, evidence, rulebook)
        chosen, tried = await snapshot.select(wanted.for_student(evidence)), tried_steps(whole)
        openings = await chosen.openings(rows_of(whole, tried))
        found = gains(tried, openings, chosen.counts)
        best = [gain for gain in found if key in ("", gain.step.key)][:size]
        if key and not best:
            raise NotFound(Reason("unlock.unknown", {"key": key}))
        wishes, items = Wishes.of(evidence), []
        for gain in best:
            ids = await chosen.page(gain.ranks, wishes, start, programmes) if programmes else ()
            items.append(unlock_of(gain, ids))
        shown = dict.fromkeys(id_ for item in items for id_ in item.programmes)
        async with self.transactions(asker.origin) as work:
            known = {programme.id: programme for programme in await work.catalogue.programmes(shown)}
        return Unlocks(evidence.on, rulebook.edition, sum(chosen.counts), openings[0].programmes, tuple(items)), known
