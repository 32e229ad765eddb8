"""Asking how a student stands: for one programme, for a shortlist, over the whole catalogue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from itertools import islice

from ...ports.rule_packs import RulePacks, rulebook_of
from ...ports.transactions import Transactions, UnitOfWork
from ...ports.zones import Zones
from ..catalogue.programme import Programme
from ..catalogue.search import ProgrammeQuery
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
from .judging import judge_programme
from .ranking import Match, Matches, Tally

Progress = Callable[[int], None]
Breathe = Callable[[], Awaitable[None]]
_HOME_ZONE = "UTC"
_BATCH = 100
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
        self,
        asker: Asker,
        student_id: StudentId,
        programme_ids: Sequence[ProgrammeId],
        on: date | None = None,
        edition: str | None = None,
    ) -> Sequence[Match]:
        """Return a verdict for each programme, by the packs of the edition, in force or earlier; raise NotFound naming
        every programme that there is not, or an edition that there never was."""
        demand_own_record(asker, student_id)
        rulebook = rulebook_of(self.rule_packs, edition)
        async with self.transactions(asker.origin) as work:
            programmes = await work.catalogue.programmes(programme_ids)
            missing = set(programme_ids) - {programme.id for programme in programmes}
            if missing:
                raise NotFound(*(Reason("programme.unknown", {"id": str(one)}) for one in sorted(missing)))
            evidence = await evidence_of(work, student_id, rulebook, self.zones, on)
        return [Match(programme, judge_programme(programme, evidence, rulebook)) for programme in programmes]


@dataclass(frozen=True)
class MatchCatalogue:
    """Hold one student against every programme that fits the question."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones

    async def __call__(
        self,
        asker: Asker,
        student_id: StudentId,
        query: ProgrammeQuery,
        *,
        on: date | None = None,
        edition: str | None = None,
        start: int = 0,
        size: int = 20,
        progress: Progress | None = None,
        breathe: Breathe | None = None,
    ) -> Matches:
        """Return how many programmes stand how, and the page of the best from ``start`` on.

        They are judged by the packs of the edition, in force or earlier; raise NotFound for one that there never was.
        ``progress`` is told how many programmes have been judged so far; ``breathe`` is awaited after every few of
        them, so that others who share the loop come to their turn.
        """
        demand_own_record(asker, student_id)
        rulebook = rulebook_of(self.rule_packs, edition)
        tally = Tally(keep=min(start + size, DEEPEST))
        async with self.transactions(asker.origin) as work:
            evidence = await evidence_of(work, student_id, rulebook, self.zones, on)
            batch: list[Programme] = []
            judged = 0
            async for programme in work.catalogue.every(query):
                batch.append(programme)
                if len(batch) == _BATCH:
                    judged += _judge(batch, evidence, rulebook, tally)
                    if progress:
                        progress(judged)
                    batch.clear()
                    if breathe:
                        await breathe()
            judged += _judge(batch, evidence, rulebook, tally)
            if progress:
                progress(judged)
        return tally.page(start, size)


def match_all(programmes: Sequence[Programme], evidence: Evidence, rulebook: Rulebook, size: int) -> Matches:
    """Return the ranked matches of programmes at hand: the embedded library's way, without a store."""
    tally = Tally(keep=size)
    remaining = iter(programmes)
    while batch := list(islice(remaining, _BATCH)):
        _judge(batch, evidence, rulebook, tally)
    return tally.page(0, size)


def _judge(batch: list[Programme], evidence: Evidence, rulebook: Rulebook, tally: Tally) -> int:
    tally.add_all(Match(programme, judge_programme(programme, evidence, rulebook)) for programme in batch)
    return len(batch)
