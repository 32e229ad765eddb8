"""Wall times in named zones, and months."""

from datetime import UTC, date, datetime

import pytest

from builders import ZONES
from higherstudy.domain.shared.errors import Invalid
from higherstudy.domain.shared.times import WallTime, add_months, day_in


@pytest.mark.parametrize(
    ("local", "zone", "instant"),
    [
        (datetime(2027, 7, 15, 23, 59), "Europe/Berlin", datetime(2027, 7, 15, 21, 59, tzinfo=UTC)),
        (datetime(2027, 1, 31, 23, 59), "America/Toronto", datetime(2027, 2, 1, 4, 59, tzinfo=UTC)),
        (datetime(2027, 1, 1), "Pacific/Kiritimati", datetime(2026, 12, 31, 10, 0, tzinfo=UTC)),
        (datetime(2027, 1, 1), "Asia/Kathmandu", datetime(2026, 12, 31, 18, 15, tzinfo=UTC)),
        (datetime(2027, 3, 28, 2, 30), "Europe/Berlin", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (datetime(2027, 10, 31, 2, 30), "Europe/Berlin", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_wall_time_names_one_instant(local: datetime, zone: str, instant: datetime) -> None:
    assert WallTime(local, zone).instant(ZONES.named) == instant


def test_a_wall_time_carries_no_offset_of_its_own() -> None:
    with pytest.raises(Invalid):
        WallTime(datetime(2027, 1, 1, tzinfo=UTC), "Europe/Berlin")


def test_a_zone_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        WallTime(datetime(2027, 1, 1), "Europe/Atlantis").instant(ZONES.named)

    assert refused.value.reasons[0].code == "zone.unknown"


def test_the_same_moment_is_another_day_elsewhere() -> None:
    moment = datetime(2027, 1, 31, 20, 0, tzinfo=UTC)

    assert day_in(moment, ZONES.named("Asia/Dhaka")) == date(2027, 2, 1)
    assert day_in(moment, ZONES.named("America/Toronto")) == date(2027, 1, 31)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2027, 5, 31), 0, date(2027, 5, 31)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later
