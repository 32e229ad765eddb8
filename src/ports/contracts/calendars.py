"""What any source of public holidays must do."""

from datetime import date

import pytest

from ..calendars import Calendars


class CalendarsContract:
    """Override ``calendars``; it has to know Bangladesh and Germany."""

    @pytest.fixture
    def calendars(self) -> Calendars:
        """Return a source of public holidays."""
        raise NotImplementedError

    def test_the_edition_has_a_name(self, calendars: Calendars) -> None:
        assert calendars.version

    def test_what_it_gives_says_its_edition_country_and_years(self, calendars: Calendars) -> None:
        closed = calendars.closed_days("DE", 2026, 2027)

        assert closed is not None
        assert (closed.version, closed.country) == (calendars.version, "DE")
        assert (closed.first_year, closed.last_year) == (2026, 2027)

    @pytest.mark.parametrize(("country", "weekend"), [("BD", {4, 5}), ("DE", {5, 6})])
    def test_each_country_has_its_own_weekend(self, calendars: Calendars, country: str, weekend: set[int]) -> None:
        closed = calendars.closed_days(country, 2026, 2026)

        assert closed is not None
        assert closed.weekend == weekend

    @pytest.mark.parametrize(
        ("country", "day"), [("BD", date(2026, 12, 16)), ("DE", date(2026, 10, 3)), ("DE", date(2027, 12, 25))]
    )
    def test_a_holiday_of_a_fixed_day_is_there_and_certain(self, calendars: Calendars, country: str, day: date) -> None:
        closed = calendars.closed_days(country, 2026, 2027)

        assert closed is not None
        assert [(found.on, found.estimated) for found in closed.holidays if found.on == day] == [(day, False)]

    def test_a_day_that_hangs_on_the_moon_is_an_estimate_years_ahead(self, calendars: Calendars) -> None:
        closed = calendars.closed_days("BD", 2027, 2027)

        assert closed is not None
        assert date(2027, 3, 10) in {holiday.on for holiday in closed.holidays if holiday.estimated}

    def test_holidays_come_in_order_and_only_of_the_years_asked_for(self, calendars: Calendars) -> None:
        closed = calendars.closed_days("DE", 2026, 2027)

        assert closed is not None
        days = [holiday.on for holiday in closed.holidays]
        assert days == sorted(set(days))
        assert {day.year for day in days} == {2026, 2027}

    @pytest.mark.parametrize("country", ["", "XX", "de", "../..", "A" * 999])
    def test_of_any_other_country_nothing_is_known(self, calendars: Calendars, country: str) -> None:
        assert calendars.closed_days(country, 2026, 2026) is None

    def test_of_an_unknown_part_of_a_country_nothing_is_known(self, calendars: Calendars) -> None:
        assert calendars.closed_days("DE", 2026, 2026, "NOWHERE") is None

    def test_equal_questions_get_equal_answers(self, calendars: Calendars) -> None:
        assert calendars.closed_days("DE", 2026, 2027) == calendars.closed_days("DE", 2026, 2027)
