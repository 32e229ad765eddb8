"""A plan as of a day, and how every use case works it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date

from ....ports.calendars import Calendars
from ....ports.rule_packs import RulePacks
from ....ports.transactions import Transactions, UnitOfWork
from ....ports.zones import Zones
from ...applications.application import Application
from ...catalogue.programme import Programme
from ...funding.need import MoneyNeed
from ...identity.account import Asker
from ...identity.policies import demand_in_person
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...matching.evidence import evidence_with
from ...matching.use_cases.asking import today_of
from ...profile.profile import Profile
from ...rulebook.free_entry import needs_visa
from ...rulebook.leaning import packs_leaned_on, warnings_for
from ...rulebook.pack import Rulebook, RulePack
from ...rulebook.pathways import Pathway
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound, Reason, refuse_if_any
from ...shared.ids import PlanId, ProgrammeId, StudentId
from ..leaning import need_leans_on, plan_leans_on
from ..making import (
    Surroundings,
    find_pathways,
    find_target,
    has_begun,
    situation_of,
)
from ..plan import Plan
from ..renewal import renewal_notices
from ..routes import pathway_changes, visa_notices
from ..schedule import Schedule, reports_until
from ..scheduling import make_schedule
from ..situation import Situation
from ..target import Target, TargetRef
from ..target_case import TargetCase, cases_of, notices_of, of_each_country
from ..within_reach import reach_notices

_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class PlanToday:
    """A plan with its schedule as of today, the pathway that its lead follows, and what each target asks for.

    ``needs`` are the money to show, in the country of the lead first, each with the target whose day and tuition count.
    ``notices`` say where a target would follow another pathway if the plan were made today, where no visa is needed,
    where the money to show or the list of papers is not known, since when money has to be there, which papers bear the
    number of an earlier passport, and what of the evidence runs out on the way.
    """

    plan: Plan
    schedule: Schedule
    pathway: Pathway
    situation: Situation
    cases: tuple[TargetCase, ...]
    needs: tuple[tuple[Target, MoneyNeed], ...]
    rulebook: Rulebook
    notices: tuple[Reason, ...] = ()

    def case(self, target: str | None = None) -> TargetCase:
        """Return the case of the target with the key, by default the leading one; raise NotFound for no target."""
        found = next((case for case in self.cases if target in (None, case.target.key)), None)
        if found is None:
            raise NotFound(Reason("plan.unknown_target", {"target": (target or "")[:80]}, "target"))
        return found

    @property
    def money(self) -> tuple[MoneyNeed, ...]:
        """The money to show, in the country of the lead first."""
        return tuple(need for _, need in self.needs)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What of the rules that the plan and its money lean on is stale, unverified or vaguely dated today."""
        names = plan_leans_on(self.schedule, self.money, self.rulebook)
        return warnings_for(self.rulebook, names, self.schedule.today)

    @property
    def packs(self) -> tuple[RulePack, ...]:
        """The packs that the plan and its money lean on."""
        return packs_leaned_on(self.rulebook, plan_leans_on(self.schedule, self.money, self.rulebook))

    def warnings_of(self, need: MoneyNeed) -> tuple[str, ...]:
        """Return the same for one money need."""
        return warnings_for(self.rulebook, need_leans_on(need), self.schedule.today)


@dataclass(frozen=True)
class Planning:
    """What all use cases of this concept need; without calendars every day counts as open."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones
    calendars: Calendars | None = field(default=None, kw_only=True)

    async def worked_out(
        self, work: UnitOfWork, plan: Plan, rulebook: Rulebook, today: date | None = None
    ) -> PlanToday:
        """Return the plan as of the day, by default the student's own; raise RuleBroken or NotFound where it cannot be
        worked out.

        Of what was reported only what had happened by the day counts.
        """
        profile = (await work.students.get(plan.student_id)).profile
        programmes = await self._programmes(work, plan.targets)
        targets = self.targets_of(plan.targets, programmes, profile, rulebook)
        around = await self.around(work, plan, profile)
        ways = find_pathways(targets, profile, rulebook, around.pinned)
        day = today or today_of(profile, work, self.zones)
        first = ways[targets[0].key]
        reports = plan.reports if today is None else reports_until(plan.reports, today)
        situation = situation_of(targets, first, profile, rulebook, day, reports, plan.durations, around)
        schedule = make_schedule(situation, first, rulebook, self.zones.version)
        cases = cases_of(schedule, rulebook)
        needs = [
            (case.target, need)
            for case in of_each_country(cases)
            for need in case.money(programmes[case.target.ref.programme_id].tuition_a_year, rulebook)
        ]
        routes = (
            *pathway_changes(targets, profile, rulebook, plan.pathways),
            *visa_notices(targets, ways, profile, rulebook),
        )
        evidence = evidence_with(profile, around.documents, rulebook.document_kinds, day)
        later = [
            notice
            for case in cases
            for notice in notices_of(case, programmes[case.target.ref.programme_id], evidence, rulebook)
        ]
        to_know = [one for case in of_each_country(cases) for one in case.to_know(rulebook)]
        renewed = renewal_notices(cases, schedule, profile, around.documents, rulebook)
        plan.follow({key: way.id for key, way in ways.items()})
        leading = rulebook.pathways[schedule.pathway]
        notices = (*reach_notices(schedule), *routes, *to_know, *renewed, *later)
        return PlanToday(plan, schedule, leading, situation, cases, tuple(needs), rulebook, notices)

    async def around(self, work: UnitOfWork, plan: Plan, profile: Profile) -> Surroundings:
        """Return what the plan is told besides the profile and the rules."""
        return Surroundings(
            closed_days=self.calendars.closed_days if self.calendars else None,
            documents=await work.documents.of_student(plan.student_id),
            applications=await every_application(work, plan.student_id),
            home=self.zones.named(home_of(profile)),
            pinned=plan.pathways,
        )

    async def _programmes(self, work: UnitOfWork, refs: Sequence[TargetRef]) -> dict[ProgrammeId, Programme]:
        programmes = {found.id: found for found in await work.catalogue.programmes([ref.programme_id for ref in refs])}
        missing = [ref.programme_id for ref in refs if ref.programme_id not in programmes]
        if missing:
            raise NotFound(*(Reason("programme.unknown", {"id": str(one)}, "targets") for one in missing))
        return programmes

    def targets_of(
        self,
        refs: Sequence[TargetRef],
        programmes: Mapping[ProgrammeId, Programme],
        profile: Profile,
        rulebook: Rulebook,
    ) -> list[Target]:
        """Return the targets with their deadlines in the student's own days."""
        home = home_of(profile)
        targets = []
        for ref in refs:
            programme = programmes[ref.programme_id]
            visa = needs_visa(programme.institution.country, profile.citizenships, rulebook, ref.starts_on)
            targets.append(find_target(programme, ref, self.zones.named, home, visa_required=visa))
        return targets

    async def added(
        self, work: UnitOfWork, refs: Sequence[TargetRef], profile: Profile, rulebook: Rulebook
    ) -> list[Target]:
        """Return further targets; raise NotFound naming every programme that there is not, RuleBroken for studies that
        have begun."""
        await self.demand_ahead(work, refs, profile, "add")
        return self.targets_of(refs, await self._programmes(work, refs), profile, rulebook)

    async def demand_ahead(
        self,
        work: UnitOfWork,
        refs: Sequence[TargetRef],
        profile: Profile,
        where: str = "targets",
        kept: Sequence[TargetRef] = (),
    ) -> None:
        """Raise RuleBroken with every target whose studies began before the student's today: nobody can aim there.

        Those that were aimed at before may be ``kept``. Raises NotFound for a programme of theirs that there is not.
        """
        today = today_of(profile, work, self.zones)
        over = {at: ref for at, ref in enumerate(refs) if ref.starts_on < today and ref not in kept}
        programmes = await self._programmes(work, list(over.values()))
        refuse_if_any(
            has_begun(programmes[ref.programme_id], ref, today, f"{where}[{at}].starts_on") for at, ref in over.items()
        )

    async def seen(self, work: UnitOfWork, asker: Asker, plan_id: PlanId) -> Plan:
        """Return the plan; raise NotFound to whoever may not see it."""
        return await self._admitted(work, asker, plan_id, Doing.SEE_PLANS)

    async def changed(self, work: UnitOfWork, asker: Asker, plan_id: PlanId) -> Plan:
        """Return the plan; raise NotFound to whoever may not change it."""
        return await self._admitted(work, asker, plan_id, Doing.CHANGE_PLANS)

    async def shared(self, work: UnitOfWork, asker: Asker, plan_id: PlanId) -> Plan:
        """Return the plan; raise NotFound to everybody but the student, who alone hands out its address, and Forbidden
        where she asks by a key: the address goes on when the key is revoked."""
        demand_in_person(asker)
        return await self._admitted(work, asker, plan_id, Doing.SHARE_CALENDAR)

    async def _admitted(self, work: UnitOfWork, asker: Asker, plan_id: PlanId, doing: Doing) -> Plan:
        plan = await work.plans.get(plan_id)
        admit(work, asker, plan.student_id, doing)
        return plan


def home_of(profile: Profile) -> str:
    """Return the zone in which the student's days are counted."""
    return profile.residence.zone if profile.residence else "UTC"


async def every_application(work: UnitOfWork, student_id: StudentId) -> list[Application]:
    """Return all applications of the student."""
    found: list[Application] = []
    while page := await work.applications.of_student(student_id, found[-1].id if found else None, _A_PAGE):
        found += page
        if len(page) < _A_PAGE:
            break
    return found
