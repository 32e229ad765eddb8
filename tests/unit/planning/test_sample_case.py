"""The sample student's plan: one offer, a queue longer than everything else, and a window of seven days."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from higherstudy.adapters.bundled.catalogue import bundled_programmes
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.bundled.sample import sample_case_text
from higherstudy.domain.planning.calendar_entries import calendar_of
from higherstudy.domain.planning.case import BrokenCase, Case, read_case
from higherstudy.domain.planning.making import find_pathway, schedule_for, situation_of
from higherstudy.domain.planning.schedule import Outcome, Report, Schedule, State
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.planning.views import board_of, todays_actions
from higherstudy.domain.planning.what_if import Change, compare
from higherstudy.domain.shared.errors import Reason, RuleBroken

TODAY = date(2026, 11, 23)
OFFER = "saarland-computer-science-msc/summer-2027"


def read(text: str) -> Case:
    programmes = {programme.key: programme for programme in bundled_programmes()}
    return read_case(text, "case.toml", bundled_rulebook(), programmes, ZoneInfo)


@cache
def sample() -> Case:
    return read(sample_case_text())


def schedule(today: date = TODAY, **reports: Report) -> Schedule:
    case = sample()
    return schedule_for(
        case.targets, case.profile, bundled_rulebook(), today, "sample", reports={**case.reports, **reports}
    )


def change(**parts: object) -> tuple[Schedule, Schedule]:
    case = sample()
    pathway = find_pathway(case.targets, case.profile, bundled_rulebook())
    now = situation_of(case.targets, pathway, case.profile, bundled_rulebook(), TODAY, case.reports, {})
    then, way = Change(**parts).applied_to(now, case.profile, bundled_rulebook())  # type: ignore[arg-type]
    return (
        make_schedule(now, pathway, bundled_rulebook(), "sample"),
        make_schedule(then, way, bundled_rulebook(), "sample"),
    )


def test_the_plan_follows_the_target_that_has_its_offer() -> None:
    assert schedule().lead.key == OFFER


def test_the_embassys_queue_decides_when_she_arrives() -> None:
    outlook = schedule().outlook

    assert outlook.chain == ("DE2", "DE13", "DE14", "DE15", "DE16", "DE17")
    assert (outlook.arrives_on, outlook.slack) == (date(2027, 2, 14), 46)


def test_arriving_in_time_by_typical_days_but_late_at_worst_is_at_risk_and_says_so() -> None:
    outlook = schedule().outlook

    assert outlook.outcome is Outcome.AT_RISK
    assert [(reason.code, reason.params["days"]) for reason in outlook.reasons] == [
        ("risk.late_at_worst", 60),
        ("risk.window_missed_at_worst", 19),
    ]


def test_papers_for_the_window_are_due_before_it_closes_and_not_before_it_opens() -> None:
    money = schedule().step("DE10")

    assert money is not None
    assert money.latest_finish == date(2026, 12, 30) + timedelta(days=7)
    assert money.slack == 16


def test_a_queue_joined_today_makes_this_intake_late_and_names_the_next_safe_one() -> None:
    outlook = schedule(DE2=Report(started_on=TODAY)).outlook

    assert outlook.outcome is Outcome.LATE
    assert [reason.code for reason in outlook.reasons] == ["late.arrival"]
    assert outlook.next_safe is not None
    assert outlook.next_safe.starts_on == date(2028, 10, 1)


def test_each_other_target_stands_for_itself() -> None:
    found = {outlook.target.key.partition("-")[0]: outlook for outlook in schedule().outlooks}

    assert found["tum"].slack == 108
    assert [reason.code for reason in found["stuttgart"].reasons] == ["risk.window_missed"]


def test_a_deadline_in_berlin_leaves_the_last_whole_day_in_dhaka() -> None:
    step = schedule().step("DE6@stuttgart-infotech-msc/winter-2027")

    # 23:59:59 on 15 January in Berlin is 04:59:59 on the 16th in Dhaka: the 15th is hers whole.
    assert step is not None
    assert step.latest_finish == date(2027, 1, 15)


def test_today_there_is_one_next_thing_and_the_queue_is_waited_for() -> None:
    today = todays_actions(schedule())

    assert today.next is not None
    assert today.next.step.key == "DE9"
    assert [action.step.key for action in today.waiting] == ["DE2"]
    assert "DE6@tum-informatics-msc/winter-2027" not in {action.step.key for action in today.ready}


def test_a_wait_that_nobody_reported_began_when_the_step_before_it_was_done() -> None:
    case = sample()
    without = {key: report for key, report in case.reports.items() if not key.startswith("DE7")}

    plan = schedule_for(case.targets, case.profile, bundled_rulebook(), TODAY, "sample", reports=without)

    wait = plan.step(f"DE7@{OFFER}")
    assert wait is not None
    assert (wait.start, wait.finish, wait.state) == (date(2026, 9, 5), TODAY, State.IN_PROGRESS)
    assert plan.outlook.slack == 46
    assert f"DE7@{OFFER}" in {action.step.key for action in todays_actions(plan).waiting}


def test_handing_in_on_the_last_day_is_in_time_and_on_the_next_is_not() -> None:
    case = sample()
    stuttgart = (case.targets[2],)
    days = {on: schedule_for(stuttgart, case.profile, bundled_rulebook(), on, "", reports=case.reports).outlook
            for on in (date(2027, 1, 15), date(2027, 1, 16))}  # fmt: skip

    codes = [[reason.code for reason in outlook.reasons] for outlook in days.values()]
    assert "late.application_deadline" not in codes[0]
    assert "late.application_deadline" in codes[1]


def test_a_window_that_has_closed_is_late_and_says_so() -> None:
    called = Report(date(2025, 6, 8), date(2026, 11, 1))

    outlook = schedule(DE2=called, DE13=Report(started_on=date(2026, 11, 1))).outlook

    assert outlook.outcome is Outcome.LATE
    assert outlook.reasons[0].code == "late.window_missed"


def test_a_window_has_no_more_room_than_its_seven_days() -> None:
    window = schedule().step("DE13")

    assert window is not None
    assert (window.latest_finish, window.slack) == (date(2027, 1, 6), 0)


def test_a_step_left_unreported_before_one_under_way_has_the_room_that_is_left() -> None:
    case = sample()
    without = {key: report for key, report in case.reports.items() if key != "DE1"}

    student = replace(case.profile, passport=None)  # a valid one would answer the step
    plan = schedule_for(case.targets, student, bundled_rulebook(), TODAY, "sample", reports=without)

    passport = plan.step("DE1")
    assert passport is not None
    assert passport.slack is not None
    assert passport.slack > 0
    assert not passport.critical


def test_a_target_whose_last_day_has_passed_does_not_lead() -> None:
    case = sample()
    shared = {key: report for key, report in case.reports.items() if "@" not in key}

    plan = schedule_for(case.targets, case.profile, bundled_rulebook(), TODAY, "sample", reports=shared)

    assert plan.lead.key != OFFER


def test_the_papers_are_handed_in_on_the_day_of_the_visit() -> None:
    plan = schedule()

    visit = plan.step("DE15")
    assert visit is not None
    assert plan.lodged_on() == visit.start


def test_asking_what_if_of_another_target_counts_its_own_lead_time() -> None:
    case = sample()
    student = replace(case.profile, circumstances={**case.profile.circumstances, "uni_assist": True})
    stuttgart = case.targets[2]
    pathway = find_pathway(case.targets[:2], student, bundled_rulebook())
    now = situation_of(case.targets[:2], pathway, student, bundled_rulebook(), TODAY, case.reports, {})

    then, _ = Change(add=(stuttgart,)).applied_to(now, student, bundled_rulebook())

    assert then.lead_days[("DE6", stuttgart.key)] == 56


def test_an_application_whose_last_day_has_passed_is_not_proposed_any_more() -> None:
    today = todays_actions(schedule(date(2027, 3, 1)))

    proposed = {action.step.key for action in (today.next, *today.ready) if action}
    assert "DE6@tum-informatics-msc/winter-2027" in proposed
    assert "DE6@stuttgart-infotech-msc/winter-2027" not in proposed


def test_every_step_stands_on_the_board_once() -> None:
    plan = schedule()
    board = board_of(plan)

    assert len(board.to_do) + len(board.in_progress) + len(board.done) == len(plan.steps)
    assert [step.key for step in board.in_progress] == ["DE2"]


def test_calendar_entries_keep_their_names_while_their_days_move() -> None:
    before = calendar_of(schedule(), "plan", ZoneInfo, "Asia/Dhaka")
    after = calendar_of(schedule(DE9=Report(started_on=TODAY, finished_on=TODAY)), "plan", ZoneInfo, "Asia/Dhaka")

    assert len({entry.uid for entry in before}) == len(before)
    assert {entry.uid for entry in before} - {entry.uid for entry in after} == {"DE9.plan"}


def test_what_if_the_bank_takes_two_months_says_what_moves_and_what_is_missed() -> None:
    before, after = change(durations={"DE10": 60})

    diff = compare(before, after)

    lead = next(one for one in diff.outlooks if one.target == OFFER)
    assert {move.key for move in diff.moves} >= {"DE10", "DE13", "DE17"}
    assert lead.slack_before is not None
    assert lead.slack_after is not None
    assert lead.slack_after < lead.slack_before
    assert [reason.code for reason in after.outlook.reasons] == ["risk.window_missed", "risk.late_at_worst"]


def test_dropping_the_offer_makes_another_target_lead() -> None:
    before, after = change(drop=(OFFER,))

    assert before.lead.key == OFFER
    assert after.lead.key == "stuttgart-infotech-msc/winter-2027"
    assert compare(before, after).outlooks[0].after is None


def test_without_saying_how_money_is_proved_both_ways_stay_in_the_plan_and_say_what_they_depend_on() -> None:
    case = sample()
    undecided = replace(case.profile, circumstances={})

    plan = schedule_for(case.targets, undecided, bundled_rulebook(), TODAY, "sample", reports=case.reports)

    unknown = {step.key: step.task.depends_on_unknown for step in plan.steps if step.task.depends_on_unknown}
    assert unknown["DE10"] == unknown["DE10B"] == ("money_proof",)


def test_an_uni_assist_application_is_due_eight_weeks_before_the_deadline() -> None:
    case = sample()
    profile = replace(case.profile, circumstances={**case.profile.circumstances, "uni_assist": True})

    plan = schedule_for(case.targets, profile, bundled_rulebook(), TODAY, "sample", reports=case.reports)

    step = plan.step("DE6@tum-informatics-msc/winter-2027")
    assert step is not None
    assert step.latest_finish == date(2027, 5, 31) - timedelta(weeks=8)


def test_steps_whose_days_nobody_verified_are_named() -> None:
    assert {"DE1", "DE3", "DE8"} <= set(schedule().unverified)


def test_equal_situations_give_equal_schedules() -> None:
    assert schedule() == schedule()


def test_a_case_that_is_nested_without_end_is_refused() -> None:
    with pytest.raises(BrokenCase) as caught:
        read("a = " + "[" * 900)

    assert [reason.code for reason in caught.value.reasons] == ["case.not_toml"]


def test_a_target_without_its_day_is_one_problem_and_not_two() -> None:
    with pytest.raises(BrokenCase) as caught:
        read(sample_case_text().replace('term = "summer"\nstarts_on = 2027-04-01', 'term = "summer"', 1))

    about_targets = [reason.code for reason in caught.value.reasons if "target" not in reason.code]
    assert about_targets == ["data.missing"]


def test_a_step_of_one_target_may_be_given_its_own_days() -> None:
    key = "DE6@tum-informatics-msc/winter-2027"

    case = read(sample_case_text().replace("[[papers]]", f'[durations]\n"{key}" = 5\n[[papers]]', 1))

    assert case.durations == {key: 5}


def test_a_day_of_a_report_that_is_still_to_come_is_told_with_its_line() -> None:
    case = sample()

    found = case.reports_to_come(date(2026, 9, 1))  # on that very day an application was begun

    days = [("reports[4].finished_on", "2026-09-05"), ("reports[5].started_on", "2026-09-05"),
            ("reports[5].finished_on", "2026-11-18")]  # fmt: skip
    said = {"today": "2026-09-01"}
    assert found == tuple(Reason("plan.day_in_future", {**said, "on": on}, place) for place, on in days)
    lines = sample_case_text().splitlines()
    placed = case.placed(found)
    assert [one.params["place"] for one in placed] == [place for place, _ in days]
    assert [lines[int(one.where.removeprefix("case.toml:")) - 1].split(" #")[0].rstrip() for one in placed] == [
        "finished_on = 2026-09-05", "started_on = 2026-09-05", "finished_on = 2026-11-18"
    ]  # fmt: skip
    assert case.reports_to_come(date(2026, 11, 18)) == ()


def test_without_a_target_there_is_no_plan() -> None:
    with pytest.raises(RuleBroken) as refused:
        schedule_for((), sample().profile, bundled_rulebook(), TODAY, "sample")

    assert [reason.code for reason in refused.value.reasons] == ["plan.no_target"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('term = "summer"', 'term = "monsoon"', "plan.no_such_intake"),
        ("starts_on = 2027-04-01", "starts_on = 2027-04-02", "plan.intake_starts_otherwise"),
        ('"saarland-computer-science-msc"\nterm', '"atlantis-msc"\nterm', "programme.unknown"),
        ('total = "6.5"', 'total = "6.4"', "test.off_scale"),
        ('total = "6.5"', 'total = "7.5"', "test.total_differs"),
        ("finished_on = 2025-05-11", "finished_on = 2025-04-01", "plan.ends_before_it_begins"),
        ('kind = "passport"', 'kind = "spellbook"', "document.unknown_kind"),
        ("uni_assist = false", "left_handed = false", "condition.unknown_circumstance"),
        ('value = "3.42"', 'value = "5.42"', "grade.off_scale"),
        ("[profile.target]", "[profile.targets]", "data.unknown_key"),
        ('step = "DE1"', 'step = "DE99"', "plan.unknown_step"),
        (f'step = "DE6"\ntarget = "{OFFER}"', 'step = "DE6"', "plan.step_needs_target"),
        ('step = "DE1"', 'step = "DE1"\ntarget = "tum-informatics-msc/winter-2027"', "plan.step_has_no_target"),
        ('step = "DE1"', 'step = "DE1"\ntarget = "atlantis-msc/winter-2027"', "plan.unknown_target"),
        ('step = "DE3"', 'step = "DE1"', "data.twice"),
        ("[[papers]]", "[durations]\nDE99 = 3\n[[papers]]", "plan.unknown_step"),
        ("[[papers]]", "[durations]\nDE6 = 3\n[[papers]]", "plan.step_needs_target"),
        ('"stuttgart-infotech-msc"', '"tum-informatics-msc"', "plan.target_twice"),
        ("[[papers]]", "[durations]\nDE10 = 9999999\n[[papers]]", "data.number_too_large"),
    ],
)
def test_a_wrong_case_is_refused_with_the_line_and_the_reason(old: str, new: str, problem: str) -> None:
    text = sample_case_text()
    assert old in text

    with pytest.raises(BrokenCase) as caught:
        read(text.replace(old, new, 1))

    assert problem in {reason.code for reason in caught.value.reasons}
    assert all(reason.where.startswith("case.toml:") for reason in caught.value.reasons)
