"""Days, instants and wall-clock times in named zones.

Zone rules are data: whoever calls passes the look-up (the zones port), so the same rules give the same answer.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

from .dataclass import dataclass
from .errors import Invalid, Reason

ZoneLookup = Callable[[str], tzinfo]
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WallTime:
    """A local time as a calendar states it, with its zone's name: "15 July 2027, 23:59, Europe/Berlin"."""

    local: datetime
    zone: str

    def __post_init__(self) -> None:
        if self.local.tzinfo is not None:
            raise Invalid(Reason("time.wall_time_has_offset", {"given": self.local.isoformat()}))

    def instant(self, zones: ZoneLookup) -> datetime:
        """Return the moment in UTC that this wall time names, read in the student's favour.

        A time that occurs twice means its later occurrence; a time that a clock change skips means the first
        moment that exists after it. Raises Invalid for a zone that the look-up does not know.
        """
        zone = zones(self.zone)
        later = self.local.replace(tzinfo=zone, fold=1).astimezone(UTC)
        if later.astimezone(zone).replace(tzinfo=None) == self.local:
            return later
        return self._first_after_gap(zone)

    def _first_after_gap(self, zone: tzinfo) -> datetime:
        before = self.local.replace(tzinfo=zone, fold=0).utcoffset() or timedelta()
        after = self.local.replace(tzinfo=zone, fold=1).utcoffset() or timedelta()
        moment = (self.local - max(before, after)).replace(tzinfo=UTC)
        while moment.astimezone(zone).replace(tzinfo=None) < self.local:
            moment += _MINUTE
        return moment


def day_in(moment: datetime, zone: tzinfo) -> date:
    """Return the calendar day that the moment falls on in the zone."""
    return moment.astimezone(zone).date()


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)
