"""Deadlines where clocks do something odd. Each moment is that of tzdata 2025b and later, worked out by hand."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

import pytest

from higherstudy.adapters.system.zones import SystemZones
from higherstudy.domain.catalogue.intake import Day, last_moment
from higherstudy.domain.planning.target import ApplyBy, apply_by
from higherstudy.domain.shared.times import WallTime, ZoneLookup
from study_builders import deadline

ZONES = SystemZones().named


def stated(day: date, at: time, zone: str, zones: ZoneLookup = ZONES) -> ApplyBy:
    """What a student in Dhaka sees of a deadline that a university states so."""
    dated = deadline(day=Day(on=day), at=at, zone=zone).in_year(2027)
    assert dated is not None
    return apply_by(dated, zones, "Asia/Dhaka")


MOMENTS: dict[str, tuple[datetime, str, datetime]] = {
    # summer time begins at midnight: 00:00 is skipped, and the first moment that exists is 01:00
    "Cairo, start of 30 April": (datetime(2027, 4, 30), "Africa/Cairo", datetime(2027, 4, 29, 22, tzinfo=UTC)),
    "Beirut, start of 28 March": (datetime(2027, 3, 28), "Asia/Beirut", datetime(2027, 3, 27, 22, tzinfo=UTC)),
    "Santiago, start of 5 September": (datetime(2027, 9, 5), "America/Santiago", datetime(2027, 9, 5, 4, tzinfo=UTC)),
    # the hour is skipped in the middle of the night: 02:30 becomes 03:00
    "Berlin, 02:30 on 28 March": (datetime(2027, 3, 28, 2, 30), "Europe/Berlin", datetime(2027, 3, 28, 1, tzinfo=UTC)),
    # 02:30 is there twice, at 00:30 and at 01:30 in UTC: the later one, in the student's favour
    "Berlin, 02:30 on 31 October": (
        datetime(2027, 10, 31, 2, 30),
        "Europe/Berlin",
        datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
    ),
}


@pytest.mark.parametrize("case", MOMENTS)
def test_a_time_that_is_skipped_or_there_twice_means_one_moment(case: str) -> None:
    local, zone, moment = MOMENTS[case]

    assert WallTime(local, zone).instant(ZONES) == moment
    assert last_moment(WallTime(local, zone), ZONES) == moment


def test_a_deadline_at_a_midnight_that_does_not_exist_is_not_the_day_before() -> None:
    cairo = stated(date(2027, 4, 30), time(0, 0), "Africa/Cairo")

    # 01:00 in Cairo is 04:00 on the 30th in Dhaka: the 29th is the last whole day of hers.
    assert (cairo.local, cairo.zone, cairo.last_day) == ("2027-04-30 00:00", "Africa/Cairo", date(2027, 4, 29))


def test_a_deadline_in_toronto_is_the_next_morning_in_dhaka() -> None:
    toronto = WallTime(datetime(2027, 1, 31, 23, 59), "America/Toronto")

    last = last_moment(toronto, ZONES)

    # Toronto is 5 hours behind UTC in January, Dhaka 6 before it: 23:59 is 10:59 on 1 February.
    assert last == datetime(2027, 2, 1, 4, 59, 59, 999_999, tzinfo=UTC)
    assert last.astimezone(ZONES("Asia/Dhaka")).strftime("%Y-%m-%d %H:%M") == "2027-02-01 10:59"
    assert stated(date(2027, 1, 31), time(23, 59), "America/Toronto").last_day == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("zone", "last_day"),
    [
        ("Pacific/Kiritimati", date(2027, 7, 14)),  # 14 hours before UTC: its 15 July ends at 16:00 of hers
        ("Asia/Kathmandu", date(2027, 7, 15)),  # a quarter of an hour behind Dhaka: hers is over first
        ("Asia/Dhaka", date(2027, 7, 15)),
        ("Pacific/Honolulu", date(2027, 7, 15)),  # 10 hours behind UTC: 16:00 of the 16th of hers
    ],
)
def test_only_a_whole_day_of_hers_counts(zone: str, last_day: date) -> None:
    assert stated(date(2027, 7, 15), time(23, 59), zone).last_day == last_day


def morocco(*, stays: bool) -> ZoneLookup:
    """Zone rules by which Morocco leaves +1 on 7 February 2027 for five weeks, or does not."""

    class Rules(tzinfo):
        def utcoffset(self, moment: datetime | None) -> timedelta:
            away = moment is not None and datetime(2027, 2, 7, 3) <= moment.replace(tzinfo=None) < datetime(2027, 3, 14)
            return timedelta(hours=1 if stays or not away else 0)

        def tzname(self, moment: datetime | None) -> str:
            return "Africa/Casablanca"

        def dst(self, moment: datetime | None) -> timedelta:
            return timedelta(0)

    rules = Rules()
    return lambda name: rules if name == "Africa/Casablanca" else ZONES(name)


def test_when_zone_rules_change_the_wall_time_stays_and_the_moment_moves() -> None:
    kept = WallTime(datetime(2027, 2, 20, 12, 0), "Africa/Casablanca")

    before, after = kept.instant(morocco(stays=True)), kept.instant(morocco(stays=False))

    assert (before.hour, after.hour) == (11, 12)
    assert kept.instant(ZONES) == after  # the rules of today know that Morocco goes back for Ramadan
    assert UTC.utcoffset(None) == timedelta(0)


def test_a_deadline_on_the_edge_of_a_day_is_another_day_by_the_new_rules_with_the_same_words() -> None:
    # 18:30 in Casablanca: 23:30 in Dhaka while it keeps +1, and 00:30 of the next day once it does not
    one, other = (
        stated(date(2027, 2, 20), time(18, 30), "Africa/Casablanca", morocco(stays=stays)) for stays in (True, False)
    )

    assert (one.local, one.zone) == (other.local, other.zone) == ("2027-02-20 18:30", "Africa/Casablanca")
    assert (one.last_day, other.last_day) == (date(2027, 2, 19), date(2027, 2, 20))
