"""The papers of a plan, judged at the day on which they will be used."""

from __future__ import annotations

from datetime import date

from ....ports.rule_packs import rulebook_of
from ...identity.account import Asker
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound, Reason
from ...shared.ids import PlanId
from ..target_case import CheckedPapers, check_papers
from .planned import Planning


@dataclass(frozen=True)
class CheckPapers(Planning):
    """Go through the papers of a plan's checklist, judged at the day on which they will be used."""

    async def __call__(
        self,
        asker: Asker,
        plan_id: PlanId,
        today: date | None = None,
        edition: str | None = None,
        target: str | None = None,
    ) -> CheckedPapers:
        """Return every item of the checklist for the target with the key, by default the leading one, with how it
        stands on the day of use; as of ``today`` and by the packs of the edition as ``GetPlan`` does.

        Raises NotFound where the plan has no such target, or its pathway no checklist.
        """
        rulebook = rulebook_of(self.rule_packs, edition)
        async with self.transactions(asker.origin) as work:
            plan = await self.seen(work, asker, plan_id)
            found = await self.worked_out(work, plan, rulebook, today)
            documents = await work.documents.of_student(plan.student_id)
        case = found.case(target)
        checked = check_papers(case, documents, rulebook, found.schedule.today)
        if checked is None:
            raise NotFound(Reason("plan.no_checklist", {"pathway": case.pathway.id}))
        return checked
