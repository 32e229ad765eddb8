"""Making plans, looking at them as of today, reporting steps, and asking what if."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date

from ...ports.calendars import Calendars
from ...ports.ids import Ids
from ...ports.rule_packs import RulePacks, rulebook_of
from ...ports.secrets import Secrets
from ...ports.simulation import Simulation
from ...ports.transactions import Transactions, UnitOfWork
from ...ports.zones import Zones
from ..documents.checklist import CheckedItem, check_items
from ..funding.need import MoneyNeed, money_needs
from ..identity.account import Asker
from ..identity.policies import demand_own_record
from ..matching.use_cases import today_of
from ..profile.profile import Profile
from ..rulebook.leaning import warnings_for
from ..rulebook.pack import Rulebook
from ..rulebook.papers import Checklist
from ..rulebook.pathways import Pathway
from ..shared.dataclass import dataclass
from ..shared.errors import NotFound, Reason, RuleBroken
from ..shared.ids import PlanId, ProgrammeId, StudentId
from ..shared.money import Money
from ..shared.versions import demand_version
from .calendar_entries import calendar_of
from .chance import SAMPLES, Chance, chance_of, models_of
from .explaining import Explanation, explain
from .leaning import need_leans_on, papers_lean_on, plan_leans_on
from .making import (
    Surroundings,
    find_pathway,
    find_pathways,
    find_target,
    needs_visa,
    pathway_changes,
    situation_of,
)
from .passes import Situation
from .plan import Plan
from .sampling import MOST_SAMPLES
from .schedule import Report, Schedule
from .scheduling import make_schedule
from .sent_calendar import CalendarNow, tell
from .target import Target, TargetRef
from .what_if import Change, PlanDiff, compare


@dataclass(frozen=True, slots=True)
class PlanToday:
    """A plan with its schedule as of today, the money to show, the pathway that its lead follows, and the rules.

    ``notices`` say where a target would follow another pathway if the plan were made today.
    """

    plan: Plan
    schedule: Schedule
    pathway: Pathway
    situation: Situation
    money: tuple[MoneyNeed, ...]
    rulebook: Rulebook
    notices: tuple[Reason, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What of the rules that the plan and its money lean on is stale, unverified or vaguely dated today."""
        names = plan_leans_on(self.schedule, self.money, self.rulebook)
        return warnings_for(self.rulebook, names, self.schedule.today)

    def warnings_of(self, need: MoneyNeed) -> tuple[str, ...]:
        """Return the same for one money need."""
        return warnings_for(self.rulebook, need_leans_on(need), self.schedule.today)


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


@dataclass(frozen=True, slots=True)
class CheckedPapers:
    """A checklist with every item in its order, judged for the day of use, and what to say of the rules behind it."""

    checklist: Checklist
    used_on: date
    items: tuple[CheckedItem, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Planning:
    """What all use cases of this concept need; without calendars every day counts as open."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones
    calendars: Calendars | None = field(default=None, kw_only=True)

    async def _today(self, work: UnitOfWork, plan: Plan, rulebook: Rulebook, today: date | None = None) -> PlanToday:
        student = await work.students.get(plan.student_id)
        profile = student.profile
        targets, tuition = await self._targets(work, plan.targets, profile, rulebook)
        around = await self._around(work, plan)
        pathway = find_pathway(targets, profile, rulebook, around.pinned)
        day = today or today_of(profile, work, self.zones)
        situation = situation_of(targets, pathway, profile, rulebook, day, plan.reports, plan.durations, around)
        schedule = make_schedule(situation, pathway, rulebook, self.zones.version)
        leading = rulebook.pathways[schedule.pathway]
        money = _money(schedule, leading, situation, tuition, rulebook)
        notices = pathway_changes(targets, profile, rulebook, plan.pathways)
        plan.follow({key: way.id for key, way in find_pathways(targets, profile, rulebook, around.pinned).items()})
        return PlanToday(plan, schedule, leading, situation, money, rulebook, notices)

    async def _around(self, work: UnitOfWork, plan: Plan) -> Surroundings:
        documents = await work.documents.of_student(plan.student_id)
        return Surroundings(self.calendars.closed_days if self.calendars else None, documents, plan.pathways)

    async def _targets(
        self, work: UnitOfWork, refs: Sequence[TargetRef], profile: Profile, rulebook: Rulebook
    ) -> tuple[list[Target], dict[str, Money | None]]:
        programmes = {found.id: found for found in await work.catalogue.programmes([ref.programme_id for ref in refs])}
        missing = [ref.programme_id for ref in refs if ref.programme_id not in programmes]
        if missing:
            raise NotFound(*(Reason("programme.unknown", {"id": str(one)}, "targets") for one in missing))
        home = profile.residence.zone if profile.residence else "UTC"
        targets = []
        for ref in refs:
            programme = programmes[ref.programme_id]
            visa = needs_visa(profile, programme.institution.country, rulebook, ref.starts_on)
            targets.append(find_target(programme, ref, self.zones.named, home, visa_required=visa))
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
            added, _ = await self._targets(work, question.add, student.profile, rulebook)
            around = await self._around(work, plan)
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
class ExplainStep(_Planning):
    """Ask why a step falls on its days, or why a target stands as it does."""

    async def __call__(self, asker: Asker, plan_id: PlanId, key: str, today: date | None = None) -> Explanation:
        """Return the chain of reasons for the step or the target with the key; raise NotFound where there is none."""
        async with self.transactions(asker.origin) as work:
            plan = await self._own(work, asker, plan_id)
            found = await self._today(work, plan, self.rule_packs.rulebook(), today)
        return explain(found.schedule, key)


@dataclass(frozen=True)
class EstimateChance(_Planning):
    """Estimate the chance to arrive in time, for each target of a plan."""

    simulation: Simulation

    async def __call__(
        self, asker: Asker, plan_id: PlanId, *, seed: int = 1, samples: int = SAMPLES, today: date | None = None
    ) -> tuple[Chance, ...]:
        """Return the chances, that of the leading target first; equal questions get equal answers.

        ``samples`` is held to 100 at least and MOST_SAMPLES at most, ``seed`` is not negative.
        """
        async with self.transactions(asker.origin) as work:
            plan = await self._own(work, asker, plan_id)
            found = await self._today(work, plan, self.rule_packs.rulebook(), today)
        count = max(100, min(samples, MOST_SAMPLES))
        return tuple(
            [
                chance_of(found.schedule, key, await self.simulation.run(model, count, seed), seed)
                for key, model in models_of(found.schedule).items()
            ]
        )


@dataclass(frozen=True)
class CheckPapers(_Planning):
    """Go through the papers of a plan's checklist, judged at the day on which they will be used."""

    async def __call__(
        self, asker: Asker, plan_id: PlanId, today: date | None = None, edition: str | None = None
    ) -> CheckedPapers:
        """Return every item of the checklist with how it stands on the day of use; as of ``today`` and by the packs of
        the edition as ``GetPlan`` does."""
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
        items = check_items(checklist, known, documents, rulebook.document_kinds, day)
        warnings = warnings_for(rulebook, papers_lean_on(checklist, items), found.schedule.today)
        return CheckedPapers(checklist, day, items, warnings)


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
class _Telling(_Planning):
    """Telling a plan's calendar, and remembering what was told."""

    async def _tell(self, work: UnitOfWork, plan: Plan) -> tuple[PlanToday, CalendarNow]:
        """Return the plan as of today with its calendar; anew for the same day and the same plan it is the same."""
        before = await work.plans.calendar_sent(plan.id)
        found = await self._today(work, plan, self.rule_packs.rulebook())
        residence = (await work.students.get(plan.student_id)).profile.residence
        home = residence.zone if residence else "UTC"
        now = tell(calendar_of(found.schedule, str(plan.id), self.zones.named, home), before, work.now)
        if now.told != before:
            await work.plans.note_calendar_sent(plan.id, now.told)
        return found, now


@dataclass(frozen=True)
class ReadCalendar(_Telling):
    """Read the calendar behind a secret link; whoever has the link may."""

    async def __call__(self, secret: str) -> tuple[PlanToday, CalendarNow]:
        """Return the plan and its calendar as of today; raise NotFound when no plan has this link."""
        async with self.transactions() as work:
            plan = await work.plans.find_by_calendar(hashlib.sha256(secret.encode()).hexdigest())
            if plan is None:
                raise NotFound
            return await self._tell(work, plan)


@dataclass(frozen=True)
class GetCalendar(_Telling):
    """Get the calendar of a plan of one's own, to put it into a calendar program once."""

    async def __call__(self, asker: Asker, plan_id: PlanId) -> tuple[PlanToday, CalendarNow]:
        """Return the plan and its calendar as of today."""
        async with self.transactions(asker.origin) as work:
            return await self._tell(work, await self._own(work, asker, plan_id))
