"""A time zone as calendars carry it (VTIMEZONE): each change of the clock in the years that are needed, by its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Timezone

_A_DAY = timedelta(days=1)
_A_MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=64)
def zone_component(name: str, first_year: int, last_year: int) -> Timezone:
    """Return the zone's component for moments of these years, both included."""
    from icalendar import Timezone  # noqa: PLC0415 - a server that is just starting needs none

    zone = ZoneInfo(name)
    begins = datetime(max(first_year - 1, 1), 1, 2, tzinfo=UTC)
    ends = datetime(min(last_year + 1, 9998), 12, 30, tzinfo=UTC)
    component = Timezone()
    component.add("tzid", name)
    _add(component, zone, begins, begins)
    for moment in _changes(zone, begins, ends):
        _add(component, zone, moment, moment - _A_MINUTE)
    return component


def _changes(zone: tzinfo, begins: datetime, ends: datetime) -> Iterator[datetime]:
    """Yield the moments, to the minute, from which the zone's clock differs from that of before."""
    day = begins
    while day < ends:
        after = day + _A_DAY
        if _offset(zone, day) != _offset(zone, after):
            low, high = day, after
            while high - low > _A_MINUTE:
                middle = low + (high - low) // _A_MINUTE // 2 * _A_MINUTE
                low, high = (middle, high) if _offset(zone, middle) == _offset(zone, day) else (low, middle)
            yield high
        day = after


def _add(component: Timezone, zone: tzinfo, moment: datetime, before: datetime) -> None:
    """Add what holds from the moment on; its beginning is told by the clock of before (RFC 5545, 3.6.5)."""
    from icalendar import TimezoneDaylight, TimezoneStandard  # noqa: PLC0415

    there = moment.astimezone(zone)
    part = TimezoneDaylight() if there.dst() else TimezoneStandard()
    part.add("dtstart", (moment + _offset(zone, before)).replace(tzinfo=None))
    part.add("tzoffsetfrom", _offset(zone, before))
    part.add("tzoffsetto", _offset(zone, moment))
    part.add("tzname", there.tzname() or "")
    component.add_component(part)


def _offset(zone: tzinfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
