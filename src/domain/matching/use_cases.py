"""Asking how a student stands, for some programmes or before the whole catalogue, and saying so over the rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from ...ports.ids import Ids
from ...ports.rule_packs import RulePacks, rulebook_of
from ...ports.snapshots import Snapshots
from ...ports.transactions import Transactions, UnitOfWork
from ...ports.zones import Zones
from ..catalogue.programme import Programme
from ..identity.account import Asker
from ..identity.policies import demand_own_record, demand_say_over_verdicts, demand_sight_of_verdicts
from ..profile.profile import Profile
from ..rulebook.pack import Rulebook
from ..shared.dataclass import dataclass
from ..shared.errors import Conflict, Invalid, NotFound, Reason, refuse_if_any
from ..shared.ids import OverrideId, ProgrammeId, StudentId
from ..shared.texts import text_problems
from ..shared.times import day_in
from .asking import Apart
from .evidence import Days, Evidence, evidence_with
from .override import Override, State, TakenBack
from .overriding import basis_of, places_to_override, those_that_count, with_overrides
from .ranking import Match, Matches, Matching
from .unlocking import Unlocks, gains, rows_of, tried_steps, unlock_of
from .verdict import Standing
from .wanted import Wanted, Wishes
from .whole import Whole

_HOME_ZONE = "UTC"
_LONGEST_REASON = 2000
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

        For the student herself and for staff.
        """
        demand_sight_of_verdicts(asker, student_id)
        rulebook = rulebook_of(self.rule_packs, edition)
        async with self.transactions(asker.origin) as work:
            programmes = await work.catalogue.programmes(programme_ids)
            missing = set(programme_ids) - {programme.id for programme in programmes}
            if missing:
                raise NotFound(*(Reason("programme.unknown", {"id": str(one)}) for one in sorted(missing)))
            evidence = await evidence_of(work, student_id, rulebook, self.zones, on, days)
            overrides = await _overrides(work, student_id, programmes)
        matched = Matching(evidence, rulebook).match
        return [_overridden(matched(programme), evidence, overrides) for programme in programmes]


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
        (ids,) = await chosen.pages([order.ranks], Wishes.of(evidence), start, depth - start)
        async with self.transactions(asker.origin) as work:
            programmes = await work.catalogue.programmes(ids)
            overrides = await _overrides(work, student_id, programmes)
        matched = Matching(evidence, rulebook).match
        page = tuple(_overridden(matched(programme), evidence, overrides) for programme in programmes)
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
        pages = await chosen.pages([gain.ranks for gain in best], Wishes.of(evidence), start, programmes)
        items = [unlock_of(gain, page) for gain, page in zip(best, pages, strict=True)]
        shown = dict.fromkeys(id_ for item in items for id_ in item.programmes)
        async with self.transactions(asker.origin) as work:
            known = {programme.id: programme for programme in await work.catalogue.programmes(shown)}
        return Unlocks(evidence.on, rulebook.edition, sum(chosen.counts), openings[0].programmes, tuple(items)), known


@dataclass(frozen=True)
class OverrideFinding:
    """Say over the rules how one requirement stands for one student."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones
    ids: Ids

    async def __call__(
        self,
        asker: Asker,
        student_id: StudentId,
        programme_id: ProgrammeId,
        *,
        place: str,
        standing: Standing,
        reason: str,
        until: date | None = None,
    ) -> Override:
        """Return the override; raise Forbidden or NotFound unless staff asks about somebody else's record.

        Raises Invalid without a reason, for a place where the programme requires nothing, and for an end that is past.
        """
        demand_say_over_verdicts(asker, student_id)
        problems = [*_reason_problems(reason)]
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            programme = await work.catalogue.programme(programme_id)
            evidence = await evidence_of(work, student_id, rulebook, self.zones, None)
            requirements = places_to_override(programme)
            leaf = requirements.get(place)
            if leaf is None:
                known = ", ".join(requirements)
                problems.append(Reason("override.no_such_requirement", {"given": place[:40], "known": known}, "place"))
            if until is not None and until < evidence.on:
                problems.append(Reason("override.ends_before_it_begins", {"given": until.isoformat()}, "until"))
            refuse_if_any(problems, Invalid)
            override = Override(
                id=OverrideId(self.ids.new()),
                student_id=student_id,
                programme_id=programme_id,
                place=place,
                standing=standing,
                reason=reason.strip(),
                by=asker.account_id,
                at=work.now,
                basis="" if leaf is None else basis_of(leaf, evidence),
                until=until,
            )
            await work.overrides.add(override)
            work.record(override.given(), 1)
        return override


@dataclass(frozen=True)
class TakeBackOverride:
    """Take an override back; it stays on record."""

    transactions: Transactions

    async def __call__(
        self, asker: Asker, student_id: StudentId, programme_id: ProgrammeId, override_id: OverrideId, reason: str
    ) -> Override:
        """Return the override as taken back; raise Conflict where it is already, Invalid without a reason."""
        demand_say_over_verdicts(asker, student_id)
        refuse_if_any(_reason_problems(reason), Invalid)
        async with self.transactions(asker.origin) as work:
            override = await work.overrides.get(override_id)
            if (override.student_id, override.programme_id) != (student_id, programme_id):
                raise NotFound
            if override.taken_back is not None:
                raise Conflict(Reason("override.taken_back_already"))
            taken_back = TakenBack(asker.account_id, work.now, reason.strip())
            await work.overrides.take_back(override_id, taken_back)
            work.record(override.withdrawn(), 2)
        return replace(override, taken_back=taken_back)


@dataclass(frozen=True)
class ListOverrides:
    """Show what was ever said over the rules for a student and a programme, to her and to staff."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones

    async def __call__(
        self, asker: Asker, student_id: StudentId, programme_id: ProgrammeId
    ) -> Sequence[tuple[Override, State]]:
        """Return the overrides, the newest first, each with whether it counts today."""
        demand_sight_of_verdicts(asker, student_id)
        async with self.transactions(asker.origin) as work:
            programme = await work.catalogue.programme(programme_id)
            evidence = await evidence_of(work, student_id, self.rule_packs.rulebook(), self.zones, None)
            overrides = await work.overrides.of_student(student_id, [programme_id])
        return those_that_count(programme, evidence, overrides).all


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


def _reason_problems(reason: str) -> list[Reason]:
    if not reason.strip():
        return [Reason("override.reason_needed", {}, "reason")]
    return list(text_problems(reason, "reason", at_most=_LONGEST_REASON))
