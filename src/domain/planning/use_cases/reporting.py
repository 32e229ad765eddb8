"""Reporting steps and saying how long they take for oneself."""

from __future__ import annotations

from collections.abc import Mapping

from ...identity.account import Asker
from ...shared.dataclass import dataclass
from ...shared.ids import PlanId
from ...shared.versions import demand_version
from ..schedule import Report
from ..what_if import PlanDiff, compare
from .planned import Planning, PlanToday


@dataclass(frozen=True)
class ReportStep(Planning):
    """Report how far a step is, and see the plan made again."""

    async def __call__(
        self, asker: Asker, plan_id: PlanId, step: str, report: Report, expected_version: int
    ) -> tuple[PlanToday, PlanDiff]:
        """Return the plan as it is now, and what the report changed. Raises RuleBroken with every reason why the
        step cannot be so, Conflict when the plan is not at the expected version."""
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            plan = await self.changed(work, asker, plan_id)
            demand_version(plan.version, expected_version)
            before = await self.worked_out(work, plan, rulebook)
            event = plan.report(step, report, before.schedule)
            after = await self.worked_out(work, plan, rulebook)
            await work.plans.save(plan)
            work.record(event, plan.version)
            return after, compare(before.schedule, after.schedule)


@dataclass(frozen=True)
class AssumeDurations(Planning):
    """Say how long steps take for oneself, instead of what the rules say."""

    async def __call__(
        self, asker: Asker, plan_id: PlanId, durations: Mapping[str, int], expected_version: int
    ) -> tuple[PlanToday, PlanDiff]:
        """Return the plan as it is now, and what the days changed. Raises RuleBroken naming every step that the plan
        does not have, Conflict when the plan is not at the expected version."""
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            plan = await self.changed(work, asker, plan_id)
            demand_version(plan.version, expected_version)
            before = await self.worked_out(work, plan, rulebook)
            event = plan.assume(durations, before.schedule)
            after = await self.worked_out(work, plan, rulebook)
            await work.plans.save(plan)
            work.record(event, plan.version)
            return after, compare(before.schedule, after.schedule)
