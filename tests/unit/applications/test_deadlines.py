"""The last moment that keeps a deadline, in the zone of whoever set it. Zone facts: tz database, 2025b."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from builders import ZONES, a_case, a_deadline, a_profile, a_programme, an_application
from higherstudy.domain.applications.policies import deadline_of, missing
from higherstudy.domain.catalogue.intake import Audience, Deadline, last_moment
from higherstudy.domain.catalogue.programme import Programme
from higherstudy.domain.shared.times import WallTime

TICK = timedelta(microseconds=1)
TORONTO = a_programme(a_deadline(date(2027, 1, 31), time(23, 59), "America/Toronto"), zone="America/Toronto")


def codes(at: datetime, programme: Programme = TORONTO) -> set[str]:
    return {reason.code for reason in missing(an_application(), a_case(programme), at)}


def test_23_59_in_toronto_is_the_next_morning_in_dhaka() -> None:
    last = last_moment(WallTime(datetime(2027, 1, 31, 23, 59), "America/Toronto"), ZONES.named)

    assert last == datetime(2027, 2, 1, 4, 59, 59, 999999, tzinfo=UTC)
    assert last.astimezone(ZoneInfo("Asia/Dhaka")).strftime("%d %b %H:%M") == "01 Feb 10:59"


def test_the_very_last_moment_stated_is_in_time() -> None:
    in_dhaka = datetime(2027, 2, 1, 10, 59, 59, 999999, tzinfo=ZoneInfo("Asia/Dhaka"))

    assert codes(in_dhaka) == set()


def test_one_tick_later_is_too_late_and_says_by_how_much() -> None:
    at = datetime(2027, 1, 31, 23, 59, 59, 999999, tzinfo=ZoneInfo("America/Toronto")) + timedelta(seconds=1)

    reasons = missing(an_application(), a_case(TORONTO), at)

    assert [reason.code for reason in reasons] == ["application.deadline_passed"]
    assert reasons[0].params["late_seconds"] == 1
    assert reasons[0].params["zone"] == "America/Toronto"
    assert codes(datetime(2027, 2, 1, 0, 0, tzinfo=ZoneInfo("America/Toronto"))) == {"application.deadline_passed"}


def test_noon_means_noon() -> None:
    noon = a_programme(a_deadline(date(2027, 1, 31), time(12, 0)))
    at = datetime(2027, 1, 31, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))

    assert codes(at, noon) == set()
    assert codes(at + TICK, noon) == {"application.deadline_passed"}


def test_a_day_without_a_time_counts_to_its_end() -> None:
    whole_day = a_programme(a_deadline(date(2027, 1, 31), at=None))
    at = datetime(2027, 1, 31, 23, 59, 59, 999999, tzinfo=ZoneInfo("Europe/Berlin"))

    assert codes(at, whole_day) == set()
    assert codes(at + TICK, whole_day) == {"application.deadline_passed"}


@pytest.mark.parametrize(
    ("local", "zone", "first_that_exists"),
    [
        (datetime(2027, 4, 30), "Africa/Cairo", datetime(2027, 4, 29, 22, 0, tzinfo=UTC)),
        (datetime(2027, 3, 28), "Asia/Beirut", datetime(2027, 3, 27, 22, 0, tzinfo=UTC)),
        (datetime(2027, 9, 5), "America/Santiago", datetime(2027, 9, 5, 4, 0, tzinfo=UTC)),
    ],
)
def test_a_midnight_that_the_clocks_skip_means_the_first_moment_after_it(
    local: datetime, zone: str, first_that_exists: datetime
) -> None:
    last = last_moment(WallTime(local, zone), ZONES.named)

    assert last == first_that_exists
    assert last.astimezone(ZoneInfo(zone)).hour == 1


def test_half_past_two_in_berlin_comes_twice_and_the_later_one_counts() -> None:
    last = last_moment(WallTime(datetime(2027, 10, 31, 2, 30), "Europe/Berlin"), ZONES.named)

    assert last == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_before_the_first_day_applications_are_not_taken() -> None:
    not_yet = a_programme(a_deadline(opens=date(2027, 2, 1)))
    eve = datetime(2027, 1, 31, 23, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    assert codes(eve, not_yet) == {"application.not_open_yet"}
    assert codes(eve + timedelta(minutes=30), not_yet) == set()


def test_a_programme_without_a_known_deadline_is_never_too_late() -> None:
    open_ended = a_programme(a_deadline(date(2026, 1, 31)))  # stated for another year
    elsewhere = Deadline(
        a_deadline().kind, type(a_deadline().day)(), "Europe/Berlin", a_deadline().source, a_deadline().confidence
    )

    assert codes(datetime(2027, 9, 30, tzinfo=UTC), a_programme(elsewhere)) == set()
    assert codes(datetime(2027, 1, 4, tzinfo=UTC), open_ended) == set()


def test_who_needs_a_visa_is_bound_by_the_deadline_made_for_it() -> None:
    earlier = a_deadline(date(2027, 1, 15))
    for_visa = Deadline(
        earlier.kind, earlier.day, earlier.zone, earlier.source, earlier.confidence, audience=Audience.VISA_REQUIRED
    )
    programme = a_programme(a_deadline(date(2027, 5, 31)), for_visa)
    at_home = a_profile()
    citizen = type(at_home)(name=at_home.name, citizenships=("DE",), qualifications=at_home.qualifications)

    abroad = deadline_of(an_application(), a_case(programme))
    home = deadline_of(an_application(), a_case(programme, profile=citizen))

    assert abroad is not None
    assert abroad.last.local.date() == date(2027, 1, 15)
    assert home is not None
    assert home.last.local.date() == date(2027, 5, 31)
