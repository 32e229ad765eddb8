"""What stands beside a plan and counts in it: papers, applications, overrides, zones, visas, editions, who asked."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from worlds import World, letting, owned

from builders import RulePacks
from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.domain.applications.application import Action, Application, Submission
from higherstudy.domain.catalogue.intake import Audience, Day, Intake
from higherstudy.domain.catalogue.programme import Fee, FeePer, Programme
from higherstudy.domain.catalogue.requirement import DocumentNeeded
from higherstudy.domain.catalogue.requirement import TestNeeded as NeededTest
from higherstudy.domain.documents.document import Stated as StatedOnPaper
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.matching.use_cases.overrides import OverrideFinding
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.planning.calendar_entries import EntryKind
from higherstudy.domain.planning.schedule import Outcome, Report, State, reason
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.planning.use_cases.asking import AskWhatIf, WhatIf
from higherstudy.domain.planning.use_cases.calendars import GetCalendar
from higherstudy.domain.planning.use_cases.keeping import ChangeTargets, GetPlan, ListPlans, MakePlan
from higherstudy.domain.planning.use_cases.papers import CheckPapers
from higherstudy.domain.planning.use_cases.planned import PlanToday
from higherstudy.domain.planning.use_cases.reporting import AssumeDurations, ReportStep
from higherstudy.domain.planning.use_cases.verdicts import JudgeTargets
from higherstudy.domain.profile.profile import Passport
from higherstudy.domain.rulebook.editions import edition_of
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.free_entry import VISA_NEEDED
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.papers import Checklist, ChecklistItem, DocumentKind, WithNewPassport
from higherstudy.domain.rulebook.pathways import StepScope
from higherstudy.domain.shared.ids import AccountId, ApplicationId, PlanId, ProgrammeId
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.sources import Confidence
from higherstudy.ports.rule_packs import RulePacks as RulePackPort
from higherstudy.ports.transactions import Transactions
from higherstudy.ports.zones import Zones
from networks import step, way
from study_builders import PAGE, STATED, deadline, ielts, institution, profile, programme, winter

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)  # in Dhaka it is the 24th already
TODAY = date(2026, 11, 24)
WAY = way(
    step("A", days=10, documents_out=("copy",)),
    step("SEND", "A", days=3, scope=StepScope.TARGET),
    step("VISA", "SEND", days=30),
    step("END", "VISA", days=5),
    application_step="SEND", admission_step="VISA", decision_step="VISA", checklist="papers",
)  # fmt: skip
COPY = DocumentKind(
    "copy", "Copy", PAGE, Confidence.HIGH, uses_expiry_date=True, with_new_passport=WithNewPassport.MAKE_ANEW
)
ITEM = ChecklistItem("1", 1, "Copy", ("copy",), Confidence.HIGH)
PAPERS = Checklist("papers", "Papers", "1", "", "", "VISA", (ITEM,), (), PAGE, Confidence.HIGH)
NO_VISA = Fact(
    "free", VISA_NEEDED, False, PAGE, Confidence.HIGH, valid_to=date(2028, 12, 31),
    scope=Scope(country="DE", nationality=("FR",)),
)  # fmt: skip
COUNSELLOR = Asker(AccountId(UUID(int=0xC0)), frozenset({Role.COUNSELLOR}))


def rules(sha256: str = "0", checklist: Checklist = PAPERS) -> Rulebook:
    parts = {"facts": (NO_VISA,), "document_kinds": (COPY,), "checklists": (checklist,), "pathways": (WAY,)}
    return Rulebook((RulePack("pack", "Pack", "1", date(2099, 1, 1), sha256 * 64, **parts),))  # type: ignore[arg-type]


class Editions(RulePacks):
    """Rules in force, and an edition before them."""

    def __init__(self, now: Rulebook, before: Rulebook) -> None:
        super().__init__(now)
        self._before = before

    def edition(self, sha256: str) -> Rulebook:
        return self._before if sha256 == self._before.edition_id else super().edition(sha256)


@dataclass
class Desk:
    """A student in Dhaka, and programmes that she may aim at."""

    world: World
    asker: Asker
    packs: RulePackPort = field(default_factory=lambda: RulePacks(rules()))

    @property
    def parts(self) -> tuple[Transactions, RulePackPort, Zones]:
        return self.world.transactions, self.packs, self.world.zones

    async def offer(self, number: int = 2, **changes: object) -> TargetRef:
        """Put a programme into the catalogue and return its winter of 2027."""
        usual: dict[str, object] = {"id": ProgrammeId(UUID(int=number)), "key": f"msc{number}", **changes}
        offered: Programme = await self.world.programme(programme(**usual))  # type: ignore[arg-type]
        return TargetRef(offered.id, "winter", date(2027, 10, 1))

    async def make(self, *targets: TargetRef) -> PlanToday:
        return await MakePlan(*self.parts, self.world.ids)(self.asker, owned(self.asker), targets)

    async def apply(self, number: int, ref: TargetRef) -> None:
        """Keep the application for the target; it was sent yesterday at half past eight, which is today in Dhaka."""
        sent = NOW - timedelta(hours=23, minutes=30)
        one = Application(
            ApplicationId(UUID(int=number)), owned(self.asker), ref.programme_id, ref.term, ref.starts_on, sent
        )
        one.submit(Submission(sent, "0" * 64), self.asker.account_id)
        async with self.world.transactions() as work:
            await work.applications.add(replace(one, version=0))


@pytest.fixture
async def desk() -> Desk:
    world = World(clock=MemoryClock(NOW), rule_packs=RulePacks(rules()))
    return Desk(world, await world.student(profile=profile()))


async def test_whatever_is_told_of_a_plan_names_who_asked_and_in_which_request(desk: Desk) -> None:
    ref, other = await desk.offer(), await desk.offer(3)
    asker = replace(desk.asker, request_id="request-1", trace="trace-1")
    made = await MakePlan(*desk.parts, desk.world.ids)(asker, owned(asker), (ref,))
    await ReportStep(*desk.parts)(asker, made.plan.id, "A", Report(TODAY), 1)
    await AssumeDurations(*desk.parts)(asker, made.plan.id, {"A": 9}, 2)
    await ChangeTargets(*desk.parts)(asker, made.plan.id, (other,), 3)

    told = list(desk.world.store.events.rows())[-4:]

    assert [one.event.tag for one in told] == [
        "plan.made.v1", "plan.step_reported.v1", "plan.durations_assumed.v1", "plan.targets_changed.v1",
    ]  # fmt: skip
    assert [one.origin for one in told] == [asker.origin] * 4


async def test_what_if_still_counts_the_papers_and_applications_at_hand(desk: Desk) -> None:
    ref = await desk.offer()
    made = await desk.make(ref)
    await desk.world.paper(desk.asker, "copy", StatedOnPaper(date(2026, 1, 1), date(2028, 1, 1)))
    await desk.apply(1, ref)

    diff, after = await AskWhatIf(*desk.parts)(desk.asker, made.plan.id, WhatIf({}, {}))

    assert diff.moves == ()
    states = {one.key: one.state for one in after.steps}
    assert states == {
        "A": State.DONE, "SEND@msc2/winter-2027": State.DONE, "VISA": State.TO_DO, "END": State.TO_DO,
    }  # fmt: skip


async def test_one_may_ask_about_a_step_that_only_the_plan_as_it_is_or_as_it_would_be_has(desk: Desk) -> None:
    ref, other = await desk.offer(), await desk.offer(3)
    made = await desk.make(ref)
    old, new = "SEND@msc2/winter-2027", "SEND@msc3/winter-2027"
    question = WhatIf({}, {old: 20, new: 9}, add=(other,), drop=("msc2/winter-2027",))

    diff, after = await AskWhatIf(*desk.parts)(desk.asker, made.plan.id, question)

    assert (diff.appear, diff.vanish) == ((new,), (old,))
    assert after.outlook.arrives_on == TODAY + timedelta(days=10 + 9 + 30 + 5)


async def test_a_calendar_tells_the_deadline_in_the_zone_there_and_in_that_of_the_student(desk: Desk) -> None:
    noon = Intake("winter", Day(each=(10, 1)), (deadline(at=time(12)),))
    made = await desk.make(await desk.offer(intakes=(noon,)))

    _, calendar = await GetCalendar(*desk.parts)(desk.asker, made.plan.id)

    (stated,) = (one for one in calendar.entries if one.kind is EntryKind.DEADLINE)
    assert stated.notes[:3] == (
        reason("calendar.there", at="2027-07-15 12:00", zone="Europe/Berlin"),
        reason("calendar.here", at="2027-07-15 16:00", zone="Asia/Dhaka"),
        reason("calendar.last_day", on="2027-07-14"),
    )


async def test_papers_and_verdicts_are_those_of_the_edition_that_is_asked_for(desk: Desk) -> None:
    then = replace(PAPERS, title="Papers of then")
    before = rules("1", then)
    desk.packs = Editions(rules(), before)
    made = await desk.make(await desk.offer(requirement=DocumentNeeded(STATED, "copy")))
    edition = edition_of(before.edition)

    papers = [await CheckPapers(*desk.parts)(desk.asker, made.plan.id, edition=one) for one in (None, edition)]
    judged = [(await JudgeTargets(*desk.parts)(desk.asker, made.plan.id, edition=one))[0] for one in (None, edition)]

    assert [one.checklist for one in papers] == [PAPERS, then]
    assert [one.case.checklist for one in judged] == [PAPERS, then]
    assert [one.match.verdict.rulebook for one in judged] == [rules().edition, before.edition]


@pytest.mark.parametrize(
    ("citizen", "year", "last"),
    [("BD", 2027, date(2027, 5, 30)), ("FR", 2027, date(2027, 7, 14)), ("FR", 2029, date(2029, 5, 30))],
)
async def test_the_deadline_is_that_of_those_who_need_a_visa_when_studies_begin_or_do_not(
    desk: Desk, citizen: str, year: int, last: date
) -> None:
    """Both deadlines end in Berlin a few hours into a day of hers, so the day before is the last that is whole."""
    theirs = deadline(at=time(12), day=Day(each=(5, 31)), audience=Audience.NON_EU)
    intake = winter(deadlines=(deadline(at=time(12)), theirs))
    ref = await desk.offer(intakes=(intake,))
    async with desk.world.transactions() as work:
        student = await work.students.get(owned(desk.asker))
        student.change_profile(profile(citizenships=(citizen,)))
        await work.students.save(student)

    made = await desk.make(replace(ref, starts_on=date(year, 10, 1)))

    assert made.schedule.lead.apply_by is not None
    assert made.schedule.lead.apply_by.last_day == last


async def test_all_applications_count_however_many_there_are_on_her_own_days(desk: Desk) -> None:
    first, last = await desk.offer(2), await desk.offer(3)
    await desk.apply(1, first)
    for number in range(2, 102):
        await desk.apply(number, replace(first, programme_id=ProgrammeId(UUID(int=1000 + number))))
    await desk.apply(102, last)

    made = await desk.make(first, last)

    sent = {one.key: (one.state, one.finish) for one in made.schedule.steps if one.key.startswith("SEND@")}
    done = State.DONE, date(2026, 11, 23)
    assert sent == {"SEND@msc2/winter-2027": done, "SEND@msc3/winter-2027": done}


async def test_each_target_is_judged_with_the_papers_of_the_day_and_what_a_counsellor_said_of_it(desk: Desk) -> None:
    wants = DocumentNeeded(STATED, "copy")
    first, second, third = [await desk.offer(number, requirement=wants) for number in (2, 3, 4)]
    made = await desk.make(first, second, third)
    await desk.world.paper(desk.asker, "copy", StatedOnPaper(date(2026, 1, 1), date(2026, 12, 5)))
    say = OverrideFinding(desk.world.transactions, desk.packs, desk.world.zones, desk.world.ids)
    said = {
        ref.programme_id: await say(
            letting(COUNSELLOR, desk.asker),
            owned(desk.asker),
            ref.programme_id,
            place="/",
            standing=standing,
            reason="Seen.",
        )
        for ref, standing in ((first, Standing.NOT_MET), (second, Standing.PROBABLY_MET))
    }

    async def judged(today: date | None = None) -> dict[ProgrammeId, tuple[Standing, object]]:
        found = await JudgeTargets(*desk.parts)(desk.asker, made.plan.id, today)
        return {
            one.match.programme.id: (one.match.verdict.standing, one.match.verdict.finding.override) for one in found
        }

    assert await judged() == {
        first.programme_id: (Standing.NOT_MET, said[first.programme_id]),
        second.programme_id: (Standing.PROBABLY_MET, said[second.programme_id]),
        third.programme_id: (Standing.MET, None),
    }
    later = await judged(date(2026, 12, 6))  # the copy has run out then
    assert later[third.programme_id] == (Standing.NOT_MET, None)


async def test_a_page_of_plans_has_twenty_unless_asked_otherwise_and_a_hundred_at_most(desk: Desk) -> None:
    made = await desk.make(await desk.offer())
    async with desk.world.transactions() as work:
        for number in range(1, 101):
            await work.plans.add(replace(made.plan, id=PlanId(UUID(int=number)), version=0))
    listing = ListPlans(*desk.parts)

    usual = await listing(desk.asker, owned(desk.asker))
    most = await listing(desk.asker, owned(desk.asker), limit=101)

    assert (len(usual.plans), usual.next) == (20, usual.plans[-1].plan.id)
    assert (len(most.plans), most.next) == (100, most.plans[-1].plan.id)
    assert usual.plans[-1].plan == most.plans[19].plan


async def test_the_money_of_a_plan_holds_the_tuition_of_its_own_programme(desk: Desk) -> None:
    desk.packs = BundledRulePacks()
    needs = []
    for number, pounds in ((2, 20_000), (3, 23_500)):
        fee = Fee(Money(pounds * 100, "GBP"), FeePer.YEAR, PAGE, Confidence.HIGH)
        made = await desk.make(await desk.offer(number, institution=institution(country="GB"), tuition=fee))
        needs.append(made.money[0])

    assert [need.tuition_counted for need in needs] == [True, True]
    assert needs[1].amount.minor - needs[0].amount.minor == 350_000


async def test_a_test_that_runs_out_on_the_way_of_a_target_that_is_lost_is_not_told(desk: Desk) -> None:
    desk.packs = BundledRulePacks()
    async with desk.world.transactions() as work:
        student = await work.students.get(owned(desk.asker))
        student.change_profile(profile(tests=(ielts("6.5", taken_on=date(2026, 5, 1)),)))
        await work.students.save(student)
    ref = await desk.offer(requirement=NeededTest(STATED, "IELTS_AC", Decimal("6.5")))

    made = await desk.make(ref)
    await desk.apply(1, ref)
    async with desk.world.transactions() as work:
        sent = await work.applications.get(ApplicationId(UUID(int=1)))
        sent.act(Action.REJECT, NOW - timedelta(hours=1), COUNSELLOR.account_id)
        await work.applications.save(sent)
    lost = await GetPlan(*desk.parts)(desk.asker, made.plan.id)

    assert [one.code for one in made.notices] == ["test.counts_with_statement"]
    assert (lost.schedule.outlook.outcome, lost.notices) == (Outcome.LOST, ())


async def test_a_paper_that_bears_the_number_of_an_earlier_passport_is_told_beside_the_plan(desk: Desk) -> None:
    async with desk.world.transactions() as work:
        student = await work.students.get(owned(desk.asker))
        student.change_profile(profile(passport=Passport("A1", TODAY, date(2036, 11, 23))))
        await work.students.save(student)
    await desk.world.paper(desk.asker, "copy", StatedOnPaper(date(2026, 1, 1), date(2028, 1, 1)))

    made = await desk.make(await desk.offer())

    assert made.notices == (reason("passport_renewed.make_anew", "documents.copy", document="copy"),)
