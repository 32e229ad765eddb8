"""Plans as a student makes, changes and shares them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from worlds import World, owned

from higherstudy.adapters.bundled.packs import BundledRulePacks, bundled_rulebook
from higherstudy.adapters.memory.calendars import MemoryCalendars
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.rule_packs import MemoryRulePacks
from higherstudy.adapters.memory.secrets import MemorySecrets
from higherstudy.adapters.memory.simulation import MemorySimulation
from higherstudy.domain.audit.query import Query
from higherstudy.domain.catalogue.intake import Day, Intake
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.planning.plan import Plan
from higherstudy.domain.planning.schedule import Outcome, Report, Schedule, State
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.planning.use_cases.asking import AskWhatIf, EstimateChance, ExplainStep, WhatIf
from higherstudy.domain.planning.use_cases.calendars import ReadCalendar, ShareCalendar, StopSharingCalendar
from higherstudy.domain.planning.use_cases.keeping import ChangeTargets, GetPlan, ListPlans, MakePlan, PlanPage
from higherstudy.domain.planning.use_cases.papers import CheckPapers
from higherstudy.domain.planning.use_cases.planned import PlanToday
from higherstudy.domain.planning.use_cases.reporting import AssumeDurations, ReportStep
from higherstudy.domain.profile.profile import Passport
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.shared.errors import Conflict, NotFound, Reason, RuleBroken
from higherstudy.domain.shared.ids import PlanId, ProgrammeId
from higherstudy.ports.rule_packs import RulePacks
from higherstudy.ports.transactions import Transactions, UnitOfWork
from higherstudy.ports.zones import Zones
from study_builders import profile, programme

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # in Dhaka it is the 24th already
WINTER = date(2028, 10, 1)


@dataclass
class Planning:
    """A student in a world with one programme, and everything she can do with plans."""

    world: World
    asker: Asker
    target: TargetRef
    secrets: MemorySecrets = field(default_factory=MemorySecrets)

    @property
    def parts(self) -> tuple[Transactions, RulePacks, Zones]:
        return self.world.transactions, BundledRulePacks(), self.world.zones

    async def make(self, *targets: TargetRef) -> PlanToday:
        make = MakePlan(*self.parts, self.world.ids)
        return await make(self.asker, owned(self.asker), targets or (self.target,))

    async def report(self, plan: Plan, step: str, report: Report, version: int | None = None) -> PlanToday:
        reporting = ReportStep(*self.parts)
        after, _ = await reporting(self.asker, plan.id, step, report, plan.version if version is None else version)
        return after

    async def become(self, citizenship: str) -> None:
        """Be a citizen of another country from now on."""
        async with self.world.transactions() as work:
            student = await work.students.get(owned(self.asker))
            student.change_profile(profile(citizenships=(citizenship,)))
            await work.students.save(student)

    async def list_without_rules(self, **page: Any) -> PlanPage:
        """List the plans where the rules have no pathway any more."""
        listing = ListPlans(self.world.transactions, MemoryRulePacks({}), self.world.zones)
        return await listing(self.asker, owned(self.asker), **page)


def renamed() -> MemoryRulePacks:
    """Return the rules that ship, in which the way from Dhaka has another id."""
    way = '[[pathways]]\nid = "{}"'
    packs = bundled_rulebook().packs
    return MemoryRulePacks(
        {pack.file: pack.text.replace(way.format("de-dhaka-master"), way.format("another")) for pack in packs}
    )


@pytest.fixture
async def planning() -> Planning:
    world = World(clock=MemoryClock(NOW))
    asker = await world.student(profile=profile())
    one = await world.programme(programme())
    return Planning(world, asker, TargetRef(one.id, "winter", WINTER))


async def test_a_plan_is_made_for_the_students_own_day(planning: Planning) -> None:
    made = await planning.make()

    assert made.schedule.today == date(2026, 11, 24)
    assert made.schedule.outlook.outcome is Outcome.AT_RISK
    assert made.money[0].amount.currency == "EUR"


async def test_a_plan_says_by_which_packs_and_zone_rules_it_was_made(planning: Planning) -> None:
    made = await planning.make()

    assert made.plan.made_with == BundledRulePacks().rulebook().edition
    assert made.plan.zones == planning.world.zones.version


async def test_making_a_plan_is_told_to_others_once(planning: Planning) -> None:
    made = await planning.make()

    async with planning.world.transactions() as work:
        told = [e for e in await work.outbox.take(50) if e.event.tag == "plan.made.v1"]
    assert [envelope.event.aggregate_id for envelope in told] == [made.plan.id]


async def test_an_unknown_programme_is_named_and_nothing_is_kept(planning: Planning) -> None:
    ghost = TargetRef(ProgrammeId(UUID(int=404)), "winter", WINTER)

    with pytest.raises(NotFound) as caught:
        await planning.make(planning.target, ghost)

    assert str(UUID(int=404)) in str(caught.value)
    listed = await ListPlans(*planning.parts)(planning.asker, owned(planning.asker))
    assert (listed.plans, listed.stuck) == ((), ())


async def test_an_intake_that_the_programme_does_not_have_is_refused(planning: Planning) -> None:
    with pytest.raises(RuleBroken) as caught:
        await planning.make(TargetRef(planning.target.programme_id, "summer", date(2028, 4, 1)))

    assert [reason.code for reason in caught.value.reasons] == ["plan.no_such_intake"]


async def test_a_country_without_a_pathway_is_said_in_words(planning: Planning) -> None:
    nepali = await planning.world.student("other@example.org", profile(citizenships=("NP",)))

    with pytest.raises(RuleBroken) as caught:
        await MakePlan(*planning.parts, planning.world.ids)(nepali, owned(nepali), (planning.target,))

    assert [reason.code for reason in caught.value.reasons] == ["plan.no_pathway"]


async def test_somebody_else_does_not_learn_that_the_plan_exists(planning: Planning) -> None:
    made = await planning.make()
    stranger = await planning.world.student("other@example.org")

    for asking in (
        GetPlan(*planning.parts)(stranger, made.plan.id),
        ReportStep(*planning.parts)(stranger, made.plan.id, "DE1", Report(date(2026, 11, 1)), 1),
        AskWhatIf(*planning.parts)(stranger, made.plan.id, WhatIf({}, {})),
        CheckPapers(*planning.parts)(stranger, made.plan.id),
        ShareCalendar(*planning.parts, planning.secrets)(stranger, made.plan.id),
    ):
        with pytest.raises(NotFound):
            await asking


async def test_a_report_replans_and_says_what_moved(planning: Planning) -> None:
    made = await planning.make()
    reporting = ReportStep(*planning.parts)

    after, diff = await reporting(planning.asker, made.plan.id, "DE1", Report(finished_on=date(2026, 11, 20)), 1)

    step = after.schedule.step("DE1")
    assert step is not None
    assert step.state is State.DONE
    assert {move.key for move in diff.moves} >= {"DE1", "DE2", "DE17"}
    assert after.schedule.outlook.slack > made.schedule.outlook.slack


async def test_two_tabs_reporting_at_once_get_one_conflict(planning: Planning) -> None:
    made = await planning.make()
    await planning.report(made.plan, "DE3", Report(started_on=date(2026, 11, 1)))

    with pytest.raises(Conflict):
        await planning.report(made.plan, "DE4", Report(started_on=date(2026, 11, 1)), version=1)


async def test_a_refused_report_changes_nothing(planning: Planning) -> None:
    made = await planning.make()

    with pytest.raises(RuleBroken):
        await planning.report(made.plan, "DE2", Report(finished_on=date(2026, 11, 20)))

    again = await GetPlan(*planning.parts)(planning.asker, made.plan.id)
    assert (again.plan.version, again.plan.reports) == (1, {})


async def test_asking_what_if_changes_nothing(planning: Planning) -> None:
    made = await planning.make()
    asking = AskWhatIf(*planning.parts)

    diff, after = await asking(planning.asker, made.plan.id, WhatIf({}, {"DE3": 400}))

    again = await GetPlan(*planning.parts)(planning.asker, made.plan.id)
    assert diff.moves
    assert after != made.schedule
    assert again.schedule == made.schedule


async def test_on_an_earlier_day_only_what_had_happened_by_then_counts(planning: Planning) -> None:
    made = await planning.make()
    reported = await planning.report(made.plan, "DE2", Report(date(2026, 11, 2)))
    await planning.report(reported.plan, "DE3", Report(date(2026, 10, 1), date(2026, 11, 20)))
    then, asking = date(2026, 11, 1), AskWhatIf(*planning.parts)

    def states(schedule: Schedule) -> list[str]:
        return [step.state.value for step in schedule.steps if step.key in ("DE2", "DE3")]

    now = await GetPlan(*planning.parts)(planning.asker, made.plan.id)
    looked_back = await GetPlan(*planning.parts)(planning.asker, made.plan.id, then)
    _, asked = await asking(planning.asker, made.plan.id, WhatIf({}, {}, today=then))
    _, assumed = await asking(planning.asker, made.plan.id, WhatIf({"DE3": Report(None, then)}, {}, today=then))

    assert states(now.schedule) == ["in_progress", "done"]
    assert states(looked_back.schedule) == states(asked) == ["to_do", "in_progress"]
    assert states(assumed) == ["to_do", "done"]


async def test_asking_what_if_about_a_step_that_is_not_there_is_refused(planning: Planning) -> None:
    made = await planning.make()

    with pytest.raises(NotFound):
        await AskWhatIf(*planning.parts)(planning.asker, made.plan.id, WhatIf({}, {"SWIM": 3}))


async def test_aiming_at_the_next_year_gives_another_years_room(planning: Planning) -> None:
    made = await planning.make()
    later = TargetRef(planning.target.programme_id, "winter", date(2029, 10, 1))

    after = await ChangeTargets(*planning.parts)(planning.asker, made.plan.id, (later,), 1)

    assert after.schedule.outlook.slack == made.schedule.outlook.slack + 365


async def test_the_plan_replans_itself_as_days_go_by(planning: Planning) -> None:
    made = await planning.make()
    planning.world.clock.move(timedelta(days=100))

    later = await GetPlan(*planning.parts)(planning.asker, made.plan.id)

    assert later.schedule.today == date(2027, 3, 4)
    assert later.schedule.outlook.slack < made.schedule.outlook.slack


async def test_a_plan_keeps_its_pathway_when_the_citizenship_changes_and_says_so(planning: Planning) -> None:
    made = await planning.make()
    await planning.become("NP")

    listed = await ListPlans(*planning.parts)(planning.asker, owned(planning.asker))

    (plan,) = listed.plans
    assert (listed.stuck, plan.schedule.pathway) == ((), made.schedule.pathway)
    assert [notice.code for notice in plan.notices] == ["route.fits_no_more"]
    assert made.notices == ()


async def test_a_plan_whose_pathway_is_gone_follows_the_one_that_there_is_now(planning: Planning) -> None:
    made = await planning.make()
    packs = renamed()

    found = await GetPlan(planning.world.transactions, packs, planning.world.zones)(planning.asker, made.plan.id)

    assert found.schedule.pathway == "another"
    assert [(notice.code, notice.params["now"]) for notice in found.notices] == [("route.is_gone", "another")]


async def test_one_plan_that_cannot_be_worked_out_hides_no_other_and_says_why(planning: Planning) -> None:
    made = await planning.make()

    listed = await planning.list_without_rules()

    assert listed.plans == ()
    assert [(stuck.plan.id, stuck.reasons[0].code) for stuck in listed.stuck] == [(made.plan.id, "plan.no_pathway")]


class CountingPlans(ListPlans):
    """Notes which plans it works out."""

    async def worked_out(
        self, work: UnitOfWork, plan: Plan, rulebook: Rulebook, today: date | None = None
    ) -> PlanToday:
        WORKED_OUT.append(plan.id)
        return await super().worked_out(work, plan, rulebook, today)


WORKED_OUT: list[PlanId] = []


async def test_a_page_of_plans_begins_with_the_newest_and_no_other_plan_is_worked_out(planning: Planning) -> None:
    made = []
    for _ in range(3):
        made.append((await planning.make()).plan.id)
        planning.world.clock.move(timedelta(days=1))
    show = CountingPlans(*planning.parts)
    WORKED_OUT.clear()

    first = await show(planning.asker, owned(planning.asker), limit=2)
    worked_out = list(WORKED_OUT)
    second = await show(planning.asker, owned(planning.asker), after=first.next, limit=2)

    assert [one.plan.id for one in (*first.plans, *second.plans)] == made[::-1]
    assert worked_out == made[:0:-1]
    assert (first.next, second.next) == (made[1], None)


async def test_plans_that_cannot_be_worked_out_take_their_places_on_the_pages(planning: Planning) -> None:
    made = [(await planning.make()).plan.id for _ in range(3)]

    first = await planning.list_without_rules(limit=2)
    second = await planning.list_without_rules(after=first.next, limit=2)

    assert [len(page.stuck) for page in (first, second)] == [2, 1]
    assert {one.plan.id for one in (*first.stuck, *second.stuck)} == set(made)


async def test_the_papers_are_judged_for_the_day_of_the_visit(planning: Planning) -> None:
    made = await planning.make()

    found = await CheckPapers(*planning.parts)(planning.asker, made.plan.id)

    visit = made.schedule.step(found.checklist.used_at)
    assert visit is not None
    assert (found.used_on, len(found.items)) == (visit.start, 24)


async def test_whoever_has_the_secret_link_sees_the_calendar_until_it_is_taken_back(planning: Planning) -> None:
    made = await planning.make()
    secret = await ShareCalendar(*planning.parts, planning.secrets)(planning.asker, made.plan.id)
    read = ReadCalendar(*planning.parts)

    found, calendar = await read(secret)
    await StopSharingCalendar(*planning.parts)(planning.asker, made.plan.id)

    assert (found.plan.id, bool(calendar.entries)) == (made.plan.id, True)
    with pytest.raises(NotFound):
        await read(secret)


async def test_that_a_link_was_made_and_ended_is_seen_by_her_whose_plan_it_is(planning: Planning) -> None:
    made = await planning.make()

    await ShareCalendar(*planning.parts, planning.secrets)(planning.asker, made.plan.id)
    await StopSharingCalendar(*planning.parts)(planning.asker, made.plan.id)

    async with planning.world.transactions() as work:
        query = Query(student_id=owned(planning.asker), action="calendar.")
        noted = [one.entry for one in await work.audit_trail.search(query, 9)]
    assert [(one.action, one.subject_id) for one in reversed(noted)] == [
        ("calendar.shared", made.plan.id),
        ("calendar.stopped", made.plan.id),
    ]


async def test_the_secret_itself_is_not_kept(planning: Planning) -> None:
    made = await planning.make()

    secret = await ShareCalendar(*planning.parts, planning.secrets)(planning.asker, made.plan.id)

    async with planning.world.transactions() as work:
        assert secret not in (await work.plans.get(PlanId(made.plan.id))).calendar_hash


async def test_days_of_ones_own_replace_those_of_the_rules_until_they_are_taken_back(planning: Planning) -> None:
    made = await planning.make()
    assuming = AssumeDurations(*planning.parts)

    longer, diff = await assuming(planning.asker, made.plan.id, {"DE16": 60}, 1)
    back, _ = await assuming(planning.asker, made.plan.id, {}, longer.plan.version)

    assert {move.key: move.days for move in diff.moves}["DE17"] == 60 - 28
    assert back.schedule == made.schedule


async def test_days_for_a_step_that_the_plan_does_not_have_are_refused(planning: Planning) -> None:
    made = await planning.make()

    with pytest.raises(RuleBroken) as caught:
        await AssumeDurations(*planning.parts)(planning.asker, made.plan.id, {"DE16": 60, "SWIM": 3}, 1)

    assert [reason.params["step"] for reason in caught.value.reasons] == ["SWIM"]


async def test_why_a_step_falls_on_its_day_is_told_back_to_today(planning: Planning) -> None:
    made = await planning.make()

    found = await ExplainStep(*planning.parts)(planning.asker, made.plan.id, "DE13")

    assert [link.key for link in found.links] == ["DE1", "DE2", "DE13"]
    assert found.links[0].reasons[0].code == "because.today"
    assert found.links[-1].finish == made.schedule.step("DE13").finish  # type: ignore[union-attr]


async def test_why_a_target_stands_as_it_does_ends_with_its_arrival(planning: Planning) -> None:
    made = await planning.make()

    found = await ExplainStep(*planning.parts)(planning.asker, made.plan.id, made.schedule.lead.key)

    assert found.links[-1].finish == made.schedule.outlook.arrives_on
    assert found.verdict == made.schedule.outlook.reasons


async def test_nobody_can_be_told_why_of_a_step_that_there_is_not(planning: Planning) -> None:
    made = await planning.make()

    with pytest.raises(NotFound, match=r"plan\.unknown_step"):
        await ExplainStep(*planning.parts)(planning.asker, made.plan.id, "SWIM")


async def test_the_chance_comes_with_its_samples_and_what_it_takes_for_granted(planning: Planning) -> None:
    made = await planning.make()
    estimate = EstimateChance(*planning.parts, simulation=MemorySimulation())

    (one,) = await estimate(planning.asker, made.plan.id, samples=500)
    again = await estimate(planning.asker, made.plan.id, samples=500)

    assert again == (one,)
    assert (one.samples, one.target) == (500, made.schedule.lead.key)
    assert 0 < one.standard_error < 0.05
    assert one.early <= one.middle <= one.late
    granted = {(reason.code, reason.where) for reason in one.assumptions}
    assert ("chance.no_upper_bound", "DE2") in granted
    assert ("chance.spread", "") in granted


async def test_a_plan_made_with_calendars_names_their_edition(planning: Planning) -> None:
    make = MakePlan(*planning.parts, planning.world.ids, calendars=MemoryCalendars())

    made = await make(planning.asker, owned(planning.asker), (planning.target,))

    assert made.schedule.calendars == ("a handful",)


async def test_what_the_profile_answers_is_done_until_she_reports_otherwise(planning: Planning) -> None:
    await planning.world.programme(programme())
    async with planning.world.transactions() as work:
        student = await work.students.get(owned(planning.asker))
        student.change_profile(profile(passport=Passport("A1", date(2026, 1, 5), date(2036, 1, 4))))
        await work.students.save(student)
    made = await planning.make()

    overruled = await planning.report(made.plan, "DE1", Report())
    again = await GetPlan(*planning.parts)(planning.asker, made.plan.id)

    states = [found.schedule.step("DE1").state for found in (made, overruled, again)]  # type: ignore[union-attr]
    assert states == [State.DONE, State.TO_DO, State.TO_DO]


LONG_AGO = date(1990, 10, 1)


async def test_nobody_can_aim_at_studies_that_have_begun_and_hears_of_the_next_beginning(planning: Planning) -> None:
    over = replace(planning.target, starts_on=LONG_AGO)
    made = await planning.make()

    with pytest.raises(RuleBroken) as new:
        await planning.make(planning.target, over)
    with pytest.raises(RuleBroken) as changed:
        await ChangeTargets(*planning.parts)(planning.asker, made.plan.id, [over], made.plan.version)
    with pytest.raises(RuleBroken) as asked:
        await AskWhatIf(*planning.parts)(planning.asker, made.plan.id, WhatIf({}, {}, add=(over,)))

    said = {"starts_on": "1990-10-01", "next": "2027-10-01"}
    assert new.value.reasons == (Reason("plan.intake_has_begun_next", said, "targets[1].starts_on"),)
    assert changed.value.reasons == (Reason("plan.intake_has_begun_next", said, "targets[0].starts_on"),)
    assert asked.value.reasons == (Reason("plan.intake_has_begun_next", said, "add[0].starts_on"),)


async def test_a_beginning_that_comes_no_more_is_refused_without_a_next_one(planning: Planning) -> None:
    once = programme(id=ProgrammeId(UUID(int=8)), key="once", intakes=(Intake("winter", Day(on=LONG_AGO)),))
    await planning.world.programme(once)

    with pytest.raises(RuleBroken) as caught:
        await planning.make(TargetRef(once.id, "winter", LONG_AGO))

    assert caught.value.reasons == (
        Reason("plan.intake_has_begun", {"starts_on": "1990-10-01"}, "targets[0].starts_on"),
    )


async def test_on_the_first_day_of_studies_one_can_still_aim_there_and_an_old_plan_stays_readable(
    planning: Planning,
) -> None:
    first_day = replace(planning.target, starts_on=date(2027, 10, 1))
    planning.world.clock.move(datetime(2027, 9, 30, 20, 0, tzinfo=UTC) - NOW)  # the 1st in Dhaka
    made = await planning.make(first_day)
    planning.world.clock.move(timedelta(days=400))

    later = await GetPlan(*planning.parts)(planning.asker, made.plan.id)
    both = await ChangeTargets(*planning.parts)(
        planning.asker, made.plan.id, [first_day, replace(planning.target, starts_on=date(2029, 10, 1))], 1
    )

    assert later.schedule.outlook.outcome in (Outcome.LATE, Outcome.LOST)
    assert len(both.schedule.outlooks) == 2
