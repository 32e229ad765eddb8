"""Arithmetic with open days, against counting them one by one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from higherstudy.adapters.memory.calendars import MemoryCalendars
from higherstudy.domain.planning.calendars import WorkingCalendar, calendars_for
from laws import cases

FOUND = calendars_for("BD", ["DE"], date(2026, 11, 23), MemoryCalendars().closed_days)
HOME, TARGET, BOTH = FOUND["home"], FOUND["target:DE"], FOUND["both:DE"]
CALENDARS = st.sampled_from([HOME, TARGET, BOTH])
DAYS = st.integers(date(2023, 1, 1).toordinal(), date(2040, 12, 31).toordinal())
COUNTS = st.integers(0, 400)


def stepped(calendar: WorkingCalendar, day: int, count: int) -> int:
    while not calendar.is_open(day):
        day += 1
    for _ in range(count):
        day += 1
        while not calendar.is_open(day):
            day += 1
    return day


@cases(800)
@given(CALENDARS, DAYS, COUNTS)
def test_counting_on_gives_what_stepping_day_by_day_gives(calendar: WorkingCalendar, day: int, count: int) -> None:
    assert calendar.after(day, count) == stepped(calendar, day, count)
    assert calendar.open_from(day) == stepped(calendar, day, 0)


@cases(800)
@given(CALENDARS, DAYS, COUNTS)
def test_counting_back_gives_the_last_day_that_still_does(calendar: WorkingCalendar, day: int, count: int) -> None:
    last = calendar.before(day, count)

    assert calendar.after(last, count) <= day
    assert calendar.after(last + 1, count) > day


@cases(600)
@given(CALENDARS, DAYS)
def test_the_last_open_day_until_a_day_is_open_and_none_lies_between(calendar: WorkingCalendar, day: int) -> None:
    found = calendar.open_until(day)

    assert calendar.is_open(found)
    assert not any(calendar.is_open(between) for between in range(found + 1, day + 1))


@pytest.mark.parametrize(
    ("calendar", "day", "is_open"),
    [
        (HOME, date(2026, 11, 27), False),  # a Friday
        (HOME, date(2026, 11, 29), True),  # a Sunday
        (TARGET, date(2026, 11, 27), True),
        (TARGET, date(2026, 11, 29), False),
        (BOTH, date(2026, 11, 29), True),  # an embassy keeps the week of the place where it stands
        (BOTH, date(2027, 10, 3), False),  # and the holidays of both
        (BOTH, date(2027, 12, 16), False),
    ],
)
def test_an_office_abroad_keeps_the_week_of_its_place_and_the_holidays_of_both(
    calendar: WorkingCalendar, day: date, is_open: bool
) -> None:
    assert calendar.is_open(day.toordinal()) is is_open


def test_the_holidays_of_a_time_are_named_and_estimates_marked() -> None:
    found = HOME.closed_between(date(2027, 3, 10).toordinal(), date(2027, 3, 26).toordinal())

    assert [(holiday.on.day, holiday.estimated) for holiday in found] == [
        (10, True),
        (11, True),
        (12, True),
        (26, False),
    ]


def test_of_a_country_that_nobody_knows_there_is_no_calendar() -> None:
    found = calendars_for("", ["DE", "XX"], date(2026, 11, 23), MemoryCalendars().closed_days)

    assert set(found) == {"target:DE"}


def test_beyond_the_known_years_every_day_is_open() -> None:
    assert HOME.is_open(date(2060, 1, 1).toordinal())
    assert HOME.after(date(2060, 1, 1).toordinal(), 10) == date(2060, 1, 11).toordinal()
