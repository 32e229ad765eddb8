"""Making plans, looking at them as of today, reporting steps, and asking what if."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

from ...ports.ids import Ids
from ...ports.rule_packs import RulePacks, rulebook_of
from ...ports.secrets import Secrets
from ...ports.transactions import Transactions, UnitOfWork
from ...ports.zones import Zones
from ..documents.checklist import CheckedItem, check_items
from ..funding.need import MoneyNeed, money_needs
from ..identity.account import Asker
from ..identity.policies import demand_own_record
from ..matching.use_cases import today_of
from ..profile.profile import Profile
from ..rulebook.pack import Rulebook
from ..rulebook.papers import Checklist
from ..rulebook.pathways import Pathway
from ..shared.dataclass import dataclass
from ..shared.errors import NotFound, Reason, RuleBroken
from ..shared.ids import PlanId, ProgrammeId, StudentId
from ..shared.money import Money
from ..shared.versions import demand_version
from .making import find_pathway, find_target, situation_of
from .passes import Situation
from .plan import Plan
from .schedule import Report, Schedule
from .scheduling import make_schedule
from .target import Target, TargetRef
from .views import CalendarEntry, calendar_of
from .what_if import Change, PlanDiff, compare


@dataclass(frozen=True, slots=True)
class PlanToday:
    """A plan with its schedule as of today, the money to show, and the pathway that it follows."""

    plan: Plan
    schedule: Schedule
    pathway: Pathway
    situation: Situation
    money: tuple[MoneyNeed, ...]


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


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is asked: steps reported so, durations assumed, targets added or dropped, another today."""

    reports: Mapping[str, Report]
    durations: Mapping[str, int]
    add: tuple[TargetRef, ...] = ()
    drop: tuple[str, ...] = ()
    today: date | None = None


@dataclass(frozen=True)
class _Planning:
    """What all use cases of this concept need."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones

    async def _today(self, work: UnitOfWork, plan: Plan, rulebook: Rulebook, today: date | None = None) -> PlanToday:
        student = await work.students.get(plan.student_id)
        profile = student.profile
        targets, tuition = await self._targets(work, plan.targets, profile)
        pathway = find_pathway(targets, profile, rulebook)
        day = today or today_of(profile, work, self.zones)
        situation = situation_of(targets, pathway, profile, rulebook, day, plan.reports, plan.durations)
        schedule = make_schedule(situation, pathway, rulebook, self.zones.version)
        money = _money(schedule, pathway, situation, tuition, rulebook)
        return PlanToday(plan, schedule, pathway, situation, money)

    async def _targets(
        self, work: UnitOfWork, refs: Sequence[TargetRef], profile: Profile
    ) -> tuple[list[Target], dict[str, Money | None]]:
        programmes = {found.id: found for found in await work.catalogue.programmes([ref.programme_id for ref in refs])}
        missing = [ref.programme_id for ref in refs if ref.programme_id not in programmes]
        if missing:
            raise NotFound(*(Reason("programme.unknown", {"id": str(one)}, "targets") for one in missing))
        home = profile.residence.zone if profile.residence else "UTC"
        targets = [find_target(programmes[ref.programme_id], ref, self.zones.named, home) for ref in refs]
        tuition = {t.key: programmes[ProgrammeId(t.ref.programme_id)].tuition_a_year for t in targets}
        return targets, tuition

    async def _own(self, work: UnitOfWork, asker: Asker, plan_id: PlanId) -> Plan:
        plan = await work.plans.get(plan_id)
        demand_own_record(asker, plan.student_id)
        return plan


def _money(
    schedule: Schedule, pathway: Pathway, situation: Situation, tuition: Mapping[str, Money | None], rulebook: Rulebook
) -> tuple[MoneyNeed, ...]:
    lead = schedule.lead
    known = {**situation.circumstances, **lead.circumstances}
    return money_needs(lead.country, lead.level, schedule.lodged_on(pathway), known, tuition.get(lead.key), rulebook)


@dataclass(frozen=True)
class MakePlan(_Planning):
    """Make a plan for one target or several."""

    ids: Ids

    async def __call__(self, asker: Asker, student_id: StudentId, targets: Sequence[TargetRef]) -> PlanToday:
        """Return the plan as of today. Raises NotFound for an unknown programme, RuleBroken with the reasons when
        an intake is not the programme's, no pathway is known, or targets need different pathways."""
        demand_own_record(asker, student_id)
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            plan = Plan(
                id=PlanId(self.ids.new()),
                student_id=student_id,
                targets=tuple(targets),
                made_at=work.now,
                made_with=rulebook.edition,
                zones=self.zones.version,
            )
            event = plan.made()
            found = await self._today(work, plan, rulebook)
            await work.plans.add(plan)
            work.record(event, plan.version)
            return found


@dataclass(frozen=True)
class GetPlan(_Planning):
    """Look at a plan as of today."""

    async def __call__(
        self, asker: Asker, plan_id: PlanId, today: date | None = None, edition: str | None = None
    ) -> PlanToday:
        """Return the plan with its schedule as of ``today``, by default the student's own day, by the packs of the
        edition, in force or earlier; raise NotFound for one that there never was."""
        async with self.transactions(asker.origin) as work:
            plan = await self._own(work, asker, plan_id)
            return await self._today(work, plan, rulebook_of(self.rule_packs, edition), today)


@dataclass(frozen=True)
class ListPlans(_Planning):
    """List a student's plans, a page at a time."""

    async def __call__(
        self, asker: Asker, student_id: StudentId, after: PlanId | None = None, limit: int = 20
    ) -> PlanPage:
        """Return the page of at most ``limit`` (1 to 100) plans after the given one, as of today, newest first.

        Those that cannot be worked out stand beside the others. Only what is on the page is worked out.
        """
        demand_own_record(asker, student_id)
        size = max(1, min(limit, 100))
        rulebook = self.rule_packs.rulebook()
        found: list[PlanToday] = []
        stuck: list[StuckPlan] = []
        async with self.transactions(asker.origin) as work:
            kept = await work.plans.of_student(student_id, after, size + 1)
            for plan in kept[:size]:
                try:
                    found.append(await self._today(work, plan, rulebook))
                except (RuleBroken, NotFound) as error:
                    stuck.append(StuckPlan(plan, error.reasons))
        return PlanPage(tuple(found), tuple(stuck), kept[size - 1].id if len(kept) > size else None)


@dataclass(frozen=True)
class ChangeTargets(_Planning):
    """Aim at other programmes with the same plan."""

    async def __call__(
        self, asker: Asker, plan_id: PlanId, targets: Sequence[TargetRef], expected_version: int
    ) -> PlanToday:
        """Return the plan as it is now; raise Conflict when it is not at the expected version."""
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            plan = await self._own(work, asker, plan_id)
            demand_version(plan.version, expected_version)
            event = plan.aim_at(tuple(targets))
            found = await self._today(work, plan, rulebook)
            await work.plans.save(plan)
            work.record(event, plan.version)
            return found


@dataclass(frozen=True)
class ReportStep(_Planning):
    """Report how far a step is, and see the plan made again."""

    async def __call__(
        self, asker: Asker, plan_id: PlanId, step: str, report: Report, expected_version: int
    ) -> tuple[PlanToday, PlanDiff]:
        """Return the plan as it is now, and what the report changed. Raises RuleBroken with every reason why the
        step cannot be so, Conflict when the plan is not at the expected version."""
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            plan = await self._own(work, asker, plan_id)
            demand_version(plan.version, expected_version)
            before = await self._today(work, plan, rulebook)
            event = plan.report(step, report, before.schedule)
            after = await self._today(work, plan, rulebook)
            await work.plans.save(plan)
            work.record(event, plan.version)
            return after, compare(before.schedule, after.schedule)


@dataclass(frozen=True)
class AssumeDurations(_Planning):
    """Say how long steps take for oneself, instead of what the rules say."""

    async def __call__(
        self, asker: Asker, plan_id: PlanId, durations: Mapping[str, int], expected_version: int
    ) -> tuple[PlanToday, PlanDiff]:
        """Return the plan as it is now, and what the days changed. Raises RuleBroken naming every step that the plan
        does not have, Conflict when the plan is not at the expected version."""
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            plan = await self._own(work, asker, plan_id)
            demand_version(plan.version, expected_version)
            before = await self._today(work, plan, rulebook)
            event = plan.assume(durations, before.schedule)
            after = await self._today(work, plan, rulebook)
            await work.plans.save(plan)
            work.record(event, plan.version)
            return after, compare(before.schedule, after.schedule)


@dataclass(frozen=True)
class AskWhatIf(_Planning):
    """Ask what a change would do to a plan; nothing is changed."""

    async def __call__(self, asker: Asker, plan_id: PlanId, question: WhatIf) -> tuple[PlanDiff, Schedule]:
        """Return what would differ, and the schedule as it would be."""
        rulebook = self.rule_packs.rulebook()
        async with self.transactions(asker.origin) as work:
            plan = await self._own(work, asker, plan_id)
            now = await self._today(work, plan, rulebook)
            student = await work.students.get(plan.student_id)
            added, _ = await self._targets(work, question.add, student.profile)
        change = Change(question.reports, question.durations, tuple(added), question.drop, question.today)
        dropped = [key for key in question.drop if key not in {target.key for target in now.situation.targets}]
        if dropped:
            raise NotFound(*(Reason("plan.unknown_target", {"target": key}, "drop") for key in dropped))
        if not added and set(question.drop) == {target.key for target in now.situation.targets}:
            raise RuleBroken(Reason("plan.no_target", {}, "drop"))
        situation, pathway = change.applied_to(now.situation, student.profile, rulebook)
        after = make_schedule(situation, pathway, rulebook, self.zones.version)
        asked = (*question.reports, *question.durations)
        unknown = [key for key in asked if now.schedule.step(key) is None and after.step(key) is None]
        if unknown:
            raise NotFound(*(Reason("plan.unknown_step", {"step": key}, "what_if") for key in unknown))
        return compare(now.schedule, after), after


@dataclass(frozen=True)
class CheckPapers(_Planning):
    """Go through the papers of a plan's checklist, judged at the day on which they will be used."""

    async def __call__(
        self, asker: Asker, plan_id: PlanId, today: date | None = None, edition: str | None = None
    ) -> tuple[Checklist, date, Sequence[CheckedItem]]:
        """Return the checklist, the day of use, and every item of it with how it stands; as of ``today`` and by the
        packs of the edition as ``GetPlan`` does."""
        rulebook = rulebook_of(self.rule_packs, edition)
        async with self.transactions(asker.origin) as work:
            plan = await self._own(work, asker, plan_id)
            found = await self._today(work, plan, rulebook, today)
            documents = await work.documents.of_student(plan.student_id)
        checklist = rulebook.checklists.get(found.pathway.checklist)
        if checklist is None:
            raise NotFound(Reason("plan.no_checklist", {"pathway": found.pathway.id}))
        used = found.schedule.step(checklist.used_at)
        day = used.start if used else found.schedule.today
        known = {**found.situation.circumstances, **found.schedule.lead.circumstances}
        return checklist, day, check_items(checklist, known, documents, rulebook.document_kinds, day)


@dataclass(frozen=True)
class ShareCalendar(_Planning):
    """Make a secret link to a plan's calendar; an earlier link stops working."""

    secrets: Secrets

    async def __call__(self, asker: Asker, plan_id: PlanId) -> str:
        """Return the secret part of the link; it is shown this once and only its hash is kept."""
        secret = self.secrets.new()
        async with self.transactions(asker.origin) as work:
            plan = await self._own(work, asker, plan_id)
            plan.calendar_hash = hashlib.sha256(secret.encode()).hexdigest()
            await work.plans.save(plan)
        return secret


@dataclass(frozen=True)
class StopSharingCalendar(_Planning):
    """Make the calendar link of a plan stop working."""

    async def __call__(self, asker: Asker, plan_id: PlanId) -> None:
        """Return when no link leads to the plan's calendar any more."""
        async with self.transactions(asker.origin) as work:
            plan = await self._own(work, asker, plan_id)
            plan.calendar_hash = ""
            await work.plans.save(plan)


@dataclass(frozen=True)
class ReadCalendar(_Planning):
    """Read the calendar behind a secret link; whoever has the link may."""

    async def __call__(self, secret: str) -> tuple[Plan, Sequence[CalendarEntry]]:
        """Return the plan and its entries as of today; raise NotFound when no plan has this link."""
        async with self.transactions() as work:
            plan = await work.plans.find_by_calendar(hashlib.sha256(secret.encode()).hexdigest())
            if plan is None:
                raise NotFound
            found = await self._today(work, plan, self.rule_packs.rulebook())
        return plan, calendar_of(found.schedule, str(plan.id))
