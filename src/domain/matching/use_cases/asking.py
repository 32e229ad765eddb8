"""Asking how a student stands, for some programmes or before the whole catalogue."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ....ports.rule_packs import RulePacks, rulebook_of
from ....ports.snapshots import Selection, Snapshots
from ....ports.transactions import Transactions, UnitOfWork
from ....ports.zones import Zones
from ...catalogue.programme import Programme
from ...identity.account import Asker
from ...identity.policies import admitted
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...profile.profile import Profile
from ...rulebook.pack import Rulebook
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound, Reason
from ...shared.ids import ProgrammeId, StudentId
from ...shared.times import day_in
from ..answers import unanswered
from ..asking import Apart
from ..evidence import Days, Evidence, evidence_with
from ..override import Override
from ..overriding import with_overrides
from ..ranking import Match, Matches, Matching
from ..unlocking import Unlocks, gains, rows_of, tried_steps, unlock_of
from ..verdict import Standing
from ..wanted import Wanted, Wishes
from ..whole import Whole

_HOME_ZONE = "UTC"
DEEPEST = 1000
"""How far down the ranked list one may page; further down a narrower question serves better."""


def today_of(profile: Profile, work: UnitOfWork, zones: Zones) -> date:
    """Return the student's own day of today: by her zone where it is known, else in UTC."""
    return day_in(work.now, zones.named(profile.residence.zone if profile.residence else _HOME_ZONE))


async def evidence_of(
    work: UnitOfWork,
    student_id: StudentId,
    rulebook: Rulebook,
    zones: Zones,
    on: date | None,
    days: Days | None = None,
) -> Evidence:
    """Return what the student can show on the day, today by default; ``days`` are those of the case."""
    student = await work.students.get(student_id)
    day = on or today_of(student.profile, work, zones)
    documents = await work.documents.of_student(student_id)
    return evidence_with(student.profile, documents, rulebook.document_kinds, day, days)


@dataclass(frozen=True)
class JudgeProgrammes:
    """Return the matches for the programmes, in the order asked for."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones

    async def __call__(
        self,
        asker: Asker,
        student_id: StudentId,
        programme_ids: Sequence[ProgrammeId],
        on: date | None = None,
        days: Days | None = None,
        edition: str | None = None,
    ) -> Sequence[Match]:
        """Return a verdict for each programme, with overrides, by the packs of the edition, in force or earlier; raise
        NotFound naming every programme that there is not, or an edition that there never was.

        For the student herself, and for whom she lets see her plans.
        """
        admitted(asker, student_id, Doing.SEE_VERDICTS)
        rulebook = rulebook_of(self.rule_packs, edition)
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.SEE_VERDICTS)
            programmes = await work.catalogue.programmes(programme_ids)
            missing = set(programme_ids) - {programme.id for programme in programmes}
            if missing:
                raise NotFound(*(Reason("programme.unknown", {"id": str(one)}) for one in sorted(missing)))
            evidence = await evidence_of(work, student_id, rulebook, self.zones, on, days)
            overrides = await _overrides(work, student_id, programmes)
        matched = Matching(evidence, rulebook).match
        return [_overridden(matched(programme), evidence, overrides) for programme in programmes]


@dataclass(frozen=True)
class _AskCatalogue:
    """What every question about the whole catalogue begins with."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones
    snapshots: Snapshots

    async def _asked(
        self, asker: Asker, student_id: StudentId, wanted: Wanted, on: date | None, edition: str | None
    ) -> tuple[Selection, Whole]:
        """Return the programmes that fit the question, and the student before all that they require."""
        admitted(asker, student_id, Doing.SEE_VERDICTS)
        rulebook = rulebook_of(self.rule_packs, edition)
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.SEE_VERDICTS)
            evidence = await evidence_of(work, student_id, rulebook, self.zones, on)
        snapshot = await self.snapshots.current(Apart.of(rulebook))
        chosen = await snapshot.select(wanted.for_student(evidence, rulebook))
        return chosen, Whole(snapshot.trees, evidence, rulebook, chosen.leaves)


@dataclass(frozen=True)
class MatchCatalogue(_AskCatalogue):
    """Hold one student against every programme that fits the question."""

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
        chosen, whole = await self._asked(asker, student_id, wanted, on, edition)
        evidence, rulebook = whole.evidence, whole.rulebook
        standings = await chosen.standings(whole.leaves)
        depth = min(start + size, DEEPEST)
        order = whole.order(chosen.counts, standings, depth, only=only, missing=missing)
        (ids,) = await chosen.pages([order.ranks], Wishes.of(evidence, rulebook), start, depth - start)
        async with self.transactions(asker.origin) as work:
            programmes = await work.catalogue.programmes(ids)
            overrides = await _overrides(work, student_id, programmes)
        matched = Matching(evidence, rulebook).match
        page = tuple(_overridden(matched(programme), evidence, overrides) for programme in programmes)
        return Matches(order.counts, order.total, start, page)


@dataclass(frozen=True)
class UnlockCatalogue(_AskCatalogue):
    """Try every change on the whole catalogue: how many more programmes would be met or probably met, and which."""

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
        chosen, whole = await self._asked(asker, student_id, wanted, on, edition)
        evidence, rulebook = whole.evidence, whole.rulebook
        tried = tried_steps(whole)
        openings = await chosen.openings(rows_of(whole, tried))
        found = gains(tried, openings, chosen.counts)
        best = [gain for gain in found if key in ("", gain.step.key)][:size]
        if key and not best:
            raise NotFound(Reason("unlock.unknown", {"key": key}))
        pages = await chosen.pages([gain.ranks for gain in best], Wishes.of(evidence, rulebook), start, programmes)
        items = [unlock_of(gain, page) for gain, page in zip(best, pages, strict=True)]
        shown = dict.fromkeys(id_ for item in items for id_ in item.programmes)
        async with self.transactions(asker.origin) as work:
            known = {programme.id: programme for programme in await work.catalogue.programmes(shown)}
        total, is_open = sum(chosen.counts), openings[0].programmes
        unlocks = Unlocks(evidence.on, rulebook.edition, total, is_open, tuple(items), unanswered(whole))
        return unlocks, known


async def _overrides(
    work: UnitOfWork, student_id: StudentId, programmes: Sequence[Programme]
) -> Mapping[ProgrammeId, list[Override]]:
    found: dict[ProgrammeId, list[Override]] = {}
    if programmes:
        for override in await work.overrides.of_student(student_id, [programme.id for programme in programmes]):
            found.setdefault(override.programme_id, []).append(override)
    return found


def _overridden(match: Match, evidence: Evidence, overrides: Mapping[ProgrammeId, list[Override]]) -> Match:
    given = overrides.get(match.programme.id, ())
    return replace(match, verdict=with_overrides(match.verdict, match.programme, evidence, given)) if given else match
