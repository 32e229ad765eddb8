"""A calendar of one year, with its edges, and a week of an office: every day worked out by hand."""

from datetime import date, timedelta

import pytest

from higherstudy.domain.planning.calendars import ClosedDays, Holiday, WorkingCalendar, calendars_for, place_key
from higherstudy.domain.planning.explaining import Link, explain
from higherstudy.domain.planning.schedule import PlannedStep, Report, Schedule, reason
from higherstudy.domain.planning.scheduling import make_schedule
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.pathways import DayCount, Pathway, Place, StepKind
from higherstudy.domain.shared.errors import Params, Reason
from networks import TODAY, situation, step, target, way

SATURDAY_AND_SUNDAY = frozenset({5, 6})
NEW_YEAR, LAST_DAY = Holiday(date(2026, 1, 1), "New Year"), Holiday(date(2026, 12, 31), "Last Day", estimated=True)
REST = Holiday(date(2026, 11, 25), "Day of Rest", estimated=True)


def year(*holidays: Holiday, last: int = 2026, weekend: frozenset[int] = SATURDAY_AND_SUNDAY) -> WorkingCalendar:
    days = {holiday.on.toordinal(): holiday for holiday in holidays}
    return WorkingCalendar("XX", "1", 2026, last, days, weekend)


def day(month: int, of_month: int, in_year: int = 2026) -> int:
    return date(in_year, month, of_month).toordinal()


def test_a_calendar_knows_its_first_and_last_year_and_counts_the_open_days_before_each_day() -> None:
    made = year(NEW_YEAR, LAST_DAY)

    assert (made.low, made.high) == (day(1, 1), day(1, 1, 2027))
    assert made.rank[:6] == [0, 0, 1, 1, 1, 2]  # the 1st is a holiday, the 2nd a Friday, the 5th a Monday
    assert made.open[:3] == [day(1, 2), day(1, 5), day(1, 6)]
    assert (len(made.rank), made.rank[-1], len(made.open), made.open[-1]) == (366, 259, 259, day(12, 30))
    assert (made.days, made.estimated) == ([day(1, 1), day(12, 31)], [day(12, 31)])


def test_outside_of_its_years_every_day_is_open() -> None:
    made = year(NEW_YEAR, LAST_DAY)

    days = [day(12, 31, 2025), day(1, 1), day(1, 2), day(1, 3), day(12, 30), day(12, 31), day(1, 1, 2027)]
    assert [made.is_open(one) for one in days] == [True, False, True, False, True, False, True]


@pytest.mark.parametrize(
    ("asked", "first_open", "last_open"),
    [
        (day(12, 31, 2025), day(12, 31, 2025), day(12, 31, 2025)),
        (day(1, 1), day(1, 2), day(12, 31, 2025)),
        (day(1, 2), day(1, 2), day(1, 2)),
        (day(1, 3), day(1, 5), day(1, 2)),
        (day(1, 4), day(1, 5), day(1, 2)),
        (day(12, 30), day(12, 30), day(12, 30)),
        (day(12, 31), day(1, 1, 2027), day(12, 30)),
        (day(1, 1, 2027), day(1, 1, 2027), day(1, 1, 2027)),
        (day(1, 2, 2027), day(1, 2, 2027), day(1, 2, 2027)),
    ],
)
def test_the_next_and_the_last_open_day(asked: int, first_open: int, last_open: int) -> None:
    made = year(NEW_YEAR, LAST_DAY)

    assert (made.open_from(asked), made.open_until(asked)) == (first_open, last_open)


@pytest.mark.parametrize(
    ("begins", "count", "ends"),
    [
        (day(12, 29, 2025), 1, day(12, 30, 2025)),
        (day(12, 30, 2025), 1, day(12, 31, 2025)),
        (day(12, 30, 2025), 2, day(1, 2)),
        (day(12, 30, 2025), 3, day(1, 5)),
        (day(1, 1), 0, day(1, 2)),
        (day(1, 1), 1, day(1, 5)),
        (day(1, 2), 2, day(1, 6)),
        (day(12, 29), 1, day(12, 30)),
        (day(12, 29), 2, day(1, 1, 2027)),
        (day(12, 29), 3, day(1, 2, 2027)),
        (day(12, 31), 0, day(1, 1, 2027)),
        (day(12, 31), 2, day(1, 3, 2027)),
        (day(1, 1, 2027), 3, day(1, 4, 2027)),
        (day(1, 2, 2027), 0, day(1, 2, 2027)),
    ],
)
def test_counting_open_days_on(begins: int, count: int, ends: int) -> None:
    assert year(NEW_YEAR, LAST_DAY).after(begins, count) == ends


@pytest.mark.parametrize(
    ("ends", "count", "begins"),
    [
        (day(12, 31, 2025), 3, day(12, 28, 2025)),
        (day(1, 1), 0, day(12, 31, 2025)),
        (day(1, 2), 0, day(1, 2)),
        (day(1, 2), 1, day(12, 31, 2025)),
        (day(1, 2), 2, day(12, 30, 2025)),
        (day(1, 5), 0, day(1, 5)),
        (day(1, 5), 1, day(1, 2)),
        (day(1, 6), 3, day(12, 31, 2025)),
        (day(12, 31), 0, day(12, 30)),
        (day(1, 1, 2027), 0, day(1, 1, 2027)),
        (day(1, 1, 2027), 1, day(12, 30)),
        (day(1, 3, 2027), 2, day(1, 1, 2027)),
        (day(1, 3, 2027), 3, day(12, 30)),
        (day(1, 3, 2027), 4, day(12, 29)),
    ],
)
def test_counting_open_days_back(ends: int, count: int, begins: int) -> None:
    assert year(NEW_YEAR, LAST_DAY).before(ends, count) == begins


def test_holidays_of_a_time_are_those_from_its_first_day_to_its_last() -> None:
    made = year(NEW_YEAR, LAST_DAY)

    assert made.closed_between(day(1, 1), day(12, 31)) == (NEW_YEAR, LAST_DAY)
    assert made.closed_between(day(1, 2), day(12, 30)) == ()
    assert made.estimated_between(day(1, 1), day(12, 31)) == (LAST_DAY,)
    assert made.estimated_between(day(12, 31), day(12, 31)) == (LAST_DAY,)
    assert made.estimated_between(day(1, 1), day(12, 30)) == ()


def listed(country: str, first: int, last: int) -> ClosedDays | None:
    """Return a country's list in which 1 May is its own, and 2 May its own when it is named AA."""
    if country == "ZZ":
        return None
    own = Holiday(date(2027, 5, 1), f"Day of {country}"), Holiday(date(2027, 5, 2), "Rest")
    weekend = frozenset({4}) if country == "AA" else frozenset({6})
    state = "NORTH" if country == "CC" else ""
    return ClosedDays(country, f"list of {country}", first, last, weekend, own[: 1 + (country == "AA")], state)


def test_calendars_are_those_of_home_of_each_target_and_of_both_at_once() -> None:
    found = calendars_for("AA", ["BB", "CC", "BB", "ZZ"], date(2026, 11, 23), listed)

    told = {key: (one.name, one.version, one.first_year, one.last_year, one.weekend) for key, one in found.items()}
    friday, sunday = frozenset({4}), frozenset({6})
    assert told == {
        "home": ("AA", "list of AA", 2024, 2038, friday),
        "target:BB": ("BB", "list of BB", 2024, 2038, sunday),
        "both:BB": ("AA+BB", "list of AA, list of BB", 2024, 2038, friday),
        "target:CC": ("CC-NORTH", "list of CC", 2024, 2038, sunday),
        "both:CC": ("AA+CC-NORTH", "list of AA, list of CC", 2024, 2038, friday),
    }
    names = {key: [found[key].holidays[at].name for at in sorted(found[key].holidays)] for key in found}
    assert names["both:BB"] == ["Day of AA", "Rest"]
    assert names["target:BB"] == ["Day of BB"]


def test_two_calendars_together_know_the_years_that_both_know_and_one_edition_is_named_once() -> None:
    def some_years(country: str, first: int, last: int) -> ClosedDays:
        known = (2025, 2030) if country == "AA" else (2026, 2029)
        return ClosedDays(country, "one list", *known, SATURDAY_AND_SUNDAY, ())

    both = calendars_for("AA", ["BB"], TODAY, some_years)["both:BB"]
    other = calendars_for("BB", ["AA"], TODAY, some_years)["both:AA"]

    assert [(one.version, one.first_year, one.last_year) for one in (both, other)] == [("one list", 2026, 2029)] * 2


def test_without_a_home_there_are_the_calendars_of_the_targets_alone() -> None:
    assert set(calendars_for("", ["BB"], TODAY, listed)) == {"target:BB"}
    assert set(calendars_for("ZZ", ["BB"], TODAY, listed)) == {"target:BB"}
    assert set(calendars_for("AA", [], TODAY, listed)) == {"home"}


def test_years_before_the_first_and_after_the_last_are_not_asked_for() -> None:
    asked: list[tuple[int, int]] = []

    def ask(country: str, first: int, last: int) -> None:
        asked.append((first, last))

    for today in (date(2, 1, 1), date(9990, 1, 1)):
        calendars_for("AA", [], today, ask)

    assert asked == [(1, 14), (9988, 9999)]


def test_a_place_is_named_with_its_country_where_it_has_one() -> None:
    assert [place_key(place, "DE") for place in (Place.ANYWHERE, Place.HOME, Place.TARGET, Place.BOTH)] == [
        "", "home", "target:DE", "both:DE"
    ]  # fmt: skip


# Monday is today, Wednesday is a holiday, and Saturday and Sunday are the weekend.
OFFICE = way(
    step("BANK", days=3, counts=DayCount.WORKING, calendar=Place.HOME),
    step("POST", "BANK", days=1, calendar=Place.HOME),
    step("REPLY", "POST", days=1, kind=StepKind.WAIT, calendar=Place.HOME),
    step("END", "REPLY", days=0),
)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


def told(days: int) -> str:
    return on(days).isoformat()


def plan(pathway: Pathway, begins: int = 14, **changes: object) -> Schedule:
    calendars = {"home": year(REST, last=2027)}
    return make_schedule(situation(target(begins_in=begins), calendars=calendars, **changes), pathway, Rulebook(()), "")


def days_of(found: PlannedStep | None) -> tuple[int, int, int | None, int | None]:
    assert found is not None
    latest = None if found.latest_finish is None else (found.latest_finish - TODAY).days
    return (found.start - TODAY).days, (found.finish - TODAY).days, latest, found.slack


def test_what_an_office_does_ends_on_its_open_days_and_is_due_on_one() -> None:
    made = plan(OFFICE)

    assert {one.key: days_of(one) for one in made.steps} == {
        "BANK": (0, 4, 10, 6),  # Tuesday, Thursday, Friday
        "POST": (4, 7, 11, 4),  # a day after Friday is Saturday
        "REPLY": (7, 8, 14, 6),
        "END": (8, 8, 14, 6),
    }
    assert made.outlook.chain == ("BANK", "POST", "REPLY", "END")
    assert made.calendars == ("1",)


def test_an_estimated_holiday_within_a_step_is_named_with_its_calendar() -> None:
    estimated = reason("holiday.estimated", "BANK", name="Day of Rest", on=told(2), calendar="XX")

    assert [one.estimates for one in plan(OFFICE).steps] == [(estimated,), (), (), ()]
    done = plan(OFFICE, reports={"BANK": Report(on(-9), on(3))})
    assert done.steps[0].estimates == ()


@pytest.mark.parametrize(
    ("began", "ends"),
    [(-3, 3), (-4, 1), (-5, 0), (-6, 0)],  # Friday, Thursday, Wednesday and Tuesday of the week before
)
def test_working_days_are_counted_from_the_day_on_which_a_step_began(began: int, ends: int) -> None:
    made = plan(OFFICE, reports={"BANK": Report(started_on=on(began))})

    assert days_of(made.step("BANK"))[:2] == (began, ends)


@pytest.mark.parametrize(("days", "begins"), [(4, 4), (5, 7), (6, 7), (7, 7), (2, 3)])
def test_an_appointment_waits_for_the_next_open_day(days: int, begins: int) -> None:
    visit = way(
        step("WAIT", days=days),
        step("VISIT", "WAIT", days=0, kind=StepKind.APPOINTMENT, calendar=Place.HOME),
        step("END", "VISIT", days=0),
    )

    made = plan(visit, begins=13)

    assert days_of(made.step("VISIT")) == (begins, begins, 11, 11 - begins)
    assert days_of(made.step("WAIT")) == (0, days, 11, 11 - days)


def test_every_day_of_an_office_is_explained() -> None:
    reply = explain(plan(OFFICE), "REPLY")

    closed: Params = {"on": told(5), "opens_on": told(7), "calendar": "XX", "names": "", "estimated": False}
    assert reply.links == (
        Link("BANK", "Step BANK", on(0), on(4), (
            reason("because.today", "BANK", on=told(0)),
            reason("because.lasts_working", "BANK", days=3, calendar="XX"),
        )),
        Link("POST", "Step POST", on(4), on(7), (
            reason("because.after", "POST", step="BANK", on=told(4)),
            reason("because.lasts", "POST", days=1),
            Reason("because.closed_at_end", closed, "POST"),
        )),
        Link("REPLY", "Step REPLY", on(7), on(8), (
            reason("because.after", "REPLY", step="POST", on=told(7)),
            reason("because.lasts", "REPLY", days=1),
        )),
    )  # fmt: skip
    assert (reply.latest_finish, reply.holds_up) == (on(14), ("END",))


FOLLOWED = {
    "working days": (step("B", "A", days=4, calendar=Place.HOME, counts=DayCount.WORKING),),
    "an open day": (step("B", "A", days=4, calendar=Place.HOME),),
    "a wait": (step("B", "A", days=4, calendar=Place.HOME, kind=StepKind.WAIT),),
    "a short wait": (step("B", "A", days=1, calendar=Place.HOME, kind=StepKind.WAIT),),
    "no office": (step("B", "A", days=4),),
    "a window": (
        step("QUEUE", days=12, kind=StepKind.QUEUE),
        step("B", "QUEUE", "A", days=3, kind=StepKind.WINDOW, hard_days=7),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FOLLOWED)
@pytest.mark.parametrize("begins", range(25, 40))
def test_the_room_of_a_step_is_as_far_as_it_can_slip_before_an_office_or_a_window(what: str, begins: int) -> None:
    followed = way(step("A", days=2), *FOLLOWED[what], step("END", "B", days=2))

    def made(**durations: int) -> Schedule:
        return plan(followed, begins, durations=durations)

    room = made().step("A")
    assert room is not None
    assert room.slack is not None
    kept, missed = made(A=2 + room.slack).outlook, made(A=3 + room.slack).outlook
    assert (kept.slack >= 0, kept.reasons) == (True, ())
    assert missed.slack < 0 or missed.reasons != ()


def test_a_holiday_that_closes_the_place_is_named_at_the_beginning_and_at_the_end() -> None:
    both = way(
        step("WAIT", days=2),
        step("VISIT", "WAIT", days=0, kind=StepKind.APPOINTMENT, calendar=Place.HOME),
        step("ASK", days=2, calendar=Place.HOME),
        step("END", "VISIT", "ASK", days=0),
    )
    made = plan(both)

    closed: Params = {"on": told(2), "opens_on": told(3), "calendar": "XX", "names": "Day of Rest", "estimated": True}
    assert explain(made, "VISIT").links[-1].reasons == (
        reason("because.after", "VISIT", step="WAIT", on=told(2)),
        Reason("because.closed_for_holiday", closed, "VISIT"),
        reason("because.lasts", "VISIT", days=0),
    )
    assert explain(made, "ASK").links[-1].reasons == (
        reason("because.today", "ASK", on=told(0)),
        reason("because.lasts", "ASK", days=2),
        Reason("because.closed_at_end_for_holiday", closed, "ASK"),
    )


def test_what_an_office_has_had_for_long_ends_today_or_on_the_next_open_day() -> None:
    here = plan(OFFICE, reports={"BANK": Report(started_on=on(-30))})
    reasons = explain(here, "BANK").links[-1].reasons

    assert reasons == (
        reason("because.reported_begun", "BANK", on=told(-30)),
        reason("because.lasts_working", "BANK", days=3, calendar="XX"),
        reason("because.not_before_today", "BANK", on=told(0)),
    )


def test_beyond_the_years_of_its_calendar_an_office_counts_every_day() -> None:
    far = way(
        step("WAIT", days=500),
        step("BANK", "WAIT", days=3, counts=DayCount.WORKING, calendar=Place.HOME),
        step("END", "BANK", days=0),
    )

    made = plan(far, begins=520)

    assert days_of(made.step("BANK")) == (500, 503, 520, 17)
    assert days_of(made.step("WAIT")) == (0, 500, 517, 17)
