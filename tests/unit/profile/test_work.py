"""How long somebody has worked."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from higherstudy.domain.profile.profile import Profile, WorkPeriod
from laws import cases

ON = date(2026, 11, 23)
DAYS = st.dates(date(2015, 1, 1), date(2026, 12, 31))
PERIODS = st.lists(st.tuples(DAYS, st.integers(0, 900)), max_size=5)


def job(begun_on: date, ended_on: date | None = None, *, internship: bool = False) -> WorkPeriod:
    return WorkPeriod("A company", begun_on, ended_on, internship=internship)


def months(*work: WorkPeriod, on: date = ON) -> int | None:
    return Profile(work=work).months_of_work(on)


@pytest.mark.parametrize(
    ("begun_on", "ended_on", "expected"),
    [
        (date(2023, 1, 1), date(2023, 12, 31), 12),
        (date(2023, 1, 1), date(2024, 1, 1), 12),
        (date(2023, 1, 1), date(2024, 12, 31), 24),
        (date(2023, 2, 1), date(2023, 2, 28), 1),
        (date(2023, 1, 1), date(2024, 12, 30), 23),
        (date(2023, 1, 15), date(2023, 2, 13), 0),
        (date(2023, 1, 15), date(2023, 2, 14), 1),
        (date(2023, 1, 1), date(2023, 1, 1), 0),
    ],
)
def test_both_ends_count_and_months_are_those_of_the_calendar(begun_on: date, ended_on: date, expected: int) -> None:
    assert months(job(begun_on, ended_on)) == expected


def test_two_jobs_at_once_are_worked_once() -> None:
    year = job(date(2023, 1, 1), date(2023, 12, 31))
    half = job(date(2023, 4, 1), date(2023, 9, 30))

    assert months(year, year) == 12
    assert months(year, half) == 12
    assert months(half, job(date(2023, 10, 1), date(2024, 3, 31))) == 12


def test_days_left_over_of_several_jobs_make_months_together() -> None:
    assert months(job(date(2023, 1, 1), date(2023, 1, 16)), job(date(2023, 6, 1), date(2023, 6, 15))) == 1


def test_work_that_lasts_still_counts_until_the_day_and_work_to_come_does_not() -> None:
    assert months(job(date(2026, 10, 24))) == 1
    assert months(job(date(2026, 12, 1)), job(date(2026, 11, 23), date(2030, 1, 1))) == 0


def test_internships_are_left_out_and_no_list_is_unknown() -> None:
    assert months(job(date(2020, 1, 1), internship=True)) == 0
    assert Profile(work=None).months_of_work(ON) is None


@cases(100)
@given(PERIODS, st.integers(0, 60))
def test_working_longer_never_counts_less(spans: list[tuple[date, int]], more: int) -> None:
    work = [job(begun_on, begun_on + timedelta(days=length)) for begun_on, length in spans]
    longer = [job(begun_on, begun_on + timedelta(days=length + more)) for begun_on, length in spans]

    assert (months(*longer) or 0) >= (months(*work) or 0)
