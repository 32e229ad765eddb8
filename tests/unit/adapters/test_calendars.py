"""The sources of public holidays."""

import subprocess
import sys
from datetime import date

import pytest

from higherstudy.adapters.holidays.calendars import HolidaysCalendars
from higherstudy.adapters.memory.calendars import MemoryCalendars
from higherstudy.ports.calendars import Calendars
from higherstudy.ports.contracts.calendars import CalendarsContract


class TestMemoryCalendars(CalendarsContract):
    @pytest.fixture
    def calendars(self) -> Calendars:
        return MemoryCalendars()


class TestHolidaysCalendars(CalendarsContract):
    @pytest.fixture
    def calendars(self) -> Calendars:
        return HolidaysCalendars()

    def test_a_part_of_a_country_has_holidays_of_its_own(self) -> None:
        berlin = HolidaysCalendars().closed_days("DE", 2027, 2027, "BE")

        assert berlin is not None
        assert date(2027, 3, 8) in {holiday.on for holiday in berlin.holidays}

    def test_years_that_are_not_known_of_a_country_are_not_claimed(self) -> None:
        closed = HolidaysCalendars().closed_days("PK", 2030, 2200)

        assert closed is not None
        assert closed.last_year < 2200

    def test_the_library_is_loaded_with_the_first_question_only(self) -> None:
        asked = (
            "import sys; from higherstudy.adapters.holidays.calendars import HolidaysCalendars; "
            "c = HolidaysCalendars(); print('holidays' in sys.modules)"
        )

        told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=60)

        assert told.stdout.strip() == "False", told.stderr
