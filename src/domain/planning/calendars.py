"""Working calendars: which days a place is open, with working-day arithmetic by look-up in tables.

Days are ordinals in here, since whole numbers are quick. Outside the years that a calendar knows every day counts as
open: then a plan has plain calendar days, and says so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date
from functools import lru_cache

from ..rulebook.pathways import Place
from ..shared.dataclass import dataclass

YEARS_BACK = 2
YEARS_AHEAD = 12


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday; ``estimated`` where its day hangs on the moon and is announced only shortly before."""

    on: date
    name: str
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The days on which a country, or a part of it, is closed in these years, by one edition of a kept list.

    ``weekend`` holds the days of the week, Monday being 0.
    """

    country: str
    version: str
    first_year: int
    last_year: int
    weekend: frozenset[int]
    holidays: tuple[Holiday, ...]
    subdivision: str = ""

    def __hash__(self) -> int:
        """By its name alone, which hashes as quickly as a text: hundreds of holidays would be hashed at each look."""
        return hash((self.country, self.subdivision, self.version, self.first_year, self.last_year))


ClosedDaysLookup = Callable[[str, int, int], ClosedDays | None]
"""Gives the closed days of a country from one year to another, or None where nothing is known of it."""


@dataclass(frozen=True)
class WorkingCalendar:
    """The open days of one place. Two are equal when they are of the same name, edition and years."""

    name: str
    version: str
    first_year: int
    last_year: int
    holidays: Mapping[int, Holiday] = field(compare=False, repr=False)
    weekend: frozenset[int] = field(compare=False, repr=False)
    low: int = field(init=False, compare=False, repr=False)
    high: int = field(init=False, compare=False, repr=False)
    rank: list[int] = field(init=False, compare=False, repr=False)
    """How many days are open before each day from ``low`` on."""
    open: list[int] = field(init=False, compare=False, repr=False)
    """The open days in order."""
    days: list[int] = field(init=False, compare=False, repr=False)
    """The holidays' days in order."""
    estimated: list[int] = field(init=False, compare=False, repr=False)
    """Those of them that are estimates."""

    def __post_init__(self) -> None:
        low, high = date(self.first_year, 1, 1).toordinal(), date(self.last_year, 12, 31).toordinal() + 1
        days: list[int] = []
        rank: list[int] = []
        for day in range(low, high):
            rank.append(len(days))
            if (day - 1) % 7 not in self.weekend and day not in self.holidays:
                days.append(day)
        rank.append(len(days))
        for name, value in (
            ("low", low),
            ("high", high),
            ("rank", rank),
            ("open", days),
            ("days", sorted(self.holidays)),
            ("estimated", sorted(day for day, holiday in self.holidays.items() if holiday.estimated)),
        ):
            object.__setattr__(self, name, value)

    def is_open(self, day: int) -> bool:
        """Whether the place is open on the day."""
        return not self.low <= day < self.high or self.rank[day - self.low] < self.rank[day + 1 - self.low]

    def open_from(self, day: int) -> int:
        """Return the first open day from the day on."""
        if not self.low <= day < self.high:
            return day
        index = self.rank[day - self.low]
        return self.open[index] if index < len(self.open) else self.high

    def open_until(self, day: int) -> int:
        """Return the last open day until the day."""
        if not self.low <= day < self.high:
            return day
        index = self.rank[day + 1 - self.low]
        return self.open[index - 1] if index else self.low - 1

    def after(self, day: int, count: int) -> int:
        """Return the open day that comes ``count`` open days after the first one from ``day`` on."""
        if day < self.low:
            return day + count if day + count < self.low else self.after(self.low, count - (self.low - day))
        if day >= self.high:
            return day + count
        index = self.rank[day - self.low] + count
        return self.open[index] if index < len(self.open) else self.high + index - len(self.open)

    def before(self, day: int, count: int) -> int:
        """Return the last day from which ``count`` open days lead to ``day`` at the latest."""
        if day >= self.high:
            return (
                day - count if day - count >= self.high else self.before(self.high - 1, count - (day + 1 - self.high))
            )
        if day < self.low:
            return day - count
        index = self.rank[day + 1 - self.low] - 1 - count
        return self.open[index] if index >= 0 else self.low + index

    def estimated_between(self, first: int, last: int) -> tuple[Holiday, ...]:
        """Return the holidays of which only an estimate is known, from the first day to the last, both included."""
        days = self.estimated
        return tuple([self.holidays[day] for day in days[bisect_left(days, first) : bisect_right(days, last)]])

    def closed_between(self, first: int, last: int) -> tuple[Holiday, ...]:
        """Return the holidays from the first day to the last, both included."""
        days = self.days
        return tuple([self.holidays[day] for day in days[bisect_left(days, first) : bisect_right(days, last)]])


@lru_cache(maxsize=64)
def _calendar(closed: ClosedDays) -> WorkingCalendar:
    holidays = {holiday.on.toordinal(): holiday for holiday in closed.holidays}
    name = f"{closed.country}-{closed.subdivision}" if closed.subdivision else closed.country
    return WorkingCalendar(name, closed.version, closed.first_year, closed.last_year, holidays, closed.weekend)


@lru_cache(maxsize=64)
def _together(host: WorkingCalendar, other: WorkingCalendar) -> WorkingCalendar:
    name, version = f"{host.name}+{other.name}", host.version
    version = version if other.version == version else f"{version}, {other.version}"
    first, last = max(host.first_year, other.first_year), min(host.last_year, other.last_year)
    return WorkingCalendar(name, version, first, last, {**other.holidays, **host.holidays}, host.weekend)


def place_key(place: Place, country: str) -> str:
    """Return the name under which a situation keeps the calendar of the place for targets in the country."""
    return place.value if place in (Place.ANYWHERE, Place.HOME) else f"{place.value}:{country}"


def calendars_for(
    home: str, countries: Iterable[str], today: date, closed_days: ClosedDaysLookup
) -> dict[str, WorkingCalendar]:
    """Return the calendars of a student's home and of the targets' countries, by their place keys.

    What the look-up does not know is left out.
    """
    years = max(today.year - YEARS_BACK, date.min.year), min(today.year + YEARS_AHEAD, date.max.year)

    def known(country: str) -> WorkingCalendar | None:
        closed = closed_days(country, *years) if country else None
        return None if closed is None else _calendar(closed)

    own = known(home)
    found = {} if own is None else {place_key(Place.HOME, ""): own}
    for country in dict.fromkeys(countries):
        theirs = known(country)
        if theirs is not None:
            found[place_key(Place.TARGET, country)] = theirs
        if theirs is not None and own is not None:
            found[place_key(Place.BOTH, country)] = _together(own, theirs)
    return found
