"""What a student's applications say counts in her plan, unless she reported otherwise."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from worlds import World, owned

from builders import ZONES
from higherstudy.adapters.bundled.packs import BundledRulePacks, bundled_rulebook
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.domain.applications.application import Action, Application, Offer, Submission
from higherstudy.domain.catalogue.requirement import AllOf
from higherstudy.domain.catalogue.requirement import TestNeeded as NeededTest
from higherstudy.domain.matching.evidence import Days
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.planning.making import Surroundings, find_target, schedule_for
from higherstudy.domain.planning.schedule import Outcome, Report, Schedule, State
from higherstudy.domain.planning.target import TargetRef
from higherstudy.domain.planning.target_case import cases_of, of_each_country
from higherstudy.domain.planning.use_cases.keeping import GetPlan, MakePlan
from higherstudy.domain.planning.use_cases.papers import CheckPapers
from higherstudy.domain.planning.use_cases.verdicts import JudgeTargets
from higherstudy.domain.planning.views import todays_actions
from higherstudy.domain.shared.errors import NotFound, Reason
from higherstudy.domain.shared.ids import AccountId, ApplicationId, InstitutionId, ProgrammeId, StudentId
from higherstudy.ports.zones import Zones
from study_builders import STATED, deadline, ielts, institution, profile, programme, winter

SENT, NOW = datetime(2026, 11, 20, 20, 30, tzinfo=UTC), datetime(2026, 11, 22, 9, tzinfo=UTC)
TODAY, WINTER = date(2026, 11, 24), date(2027, 10, 1)
HERE: Zones = ZONES
HOME = HERE.named("Asia/Dhaka")
CLERK = AccountId(UUID(int=9))
BRITISH = programme(
    id=ProgrammeId(UUID(int=3)),
    key="british-msc",
    institution=institution(id=InstitutionId(UUID(int=4)), key="british", name="British University", country="GB"),
    intakes=(winter(deadlines=(deadline(),)),),
)
IN_GERMANY, IN_BRITAIN = (
    find_target(one, TargetRef(one.id, "winter", WINTER), HERE.named, "Asia/Dhaka") for one in (programme(), BRITISH)
)
APPLY, ADMITTED = f"DE6@{IN_GERMANY.key}", f"DE7@{IN_GERMANY.key}"


def application(*actions: Action, number: int = 1) -> Application:
    """Return the application for the German target: sent, and then what the actions say."""
    ref = IN_GERMANY.ref
    made = Application(
        ApplicationId(UUID(int=number)), StudentId(UUID(int=7)), ref.programme_id, ref.term, ref.starts_on, SENT
    )
    made.submit(Submission(SENT, "0" * 64), CLERK)
    for action in actions:
        if action is Action.OFFER:
            made.receive_offer(Offer(), NOW, CLERK)
        else:
            made.act(action, NOW, CLERK)
    return made


def plan(*applications: Application, today: date = TODAY, reports: dict[str, Report] | None = None) -> Schedule:
    around = Surroundings(applications=applications, home=HOME)
    targets = (IN_GERMANY, IN_BRITAIN)
    return schedule_for(targets, profile(), bundled_rulebook(), today, "", reports=reports, around=around)


def state(found: Schedule, key: str) -> State | None:
    step = found.step(key)
    return step.state if step else None


def test_an_application_that_was_sent_is_done_on_her_own_day_of_it() -> None:
    found = plan(application())

    step = found.step(APPLY)
    assert step is not None
    assert (step.state, step.finish) == (State.DONE, date(2026, 11, 21))  # 20:30 in UTC is past midnight in Dhaka
    assert step.answered == Reason("known.sent", {"on": "2026-11-21"}, APPLY)
    assert state(found, ADMITTED) is State.TO_DO


def test_an_offer_without_conditions_ends_the_wait_and_leads() -> None:
    found = plan(application(Action.OFFER))

    step = found.step(ADMITTED)
    assert step is not None
    assert (step.state, step.answered) == (State.DONE, Reason("known.admitted", {"on": "2026-11-22"}, ADMITTED))
    assert found.lead.key == IN_GERMANY.key


def test_what_the_application_says_counts_from_its_very_day_in_the_students_own_zone() -> None:
    sent = plan(application(), today=date(2026, 11, 21))
    late = datetime(2026, 11, 22, 19, tzinfo=UTC)  # one in the night of the 23rd in Dhaka
    rejected = application()
    rejected.act(Action.REJECT, late, CLERK)

    assert state(sent, APPLY) is State.DONE
    assert _lost(plan(rejected, today=date(2026, 11, 22))) == set()
    assert _lost(plan(rejected, today=date(2026, 11, 23))) == {IN_GERMANY.key}


def test_a_target_is_lost_though_the_application_for_another_before_it_lives() -> None:
    sent = application()
    ref = IN_BRITAIN.ref
    other = Application(
        ApplicationId(UUID(int=2)), StudentId(UUID(int=7)), ref.programme_id, ref.term, ref.starts_on, SENT
    )
    other.submit(Submission(SENT, "0" * 64), CLERK)
    other.act(Action.REJECT, NOW, CLERK)

    assert _lost(plan(sent, other)) == {IN_BRITAIN.key}


def _lost(found: Schedule) -> set[str]:
    return {one.target.key for one in found.outlooks if one.outcome is Outcome.LOST}


def test_what_she_reported_herself_goes_before_the_application() -> None:
    found = plan(application(), reports={APPLY: Report()})

    assert state(found, APPLY) is State.TO_DO


def test_what_the_application_says_later_is_not_known_yet() -> None:
    found = plan(application(Action.REJECT), today=date(2026, 11, 19))

    assert state(found, APPLY) is State.TO_DO
    assert [outlook.outcome is Outcome.LOST for outlook in found.outlooks] == [False, False]


def test_a_rejected_target_is_lost_with_the_day_and_no_longer_leads() -> None:
    found = plan(application(Action.REJECT))

    lost = next(one for one in found.outlooks if one.target.key == IN_GERMANY.key)
    assert found.lead.key == IN_BRITAIN.key
    assert lost.outcome is Outcome.LOST
    assert lost.reasons == (Reason("lost.rejected", {"on": "2026-11-22"}, IN_GERMANY.key),)
    assert lost.next_safe is not None
    assert state(found, APPLY) is None


def test_an_application_begun_anew_stands_for_the_one_that_was_withdrawn() -> None:
    found = plan(application(Action.WITHDRAW), application(number=2))

    assert state(found, APPLY) is State.DONE
    assert Outcome.LOST not in {one.outcome for one in found.outlooks}


def test_a_draft_that_is_withdrawn_loses_nothing() -> None:
    ref = IN_GERMANY.ref
    draft = Application(
        ApplicationId(UUID(int=1)), StudentId(UUID(int=7)), ref.programme_id, ref.term, ref.starts_on, SENT
    )
    draft.act(Action.WITHDRAW, NOW, CLERK)

    assert Outcome.LOST not in {one.outcome for one in plan(draft).outlooks}


def test_nothing_is_to_be_done_for_a_target_that_is_lost() -> None:
    around = Surroundings(applications=(application(Action.REJECT),), home=HOME)
    found = schedule_for((IN_GERMANY,), profile(), bundled_rulebook(), TODAY, "", around=around)

    today = todays_actions(found)
    steps = [one.step.key for one in (today.next, *today.ready, *today.waiting) if one]
    assert found.outlook.outcome is Outcome.LOST
    assert not [key for key in steps if key.endswith(IN_GERMANY.key)]


def test_each_country_asks_for_its_own_money_on_its_own_day() -> None:
    found = plan()
    cases = of_each_country(cases_of(found, bundled_rulebook()))

    currencies = {need.amount.currency for case in cases for need in case.money(None, bundled_rulebook())}
    assert {case.target.country for case in cases} == {"DE", "GB"}
    assert currencies == {"EUR", "GBP"}
    assert len({case.lodged_on for case in cases}) == 2


async def test_a_plan_hears_what_becomes_of_an_application() -> None:
    world = World(clock=MemoryClock(datetime(2026, 11, 23, 20, tzinfo=UTC)))
    asker = await world.student(profile=profile())
    await world.programme(programme())
    await world.programme(BRITISH)
    parts = (world.transactions, BundledRulePacks(), world.zones)
    made = await MakePlan(*parts, world.ids)(asker, owned(asker), (IN_GERMANY.ref, IN_BRITAIN.ref))
    sent = replace(application(Action.REJECT), student_id=owned(asker), version=0)
    async with world.transactions() as work:
        await work.applications.add(sent)

    found = await GetPlan(*parts)(asker, made.plan.id)

    outcomes = {one.target.key: one.outcome for one in found.schedule.outlooks}
    assert outcomes[IN_GERMANY.key] is Outcome.LOST
    assert found.money[0].amount.currency == "GBP"


async def test_a_test_that_runs_out_before_the_appointment_is_told_once_with_the_target() -> None:
    world = World(clock=MemoryClock(datetime(2026, 11, 23, 20, tzinfo=UTC)))
    asker = await world.student(profile=profile(tests=(ielts("6.5", taken_on=date(2026, 5, 1)),)))
    english = NeededTest(STATED, "IELTS_AC", Decimal("6.5"))
    await world.programme(programme(AllOf((english, english))))
    parts = (world.transactions, BundledRulePacks(), world.zones)
    made = await MakePlan(*parts, world.ids)(asker, owned(asker), (IN_GERMANY.ref,))

    (judged,) = await JudgeTargets(*parts)(asker, made.plan.id)

    applied = made.schedule.step(APPLY)
    assert applied is not None
    assert judged.case.days == Days(applied.finish, WINTER, made.schedule.lodged_on())
    assert judged.match.verdict.standing is Standing.MET
    (notice,) = made.notices
    assert (notice.code, notice.where) == ("test.counts_with_statement", IN_GERMANY.key)
    assert notice.params == {
        "test": "IELTS_AC",
        "until": "2028-05-01",
        "appointment": made.schedule.lodged_on().isoformat(),
        "document": "embassy_ielts_statement",
        "target": IN_GERMANY.title,
    }


async def test_the_money_of_a_plan_warns_of_a_pack_that_is_out_of_date_on_the_day_of_the_plan() -> None:
    world = World(clock=MemoryClock(datetime(2026, 11, 23, 20, tzinfo=UTC)))
    asker = await world.student(profile=profile())
    await world.programme(programme())
    parts = (world.transactions, BundledRulePacks(), world.zones)
    made = await MakePlan(*parts, world.ids)(asker, owned(asker), (IN_GERMANY.ref,))

    (german,) = (pack for pack in bundled_rulebook().packs if pack.id == "germany")
    later = await GetPlan(*parts)(asker, made.plan.id, german.review_by + timedelta(days=1))

    assert [made.warnings_of(need) for need in made.money] == [()]
    assert [later.warnings_of(need) for need in later.money] == [("pack.stale:germany",)]


async def test_the_papers_of_each_target_are_those_of_its_own_mission() -> None:
    world = World(clock=MemoryClock(datetime(2026, 11, 23, 20, tzinfo=UTC)))
    asker = await world.student(profile=profile())
    await world.programme(programme())
    await world.programme(BRITISH)
    parts = (world.transactions, BundledRulePacks(), world.zones)
    made = await MakePlan(*parts, world.ids)(asker, owned(asker), (IN_GERMANY.ref, IN_BRITAIN.ref))

    checks = CheckPapers(*parts)
    german = await checks(asker, made.plan.id, target=IN_GERMANY.key)
    british = await checks(asker, made.plan.id, target=IN_BRITAIN.key)

    with pytest.raises(NotFound) as unknown:
        await checks(asker, made.plan.id, target="x" * 99)

    assert german.checklist.id != british.checklist.id
    assert unknown.value.reasons == (Reason("plan.unknown_target", {"target": "x" * 80}, "target"),)
    assert (german.target, british.target) == (IN_GERMANY.key, IN_BRITAIN.key)


def test_a_test_that_is_known_answers_the_same_step_of_every_country() -> None:
    found = schedule_for((IN_BRITAIN,), profile(), bundled_rulebook(), TODAY, "")

    english = found.step("UK1")
    assert english is not None
    assert (english.state, english.answered and english.answered.code) == (State.DONE, "known.test")


def test_where_no_list_of_papers_is_known_that_is_said() -> None:
    rules = bundled_rulebook()
    case = next(case for case in cases_of(plan(), rules) if case.target.country == "DE")

    assert case.to_know(rules) == ()
    (found,) = replace(case, checklist=None, used_on=None).to_know(rules)
    assert (found.code, found.params) == ("checklist.not_known", {"country": "DE"})
    assert replace(case, checklist=None, outcome=Outcome.LOST).to_know(rules) == ()
