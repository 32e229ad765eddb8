"""Questions about a plan: what if, why, how likely."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ....ports.simulation import Simulation
from ...identity.account import Asker
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound, Reason, RuleBroken
from ...shared.ids import PlanId
from ..chance import SAMPLES, Chance, chance_of, models_of
from ..explaining import Explanation, explain
from ..sampling import MOST_SAMPLES
from ..schedule import Report, Schedule
from ..scheduling import make_schedule
from ..target import TargetRef
from ..what_if import Change, PlanDiff, compare
from .planned import Planning


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is asked: steps reported so, durations assumed, targets added or dropped, another today."""

    reports: Mapping[str, Report]
    durations: Mapping[str, int]
    add: tuple[TargetRef, ...] = ()
    drop: tuple[str, ...] = ()
    today: date | None = None


@dataclass(frozen=True)
class AskWhatIf(Planning):
    """Ask what a change would do to a plan; nothing is changed."""

    async def __call__(self, asker: Asker, plan_id: PlanId, question: WhatIf) -> tuple[PlanDiff, Schedule]:
        """Return what would differ, and the schedule as it would be."""
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            plan = await self.seen(work, asker, plan_id)
            now = await self.worked_out(work, plan, rulebook)
            student = await work.students.get(plan.student_id)
            added = await self.added(work, question.add, student.profile, rulebook)
            around = await self.around(work, plan, student.profile)
        change = Change(question.reports, question.durations, tuple(added), question.drop, question.today)
        dropped = [key for key in question.drop if key not in {target.key for target in now.situation.targets}]
        if dropped:
            raise NotFound(*(Reason("plan.unknown_target", {"target": key}, "drop") for key in dropped))
        if not added and set(question.drop) == {target.key for target in now.situation.targets}:
            raise RuleBroken(Reason("plan.no_target", {}, "drop"))
        situation, pathway = change.applied_to(now.situation, student.profile, rulebook, around)
        after = make_schedule(situation, pathway, rulebook, self.zones.version)
        asked = (*question.reports, *question.durations)
        unknown = [key for key in asked if now.schedule.step(key) is None and after.step(key) is None]
        if unknown:
            raise NotFound(*(Reason("plan.unknown_step", {"step": key}, "what_if") for key in unknown))
        return compare(now.schedule, after), after


@dataclass(frozen=True)
class ExplainStep(Planning):
    """Ask why a step falls on its days, or why a target stands as it does."""

    async def __call__(self, asker: Asker, plan_id: PlanId, key: str, today: date | None = None) -> Explanation:
        """Return the chain of reasons for the step or the target with the key; raise NotFound where there is none."""
        async with self.transactions(asker.origin) as work:
            plan = await self.seen(work, asker, plan_id)
            found = await self.worked_out(work, plan, self.rule_packs.rulebook(), today)
        return explain(found.schedule, key)


@dataclass(frozen=True)
class EstimateChance(Planning):
    """Estimate the chance to arrive in time, for each target of a plan."""

    simulation: Simulation

    async def __call__(
        self, asker: Asker, plan_id: PlanId, *, seed: int = 1, samples: int = SAMPLES, today: date | None = None
    ) -> tuple[Chance, ...]:
        """Return the chances, that of the leading target first; equal questions get equal answers.

        ``samples`` is held to 100 at least and MOST_SAMPLES at most, ``seed`` is not negative.
        """
        async with self.transactions(asker.origin) as work:
            plan = await self.seen(work, asker, plan_id)
            found = await self.worked_out(work, plan, self.rule_packs.rulebook(), today)
        count = max(100, min(samples, MOST_SAMPLES))
        return tuple(
            [
                chance_of(found.schedule, key, await self.simulation.run(model, count, seed), seed)
                for key, model in models_of(found.schedule).items()
            ]
        )
