"""How the student stands for each target of a plan, on the days that the plan gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ....ports.rule_packs import rulebook_of
from ...identity.account import Asker
from ...matching.evidence import evidence_with
from ...matching.overriding import with_overrides
from ...matching.ranking import Match, matched
from ...shared.dataclass import dataclass
from ...shared.ids import PlanId
from ..target_case import TargetCase
from .planned import Planning


@dataclass(frozen=True, slots=True)
class TargetVerdict:
    """The verdict for one target, and the case whose days it was held against."""

    case: TargetCase
    match: Match


@dataclass(frozen=True)
class JudgeTargets(Planning):
    """Hold the student against the programme of each target of a plan."""

    async def __call__(
        self, asker: Asker, plan_id: PlanId, today: date | None = None, edition: str | None = None
    ) -> Sequence[TargetVerdict]:
        """Return the verdicts with overrides, that of the leading target first; test results have to count on the days
        on which the plan has the application, the appointment and the beginning of studies."""
        rulebook = rulebook_of(self.rule_packs, edition)
        async with self.transactions(asker.origin) as work:
            plan = await self.seen(work, asker, plan_id)
            found = await self.worked_out(work, plan, rulebook, today)
            profile = (await work.students.get(plan.student_id)).profile
            documents = await work.documents.of_student(plan.student_id)
            ids = [case.target.ref.programme_id for case in found.cases]
            programmes = {programme.id: programme for programme in await work.catalogue.programmes(ids)}
            overrides = await work.overrides.of_student(plan.student_id, ids)
        on = found.schedule.today
        shown = evidence_with(profile, documents, rulebook.document_kinds, on)
        verdicts = []
        for case in found.cases:
            programme = programmes[case.target.ref.programme_id]
            evidence = case.on_its_days(shown)
            match = matched(programme, evidence, rulebook)
            given = [one for one in overrides if one.programme_id == programme.id]
            if given:
                match = replace(match, verdict=with_overrides(match.verdict, programme, evidence, given))
            verdicts.append(TargetVerdict(case, match))
        return verdicts
