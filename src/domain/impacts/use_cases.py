"""Asking what a proposal changes, finding it out student by student, and telling whom an edition has moved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from ...ports.calendars import Calendars
from ...ports.ids import Ids
from ...ports.jobs import NOBODY, Job, Priority
from ...ports.rule_packs import RulePacks
from ...ports.transactions import Transactions, UnitOfWork
from ...ports.zones import Zones
from ..applications.application import Application
from ..audit.deed import Deed
from ..catalogue.programme import Programme
from ..documents.document import Document
from ..identity.account import Asker
from ..planning.making import Surroundings, find_target
from ..planning.plan import Plan
from ..planning.target import Target, TargetRef
from ..planning.use_cases.planned import home_of
from ..profile.student import Student
from ..rulebook.events import EditionActivated
from ..rulebook.pack import Rulebook
from ..rulebook.use_cases.proposing import Proposal, demand_rule_keeper, in_force, packs_of, proposed
from ..shared.dataclass import dataclass
from ..shared.errors import NotFound, Reason, RuleBroken
from ..shared.events import Origin
from ..shared.ids import EventId, ImpactId, JobId, ProgrammeId, StudentId
from ..shared.times import day_in
from .changes import StudentImpact
from .comparing import impact_of
from .events import PlanMoved
from .impact import Impact, Purpose, State
from .working_out import PlanCase, StudentCase

WORK_OUT = "work_out_impact"
"""The name of the job that counts the students of a report."""
_BATCH = 50
_TargetsOf = Callable[[Programme, TargetRef], tuple[Target, Target] | None]
_Hers = TypeVar("_Hers", Plan, Document, Application)


@dataclass(frozen=True)
class RequestImpact:
    """Have it found out what a proposal would change, in the background."""

    transactions: Transactions
    rule_packs: RulePacks
    ids: Ids

    async def __call__(self, asker: Asker, proposal: Proposal) -> Impact:
        """Return the report that has begun. Raises Forbidden to all but administrators, and what ``proposed`` raises
        for a proposal that cannot be."""
        demand_rule_keeper(asker)
        async with self.transactions(asker.origin) as work:
            current = await in_force(work, self.rule_packs, self.ids)
            found = await proposed(work, self.rule_packs, current, proposal)
            impact = Impact(
                id=ImpactId(self.ids.new()),
                purpose=Purpose.PROPOSED,
                before=current.sha256,
                after=found.sha256,
                packs=found.packs,
                chosen=found.chosen,
                by=asker.account_id,
                started_at=work.now,
                job_id=JobId(self.ids.new()),
            )
            await _begin(work, impact, asker.origin, Priority.NORMAL)
            return impact


@dataclass(frozen=True)
class FollowEdition:
    """Have every student's plans worked out anew once other packs are in force."""

    transactions: Transactions
    ids: Ids

    async def __call__(self, event: EditionActivated, event_id: EventId) -> None:
        """Begin one report for the event, however often this is carried out."""
        async with self.transactions() as work:
            edition = await work.rule_editions.find(event.after)
            if edition is None:
                raise NotFound(Reason("edition.unknown", {"given": event.after}))
            impact_id = ImpactId(event_id)
            if await _is_there(work, impact_id):
                return
            impact = Impact(
                id=impact_id,
                purpose=Purpose.ACTIVATED,
                before=event.before,
                after=event.after,
                packs=edition.packs,
                chosen=edition.chosen,
                by=edition.by,
                started_at=work.now,
                job_id=JobId(self.ids.new()),
            )
            await _begin(work, impact, NOBODY, Priority.LOW)


@dataclass(frozen=True)
class GetImpact:
    """Look at a report, also while it is being made."""

    transactions: Transactions

    async def __call__(
        self, asker: Asker, impact_id: ImpactId, after: tuple[int, StudentId] | None, limit: int
    ) -> tuple[Impact, Sequence[StudentImpact]]:
        """Return the report, and students with what changes for them, the worst first; each of them sees in her
        activity that it was looked at. Raises Forbidden to others than administrators."""
        demand_rule_keeper(asker)
        async with self.transactions(asker.origin) as work:
            impact, found = await work.impacts.get(impact_id), await work.impacts.students(impact_id, after, limit)
            for one in found:
                work.note(Deed("impact.seen", "impact", impact_id, one.student_id))
        return impact, found


@dataclass(frozen=True)
class WorkOutImpact:
    """Count every student for a report, some at a time, each once however often this is broken off.

    What was found of a batch, how far the report is, and the events of an edition in force are one unit of work.
    """

    transactions: Transactions
    zones: Zones
    calendars: Calendars | None = None

    async def __call__(
        self,
        impact_id: ImpactId,
        report: Callable[[int], Awaitable[None]],
        breathe: Callable[[], Awaitable[None]],
    ) -> None:
        """Return when the report is finished; ``report`` hears how many students are counted, ``breathe`` is awaited
        after each of them. Raises Conflict where somebody else goes on with the same report."""
        before, after = await self._rulebooks(impact_id)
        while True:
            async with self.transactions() as work:
                impact = await work.impacts.get(impact_id)
                if impact.state is State.FINISHED:
                    return
                students = await work.students.batch(impact.reached, _BATCH)
                cases = await cases_of(work, students, self.zones, impact.started_at, self.calendars)
            found: list[StudentImpact] = []
            for case in cases:
                found += impact_of(before, after, [case])
                await breathe()
            async with self.transactions() as work:
                await self._keep(work, impact, cases, found)
            await report(impact.totals.students)

    async def _keep(
        self, work: UnitOfWork, impact: Impact, cases: Sequence[StudentCase], found: Sequence[StudentImpact]
    ) -> None:
        if not cases:
            impact.finish(work.now)
        else:
            plans = sum(len(case.plans) for case in cases)
            impact.count(len(cases), plans, found, cases[-1].student_id)
        await work.impacts.save(impact)
        await work.impacts.add_students(impact.id, found)
        if impact.purpose is Purpose.ACTIVATED:
            versions = {plan.id: plan.version for case in cases for plan in case.plans}
            for one in found:
                for plan_id in one.plans:
                    event = PlanMoved(plan_id, one.student_id, impact.id, impact.before, impact.after)
                    work.record(event, versions[plan_id])

    async def _rulebooks(self, impact_id: ImpactId) -> tuple[Rulebook, Rulebook]:
        async with self.transactions() as work:
            impact = await work.impacts.get(impact_id)
            edition = await work.rule_editions.find(impact.before)
            if edition is None:
                raise NotFound(Reason("edition.unknown", {"given": impact.before}))
            return Rulebook(await packs_of(work, edition.packs)), Rulebook(await packs_of(work, impact.packs))


async def cases_of(
    work: UnitOfWork,
    students: Sequence[Student],
    zones: Zones,
    at: datetime,
    calendars: Calendars | None = None,
) -> tuple[StudentCase, ...]:
    """Return the students as they stand at that moment, each on her own day, with what their plans aim at.

    A plan with a target that the catalogue does not hold any more is left out: it cannot be worked out by any rules.
    """
    ids = [student.id for student in students]
    plans, papers = await work.plans.of_students(ids), await work.documents.of_students(ids)
    sent = await work.applications.of_students({plan.student_id for plan in plans})
    wanted = dict.fromkeys(ref.programme_id for plan in plans for ref in plan.targets)
    programmes = {programme.id: programme for programme in await work.catalogue.programmes(list(wanted))}
    plans_of, papers_of, sent_by = _by_student(plans), _by_student(papers), _by_student(sent)
    homes: dict[str, _TargetsOf] = {}
    cases = []
    for student in students:
        own = plans_of.get(student.id, [])
        home = home_of(student.profile)
        around = Surroundings(
            closed_days=calendars.closed_days if calendars else None,
            applications=sent_by.get(student.id, ()),
            home=zones.named(home),
        )
        targets_of = homes.get(home)
        if targets_of is None:  # many aim at the same: what it is to those of one zone is found once
            targets_of = homes[home] = _targets_at(home, zones)
        plans_of_hers = (_plan_case(plan, programmes, targets_of) for plan in own)
        aims = dict.fromkeys(ref.programme_id for plan in own for ref in plan.targets)
        cases.append(
            StudentCase(
                student_id=student.id,
                profile=student.profile,
                today=day_in(at, zones.named(home)),
                zones=zones.version,
                plans=tuple(case for case in plans_of_hers if case is not None),
                programmes=tuple(programmes[one] for one in aims if one in programmes),
                documents=tuple(papers_of.get(student.id, ())),
                around=around,
            )
        )
    return tuple(cases)


def _by_student(things: Iterable[_Hers]) -> dict[StudentId, list[_Hers]]:
    found: dict[StudentId, list[_Hers]] = {}
    for one in things:
        found.setdefault(one.student_id, []).append(one)
    return found


def _plan_case(plan: Plan, programmes: Mapping[ProgrammeId, Programme], targets_of: _TargetsOf) -> PlanCase | None:
    targets: list[Target] = []
    without_visa: dict[str, Target] = {}
    tuition = {}
    for ref in plan.targets:
        programme = programmes.get(ref.programme_id)
        found = None if programme is None else targets_of(programme, ref)
        if programme is None or found is None:
            return None
        target, free = found
        targets.append(target)
        tuition[target.key] = programme.tuition_a_year
        if free != target:
            without_visa[target.key] = free
    return PlanCase(
        plan.id, tuple(targets), plan.reports, plan.durations, tuition, plan.version, plan.pathways, without_visa
    )


def _targets_at(home: str, zones: Zones) -> _TargetsOf:
    known: dict[TargetRef, tuple[Target, Target] | None] = {}

    def found(programme: Programme, ref: TargetRef) -> tuple[Target, Target] | None:
        if ref not in known:
            known[ref] = _both_targets(programme, ref, zones, home)
        return known[ref]

    return found


def _both_targets(programme: Programme, ref: TargetRef, zones: Zones, home: str) -> tuple[Target, Target] | None:
    """Return the target for those who need a visa and for those who need none; None where the programme has no such
    intake any more."""
    try:
        with_visa = find_target(programme, ref, zones.named, home)
        return with_visa, find_target(programme, ref, zones.named, home, visa_required=False)
    except RuleBroken:
        return None


async def _begin(work: UnitOfWork, impact: Impact, origin: Origin, priority: Priority) -> None:
    await work.impacts.add(impact)
    arguments, key = {"impact": str(impact.id)}, f"impact {impact.id}"
    await work.jobs.add(
        Job(impact.job_id, WORK_OUT, work.now, arguments=arguments, key=key, priority=priority, origin=origin)
    )


async def _is_there(work: UnitOfWork, impact_id: ImpactId) -> bool:
    try:
        await work.impacts.get(impact_id)
    except NotFound:
        return False
    return True
