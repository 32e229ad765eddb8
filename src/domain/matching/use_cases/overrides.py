"""Saying over the rules how a requirement stands, taking that back, and showing what was ever said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ....ports.ids import Ids
from ....ports.rule_packs import RulePacks
from ....ports.transactions import Transactions
from ....ports.zones import Zones
from ...identity.account import Asker
from ...identity.policies import admitted
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, Invalid, NotFound, Reason, refuse_if_any
from ...shared.ids import OverrideId, ProgrammeId, StudentId
from ...shared.texts import text_problems
from ..override import Override, State, TakenBack
from ..overriding import basis_of, places_to_override, those_that_count
from ..verdict import Standing
from .asking import evidence_of

_LONGEST_REASON = 2000


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
        """Return the override; raise Forbidden for one's own record, NotFound unless staff asks whom she lets see it.

        Raises Invalid without a reason, for a place where the programme requires nothing, and for an end that is past.
        """
        admitted(asker, student_id, Doing.OVERRIDE_VERDICTS)
        problems = [*_reason_problems(reason)]
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.OVERRIDE_VERDICTS)
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
        admitted(asker, student_id, Doing.OVERRIDE_VERDICTS)
        refuse_if_any(_reason_problems(reason), Invalid)
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.OVERRIDE_VERDICTS)
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
    """Show what was ever said over the rules for a student and a programme, to whoever may see her verdicts."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones

    async def __call__(
        self, asker: Asker, student_id: StudentId, programme_id: ProgrammeId
    ) -> Sequence[tuple[Override, State]]:
        """Return the overrides, the newest first, each with whether it counts today."""
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.SEE_VERDICTS)
            programme = await work.catalogue.programme(programme_id)
            evidence = await evidence_of(work, student_id, self.rule_packs.rulebook(), self.zones, None)
            overrides = await work.overrides.of_student(student_id, [programme_id])
        return those_that_count(programme, evidence, overrides).all


def _reason_problems(reason: str) -> list[Reason]:
    if not reason.strip():
        return [Reason("override.reason_needed", {}, "reason")]
    return list(text_problems(reason, "reason", at_most=_LONGEST_REASON))
