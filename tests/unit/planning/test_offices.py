"""Steps that keep the open days of a place, in any network."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from higherstudy.domain.planning.calendars import place_key
from higherstudy.domain.planning.explaining import explain
from higherstudy.domain.planning.schedule import Report, State
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.pathways import DayCount, Pathway, Place, StepKind
from laws import cases
from networks import CALENDARS, TODAY, office_ways, situation, step, target, way

NO_RULES = Rulebook(())
FRIDAY = date(2026, 11, 27)


@cases(180)
@given(office_ways(), st.integers(0, 500))
def test_steps_end_on_open_days_after_their_predecessors_and_lateness_is_said(pathway: Pathway, begins: int) -> None:
    plan = make_schedule(situation(target(begins_in=begins)), pathway, NO_RULES, "")
    finish = {step.key: step.finish for step in plan.steps}

    for planned in plan.steps:
        calendar = CALENDARS.get(place_key(planned.task.step.calendar, "DE"))
        assert planned.start >= max((finish[before] for before in planned.task.after), default=TODAY)
        assert calendar is None or calendar.is_open(planned.finish.toordinal())
    over = (plan.outlook.arrives_on - plan.lead.starts_on).days
    assert [r.params["days"] for r in plan.outlook.reasons if r.code == "late.arrival"] == ([over] if over > 0 else [])


@cases(150)
@given(office_ways())
def test_equal_inputs_give_equal_bytes(pathway: Pathway) -> None:
    one, other = (make_schedule(situation(target()), pathway, NO_RULES, "sample") for _ in range(2))

    assert repr(one) == repr(other)
    assert one == other


@cases(150)
@given(office_ways())
def test_every_day_is_explained_by_a_chain_without_a_gap(pathway: Pathway) -> None:
    plan = make_schedule(situation(target()), pathway, NO_RULES, "")

    for planned in plan.steps:
        links = explain(plan, planned.key).links
        assert links[-1].key == planned.key
        assert links[0].reasons[0].code == "because.today"
        for before, after in pairwise(links):
            assert after.reasons[0].params == {"step": before.key, "on": before.finish.isoformat()}


def test_working_days_at_home_skip_friday_and_saturday() -> None:
    pathway = way(step("BANK", days=3, counts=DayCount.WORKING, calendar=Place.HOME), step("END", "BANK", days=0))

    plan = make_schedule(situation(), pathway, NO_RULES, "")

    # Monday 23 November and three working days of Bangladesh: 24, 25, 26.
    assert plan.steps[0].finish == date(2026, 11, 26)
    assert plan.calendars == ("a handful",)


def test_an_appointment_is_on_a_day_on_which_the_place_is_open() -> None:
    pathway = way(
        step("WAIT", days=4),
        step("VISIT", "WAIT", days=0, kind=StepKind.APPOINTMENT, calendar=Place.BOTH),
        step("END", "VISIT", days=0),
    )

    plan = make_schedule(situation(), pathway, NO_RULES, "")

    visit = plan.step("VISIT")
    assert visit is not None
    assert (visit.start, visit.finish) == (date(2026, 11, 29), date(2026, 11, 29))
    reasons = explain(plan, "VISIT").links[-1].reasons
    assert [reason.code for reason in reasons] == ["because.after", "because.closed", "because.lasts"]
    assert reasons[1].params["on"] == FRIDAY.isoformat()


def test_a_holiday_that_is_an_estimate_and_decides_a_day_is_named() -> None:
    pathway = way(
        step("WAIT", days=(date(2027, 3, 10) - TODAY).days),
        step("BANK", "WAIT", days=1, counts=DayCount.WORKING, calendar=Place.HOME),
        step("END", "BANK", days=0),
    )

    plan = make_schedule(situation(), pathway, NO_RULES, "")

    bank = plan.step("BANK")
    assert bank is not None
    assert [reason.params["on"] for reason in bank.estimates] == ["2027-03-10", "2027-03-11", "2027-03-12"]
    closed = explain(plan, "BANK").links[-1].reasons[1]
    assert (closed.code, closed.params["estimated"]) == ("because.closed_for_holiday", True)


def test_without_a_calendar_every_day_is_open() -> None:
    pathway = way(step("BANK", days=3, counts=DayCount.WORKING, calendar=Place.HOME), step("END", "BANK", days=4))

    plan = make_schedule(situation(calendars={}), pathway, NO_RULES, "")

    assert plan.outlook.arrives_on == date(2026, 11, 30)


def test_what_was_reported_on_a_closed_day_stays_there() -> None:
    pathway = way(step("BANK", calendar=Place.HOME), step("END", "BANK", days=0))
    saturday = date(2026, 11, 21)

    plan = make_schedule(situation(reports={"BANK": Report(finished_on=saturday)}), pathway, NO_RULES, "")

    assert (plan.steps[0].finish, plan.steps[0].state) == (saturday, State.DONE)


def test_a_step_long_under_way_ends_on_the_next_open_day() -> None:
    pathway = way(step("BANK", calendar=Place.HOME), step("END", "BANK", days=0))
    begun = {"BANK": Report(started_on=date(2026, 1, 1))}

    plan = make_schedule(situation(reports=begun, today=FRIDAY), pathway, NO_RULES, "")

    assert plan.steps[0].finish == date(2026, 11, 29)


def test_a_plan_far_beyond_the_known_years_still_has_its_days() -> None:
    pathway = way(
        step("LONG", days=3600), step("LONGER", "LONG", days=3600), step("END", "LONGER", days=5, calendar=Place.HOME)
    )

    plan = make_schedule(situation(target(begins_in=9000)), pathway, NO_RULES, "")

    assert plan.outlook.slack == 9000 - 7205


def test_a_queue_has_no_more_room_than_a_whole_window_after_it_leaves() -> None:
    pathway = way(
        step("CALL", days=10, kind=StepKind.QUEUE),
        step("PAPERS", days=15),
        step("WINDOW", "CALL", "PAPERS", days=7, kind=StepKind.WINDOW, hard_days=7),
        step("END", "WINDOW", days=0),
    )
    aim = target(begins_in=40)

    plan = make_schedule(situation(aim), pathway, NO_RULES, "")
    call = plan.step("CALL")

    # The papers leave two days of the window; after a later call it takes its seven, so it has to come by day 33.
    assert call is not None
    assert call.slack == 23
    used_up = make_schedule(situation(aim, durations={"CALL": 33}), pathway, NO_RULES, "")
    too_much = make_schedule(situation(aim, durations={"CALL": 34}), pathway, NO_RULES, "")
    assert (used_up.outlook.slack, too_much.outlook.slack) == (0, -1)
