"""From days to places along a line, with the months and years to be written beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ...domain.shared.times import add_months

_NEAR, _PAST = 366, 92
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 600, 1200, 6000, 12000)


@dataclass(frozen=True, slots=True)
class Axis:
    """Whole months from ``first`` to before ``end``, drawn between ``left`` and ``right``."""

    first: date
    end: date
    left: float
    right: float

    def at(self, day: date) -> float:
        """Return the place at which the day begins; days beyond the ends are at the ends."""
        part = (day - self.first).days / (self.end - self.first).days
        return self.left + min(max(part, 0.0), 1.0) * (self.right - self.left)

    def holds(self, day: date) -> bool:
        """Whether the day is on the axis."""
        return self.first <= day < self.end

    def months(self, room: float) -> list[date]:
        """Return first days of months with at least so much room each: all, every second, third and so on."""
        count = (self.end.year - self.first.year) * 12 + self.end.month - self.first.month
        a_month = (self.right - self.left) / count
        step = next((step for step in _STEPS if step * a_month >= room), _STEPS[-1])
        begins = range(self.first.year * 12 + self.first.month - 1, self.first.year * 12 + self.first.month - 1 + count)
        return [date(month // 12, month % 12 + 1, 1) for month in begins if month % step == 0]


def axis_for(first: date, last: date, today: date, left: float, right: float) -> Axis:
    """Return the axis that holds the days and today too, unless today lies more than a year away from them.

    What is to come needs the room: of what has been, while anything is still to come, it holds a third as much and at
    least three months.
    """
    if abs((min(max(today, first), last) - today).days) <= _NEAR:
        first, last = min(first, today), max(last, today)
    if first < today < last:
        past = max((last - today).days // 3, _PAST)
        first = max(first, _in_calendar(today, -past))
    begin = _in_calendar(first, -7).replace(day=1)
    end = _in_calendar(last, 7)
    end = date.max if (end.year, end.month) == (date.max.year, date.max.month) else add_months(end.replace(day=1), 1)
    is_long = (end - begin).days > 62 or end.year == date.max.year
    return Axis(begin, end if is_long else add_months(end, 1), left, right)


def _in_calendar(day: date, by: int) -> date:
    moved = min(max(day.toordinal() + by, 1), date.max.toordinal())
    return date.fromordinal(moved)
