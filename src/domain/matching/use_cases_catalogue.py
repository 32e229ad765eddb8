"""Asking how a student stands before the whole catalogue, and what would open more of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from ...ports.rule_packs import RulePacks, rulebook_of
from ...ports.snapshots import Selection, Snapshots
from ...ports.transactions import Transactions
from ...ports.zones import Zones
from ..catalogue.programme import Programme
from ..identity.account import Asker
from ..identity.policies import demand_own_record
from ..shared.dataclass import dataclass
from ..shared.errors import NotFound, Reason
from ..shared.ids import ProgrammeId, StudentId
from .asking import Apart
from .ranking import Matches, Matching
from .unlocking import Gain, Unlock, Unlocks, gains, rows_of, tried_steps, unlock_of
from .use_cases import evidence_of, overridden, overrides_of
from .verdict import Standing
from .wanted import Wanted, Wishes
from .whole import Whole

DEEPEST = 1000
"""How far down the ranked list one may page; further down a narrower question serves better."""


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
        edition: str | None = None,
        only: Collection[Standing] = (),
        missing: int = 0,
        start: int = 0,
        size: int = 20,
    ) -> Matches:
        """Return how many programmes stand how, and the page of the best from ``start`` on.

        ``only`` lists these standings alone; ``missing`` (of Lack) counts and lists only those that lack something,
        and nothing else than this. What a page shows is judged in full, by the programmes as they stand then. Counts
        and order are the rules' alone, by the packs of the edition, in force or earlier; overrides show on the page.
        Raises NotFound for an edition that there never was.
        """
        demand_own_record(asker, student_id)
        rulebook = rulebook_of(self.rule_packs, edition)
        async with self.transactions(asker.origin) as work:
            evidence = await evidence_of(work, student_id, rulebook, self.zones, on)
        snapshot = await self.snapshots.current(Apart.of(rulebook))
        chosen = await snapshot.select(wanted.for_student(evidence))
        whole = Whole(snapshot.trees, evidence, rulebook, chosen.leaves)
        standings = await chosen.standings(whole.leaves)
        depth = min(start + size, DEEPEST)
        order = whole.order(chosen.counts, standings, depth, only=only, missing=missing)
        ids = await chosen.page(order.ranks, Wishes.of(evidence), start, depth - start)
        async with self.transactions(asker.origin) as work:
            programmes = await work.catalogue.programmes(ids)
            overrides = await overrides_of(work, student_id, programmes)
        matched = Matching(evidence, rulebook).matched
        page = tuple(overridden(matched(programme), evidence, overrides) for programme in programmes)
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
        edition: str | None = None,
        key: str = "",
        size: int = 10,
        start: int = 0,
        programmes: int = 5,
    ) -> tuple[Unlocks, dict[ProgrammeId, Programme]]:
        """Return the ``size`` changes that open most for their effort, and the programmes on their pages by id.

        Of each change up to ``programmes`` ids are shown, from place ``start`` on. With a ``key`` only that change is
        returned; raises NotFound where no change of that key opens anything, and for an edition that there never was.
        """
        demand_own_record(asker, student_id)
        rulebook = rulebook_of(self.rule_packs, edition)
        async with self.transactions(asker.origin) as work:
            evidence = await evidence_of(work, student_id, rulebook, self.zones, on)
        snapshot = await self.snapshots.current(Apart.of(rulebook))
        chosen = await snapshot.select(wanted.for_student(evidence))
        whole = Whole(snapshot.trees, evidence, rulebook, chosen.leaves)
        tried = tried_steps(whole)
        openings = await chosen.openings(rows_of(whole, tried))
        found = gains(tried, openings, chosen.counts)
        best = [gain for gain in found if key in ("", gain.step.key)][:size]
        if key and not best:
            raise NotFound(Reason("unlock.unknown", {"key": key}))
        wishes = Wishes.of(evidence)
        items = [await _shown(chosen, gain, wishes, start, programmes) for gain in best]
        shown = dict.fromkeys(id_ for item in items for id_ in item.programmes)
        async with self.transactions(asker.origin) as work:
            known = {programme.id: programme for programme in await work.catalogue.programmes(shown)}
        return Unlocks(evidence.on, rulebook.edition, sum(chosen.counts), openings[0].programmes, tuple(items)), known


async def _shown(chosen: Selection, gain: Gain, wishes: Wishes, start: int, programmes: int) -> Unlock:
    ids = await chosen.page(gain.ranks, wishes, start, programmes) if programmes else ()
    return unlock_of(gain, ids)
