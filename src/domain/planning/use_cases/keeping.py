"""Making plans, listing and looking at them, and aiming elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ....ports.ids import Ids
from ....ports.rule_packs import rulebook_of
from ...identity.account import Asker
from ...identity.policies import admitted
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound, Reason, RuleBroken
from ...shared.ids import PlanId, StudentId
from ...shared.versions import demand_version
from ..plan import Plan
from ..target import TargetRef
from .planned import Planning, PlanToday


@dataclass(frozen=True, slots=True)
class StuckPlan:
    """A plan that cannot be worked out any more, and why: the profile, the catalogue or the rules have changed."""

    plan: Plan
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Some of a student's plans, newest first; none is lost because one is stuck. ``next`` is what to ask after for
    more, None at the end."""

    plans: tuple[PlanToday, ...]
    stuck: tuple[StuckPlan, ...]
    next: PlanId | None


@dataclass(frozen=True)
class MakePlan(Planning):
    """Make a plan for one target or several."""

    ids: Ids

    async def __call__(self, asker: Asker, student_id: StudentId, targets: Sequence[TargetRef]) -> PlanToday:
        """Return the plan as of today. Raises NotFound for an unknown programme, RuleBroken with the reasons when
        an intake is not the programme's or has begun, or no pathway is known."""
        admitted(asker, student_id, Doing.CHANGE_PLANS)
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.CHANGE_PLANS)
            plan = Plan(
                id=PlanId(self.ids.new()),
                student_id=student_id,
                targets=tuple(targets),
                made_at=work.now,
                made_with=rulebook.edition,
                zones=self.zones.version,
            )
            event = plan.made()
            profile = (await work.students.get(student_id)).profile
            await self.demand_ahead(work, plan.targets, profile)
            found = await self.worked_out(work, plan, rulebook)
            await work.plans.add(plan)
            work.record(event, plan.version)
            return found


@dataclass(frozen=True)
class GetPlan(Planning):
    """Look at a plan as of today."""

    async def __call__(
        self, asker: Asker, plan_id: PlanId, today: date | None = None, edition: str | None = None
    ) -> PlanToday:
        """Return the plan with its schedule as of ``today``, by default the student's own day, by the packs of the
        edition, in force or earlier; raise NotFound for one that there never was."""
        async with self.transactions(asker.origin) as work:
            plan = await self.seen(work, asker, plan_id)
            return await self.worked_out(work, plan, rulebook_of(self.rule_packs, edition), today)


@dataclass(frozen=True)
class ListPlans(Planning):
    """List a student's plans, a page at a time."""

    async def __call__(
        self, asker: Asker, student_id: StudentId, after: PlanId | None = None, limit: int = 20
    ) -> PlanPage:
        """Return the page of at most ``limit`` (1 to 100) plans after the given one, as of today, newest first.

        Those that cannot be worked out stand beside the others. Only what is on the page is worked out.
        """
        admitted(asker, student_id, Doing.SEE_PLANS)
        size = max(1, min(limit, 100))
        rulebook = self.rule_packs.rulebook()
        found: list[PlanToday] = []
        stuck: list[StuckPlan] = []
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.SEE_PLANS)
            kept = await work.plans.of_student(student_id, after, size + 1)
            for plan in kept[:size]:
                try:
                    found.append(await self.worked_out(work, plan, rulebook))
                except (RuleBroken, NotFound) as error:
                    stuck.append(StuckPlan(plan, error.reasons))
        return PlanPage(tuple(found), tuple(stuck), kept[size - 1].id if len(kept) > size else None)


@dataclass(frozen=True)
class ChangeTargets(Planning):
    """Aim at other programmes with the same plan."""

    async def __call__(
        self, asker: Asker, plan_id: PlanId, targets: Sequence[TargetRef], expected_version: int
    ) -> PlanToday:
        """Return the plan as it is now; raise Conflict when it is not at the expected version, and what making a plan
        raises, but for targets that were aimed at before and have begun since."""
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            plan = await self.changed(work, asker, plan_id)
            demand_version(plan.version, expected_version)
            profile = (await work.students.get(plan.student_id)).profile
            await self.demand_ahead(work, targets, profile, kept=plan.targets)
            event = plan.aim_at(tuple(targets))
            found = await self.worked_out(work, plan, rulebook)
            await work.plans.save(plan)
            work.record(event, plan.version)
            return found
