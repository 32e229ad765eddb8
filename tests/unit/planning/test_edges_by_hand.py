"""Small plans at their edges, worked out by hand: windows, offices, and what is known before anybody reports it."""

from dataclasses import replace
from datetime import date

import pytest
from unit.planning.test_small_plans import APPLYING, CALLED, DIAMOND, due, on, plan, rows, told

from higherstudy.domain.planning.calendars import Holiday, WorkingCalendar
from higherstudy.domain.planning.explaining import explain
from higherstudy.domain.planning.known import Known
from higherstudy.domain.planning.model import assumptions_of
from higherstudy.domain.planning.schedule import Outcome, Report, reason
from higherstudy.domain.planning.target import LaterStart
from higherstudy.domain.rulebook.pathways import Duration, Place, StepKind, StepScope
from higherstudy.domain.shared.errors import NotFound, Params, Reason
from networks import TODAY, step, target, way

REST, THANKS, FOUNDERS = (
    Holiday(on(day), name) for day, name in ((2, "Day of Rest"), (3, "Day of Thanks"), (5, "Founders' Day"))
)


def office(*holidays: Holiday, last: int = 2027) -> dict[str, WorkingCalendar]:
    """Return the calendar of home: today is a Monday, Saturday and Sunday are the weekend."""
    days = {holiday.on.toordinal(): holiday for holiday in holidays}
    return {"home": WorkingCalendar("XX", "1", 2026, last, days, frozenset({5, 6}))}


def answer(day: date, why: Reason, until: date | None = None) -> Known:
    """Return that a step was done on the day, as something else than a report says."""
    return Known(Report(finished_on=day), why, until)


def test_what_holds_up_nothing_that_is_due_is_explained_without_a_last_day() -> None:
    made = plan(way(step("A"), step("ASIDE", "A", days=400), step("END", "A", days=1)))

    found = explain(made, "ASIDE")

    assert (found.latest_finish, found.holds_up, found.due) == (None, (), None)
    assert [link.key for link in found.links] == ["A", "ASIDE"]


def test_a_step_holds_up_only_those_that_wait_for_it() -> None:
    made = plan(DIAMOND)

    beside, first = explain(made, "B"), explain(plan(way(step("A"), step("END", "A"))), "A")

    assert beside.holds_up == ("D",)  # C has less room, and does not wait for B
    assert (first.holds_up, first.due) == (("END",), reason("due.studies_begin", "t1", on=told(50)))


def test_a_schedule_whose_days_are_not_at_hand_cannot_be_explained() -> None:
    made = replace(plan(DIAMOND), days={})

    for key in ("t1", "A"):
        with pytest.raises(NotFound) as missing:
            explain(made, key)
        assert missing.value.reasons == (Reason("plan.unknown_step", {"step": key}, "step"),)


def test_all_holidays_that_close_the_place_are_named_and_none_that_comes_after() -> None:
    visiting = way(step("A", days=2), step("VISIT", "A", days=0, calendar=Place.HOME), step("END", "VISIT"))

    link = explain(plan(visiting, calendars=office(REST, THANKS, FOUNDERS)), "VISIT").links[-1]

    names = "Day of Rest, Day of Thanks"
    closed: Params = {"on": told(2), "opens_on": told(4), "calendar": "XX", "names": names, "estimated": False}
    assert link.reasons[1] == Reason("because.closed_for_holiday", closed, "VISIT")


def test_what_is_done_decides_nothing_any_more_and_waits_for_nothing() -> None:
    two = way(step("A"), step("END", "A"))

    assert plan(two, reports={"A": Report(finished_on=on(-3))}).outlook.chain == ("END",)
    assert plan(two, reports={"A": Report(finished_on=TODAY)}).outlook.chain == ("END",)
    assert plan(two, reports={"END": Report(finished_on=on(-3))}).outlook.chain == ("END",)


def test_what_is_known_of_a_step_is_what_explains_it() -> None:
    why = reason("known.passport", "A", expires_on=told(900))

    assert explain(plan(DIAMOND, known={"A": answer(on(-9), why)}), "A").links[-1].reasons == (why,)


def test_what_began_before_its_predecessor_was_done_is_explained_by_that() -> None:
    found = explain(plan(DIAMOND, reports={"C": Report(started_on=on(-30))}), "C")

    assert [(link.key, link.finish) for link in found.links] == [("A", on(10)), ("C", on(10))]


def test_what_an_office_does_after_a_step_that_ends_today_is_explained_by_that_step() -> None:
    asking = way(step("A", days=0), step("ASK", "A", days=2, calendar=Place.HOME), step("END", "ASK", days=1))

    found = explain(plan(asking, calendars=office()), "ASK")

    assert [link.key for link in found.links] == ["A", "ASK"]
    assert found.links[-1].reasons[0] == reason("because.after", "ASK", step="A", on=told(0))


def test_a_wait_that_has_begun_by_itself_at_an_office_ends_on_one_of_its_open_days() -> None:
    waiting = way(
        step("ASK"), step("REPLY", "ASK", days=12, kind=StepKind.WAIT, calendar=Place.HOME), step("END", "REPLY")
    )

    made = plan(waiting, reports={"ASK": Report(finished_on=on(-6))}, calendars=office())

    assert rows(made)["REPLY"][:2] == (-6, 7)  # the 6th day from today is a Sunday


def test_what_is_under_way_or_opens_later_at_an_office_is_due_on_one_of_its_open_days() -> None:
    banking = way(step("BANK", days=3, calendar=Place.HOME), step("END", "BANK", days=0))
    applying = way(
        step("PASS", days=1),
        step("APPLY", "PASS", days=3, scope=StepScope.TARGET, calendar=Place.HOME),
        step("END", "APPLY", days=0),
        application_step="APPLY",
    )  # fmt: skip

    begun = plan(banking, begins=13, reports={"BANK": Report(started_on=TODAY)}, calendars=office())
    opening = plan(applying, target(begins_in=13, apply_by=due(12, opens=2)), calendars=office())

    assert rows(begun)["BANK"] == (0, 3, 11, 8, True)  # studies begin on a Sunday, so on the Friday before
    assert rows(opening)["APPLY@t1"] == (2, 7, 11, 4, True)  # three days from Wednesday end on Saturday, so on Monday
    assert rows(opening)["PASS"][2] == 8  # three days before that Friday


def test_what_is_due_on_a_day_on_which_the_office_is_closed_says_so_all_the_same() -> None:
    moving = way(step("A", days=1), step("END", "A", days=1, calendar=Place.HOME))

    made = plan(moving, begins=13, calendars=office())

    assert made.steps[1].latest_finish == on(11)
    assert made.steps[1].due == reason("due.studies_begin", "t1", on=told(13))


def test_what_nothing_due_comes_after_has_no_last_day_at_an_office_either() -> None:
    beside = way(
        step("END"), step("A", "END"), step("ASIDE", "A", days=3, calendar=Place.HOME), arrival_step="END"
    )  # fmt: skip

    found = rows(plan(beside, calendars=office()))

    assert (found["A"][2:4], found["ASIDE"][2:4]) == ((None, None), (None, None))


@pytest.mark.parametrize(
    ("money", "visit", "queue"),
    [
        (20, (30, 33, 35, 2, True), (0, 30, 32, 2, True)),
        (32, (32, 35, 35, 0, True), (0, 30, 32, 2, False)),
        (37, (37, 37, 35, -2, True), (0, 30, 28, -2, False)),
        (39, (39, 42, 35, -7, True), (0, 30, 28, -2, False)),
    ],
)
def test_a_queue_has_to_call_early_enough_for_the_whole_window_once_the_papers_leave_no_days_for_the_visit(
    money: int, visit: tuple[int, int, int, int, bool], queue: tuple[int, int, int, int, bool]
) -> None:
    """END takes 10 days before day 45, so the visit has to be over on day 35. It takes 3 days, or with papers that come
    too late for that, as long as the window of 7 days is open."""
    made = rows(plan(CALLED, durations={"MONEY": money}, begins=45))

    assert (made["VISIT"], made["QUEUE"]) == (visit, queue)
    assert made["MONEY"][2] == 35 - (visit[1] - visit[0])


def test_a_window_of_no_days_closes_on_the_day_of_the_call() -> None:
    at_once = way(
        step("QUEUE", days=30, kind=StepKind.QUEUE),
        step("MONEY", days=31),
        step("VISIT", "QUEUE", "MONEY", duration=Duration(1, 0), kind=StepKind.WINDOW, hard_days=0),
        step("END", "VISIT", days=10),
    )

    missed = reason("risk.window_missed", "VISIT", days=1, closes_on=told(30), waits_for="MONEY")
    assert plan(at_once).outlook.reasons == (missed,)
    kept = plan(at_once, durations={"MONEY": 30})
    assert (kept.outlook.reasons, rows(kept)["VISIT"][:2]) == ((), (30, 30))
    assert rows(kept)["QUEUE"][2] == 40  # END takes the ten days before day 50, and the visit none


def test_only_a_window_closes_by_its_queue() -> None:
    plain = way(step("QUEUE", days=30, kind=StepKind.QUEUE), step("VISIT", "QUEUE", days=3), step("END", "VISIT"))

    assert rows(plan(plain)) == {
        "QUEUE": (0, 30, 37, 7, True),
        "VISIT": (30, 33, 40, 7, True),
        "END": (33, 43, 50, 7, True),
    }


def test_a_visit_that_was_begun_in_a_window_that_has_closed_does_not_end_before_today() -> None:
    reports = {"QUEUE": Report(finished_on=on(-10)), "MONEY": Report(finished_on=on(-10)), "VISIT": Report(on(-9))}

    assert rows(plan(CALLED, reports=reports))["VISIT"][:2] == (-9, 0)  # it closed three days ago


@pytest.mark.parametrize(("most", "days"), [(67, []), (68, [1]), (70, [3])])
def test_at_worst_the_window_opens_as_late_as_its_queue_may_call(most: int, days: list[int]) -> None:
    queue, money = step("QUEUE", kind=StepKind.QUEUE, duration=Duration(30, 10, 60)), Duration(20, 10, most)
    made = plan(way(queue, step("MONEY", duration=money), *CALLED.steps[2:]), begins=400)

    missed = [("risk.window_missed_at_worst", over) for over in days]
    assert [(one.code, one.params["days"]) for one in made.outlook.reasons] == missed


def test_a_window_is_missed_by_the_usual_day_of_the_call_though_the_call_may_come_later() -> None:
    queue = step("QUEUE", kind=StepKind.QUEUE, duration=Duration(30, 10, 60))
    made = plan(way(queue, *CALLED.steps[1:]), durations={"MONEY": 39}, begins=400)

    missed = reason("risk.window_missed", "VISIT", days=2, closes_on=told(37), waits_for="MONEY")
    assert made.outlook.reasons == (missed,)


def test_what_is_known_of_an_intake_that_is_lost_does_not_count_for_a_later_one() -> None:
    sent = reason("known.sent", "APPLY@t1", on=told(-1))
    applied = {"APPLY@t1": Report(finished_on=on(-1))}
    done = {"PASS": Report(finished_on=on(-1))}
    later = LaterStart("summer", on(27), None), LaterStart("winter", on(28), None)
    lost = {"t1": reason("lost.rejected", "t1", on=told(0))}
    there = target(begins_in=60, later_starts=later)

    by_answer = plan(APPLYING, there, reports=done, known={"APPLY@t1": answer(on(-1), sent)}, lost=lost)
    by_report = plan(APPLYING, there, reports={**done, **applied}, lost=lost)

    assert by_answer.outlook.next_safe == by_report.outlook.next_safe == later[1]  # 5 + 20 + 3 days from today
    assert by_answer.outlook.outcome is Outcome.LOST


def test_a_later_intake_is_reached_by_what_is_known_of_the_student_herself() -> None:
    knows = {"PASS": answer(on(-9), reason("known.passport", "PASS"))}
    later = LaterStart("summer", on(27), None), LaterStart("winter", on(28), None)

    assert plan(APPLYING, target(begins_in=10, later_starts=later), known=knows).outlook.next_safe == later[1]


def test_every_step_before_what_is_due_is_named_whose_length_nobody_bounds() -> None:
    two_ways = way(
        step("B0"), step("B", "B0"), step("C0"), step("C", "C0"), step("END", "B", "C"), step("ASIDE", "END")
    )
    bounded = replace(two_ways, arrival_step="END")

    found = assumptions_of(plan(bounded).days["t1"])

    unbounded = [reason("chance.no_bounds", key, step=key, days=10) for key in ("B0", "B", "C0", "C", "END")]
    assert found == (reason("chance.spread"), reason("chance.independent"), *unbounded)
