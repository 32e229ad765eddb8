"""A handful of calendars, for tests and for embedding without a list of the world's holidays."""

from collections.abc import Mapping
from datetime import date

from ...domain.planning.calendars import ClosedDays, Holiday

# Fixed days of the year, and Eid al-Fitr of 2027 as an estimate. Not all holidays of these countries.
WEEKENDS: Mapping[str, frozenset[int]] = {"BD": frozenset({4, 5}), "DE": frozenset({5, 6})}
FIXED: Mapping[str, Mapping[tuple[int, int], str]] = {
    "BD": {(2, 21): "Martyrs' Day", (3, 26): "Independence Day", (5, 1): "May Day", (12, 16): "Victory Day"},
    "DE": {(1, 1): "New Year's Day", (5, 1): "Labor Day", (10, 3): "German Unity Day", (12, 25): "Christmas Day"},
}
MOVING: Mapping[str, tuple[Holiday, ...]] = {
    "BD": tuple(Holiday(date(2027, 3, day), "Eid al-Fitr", estimated=True) for day in (10, 11, 12)),
}


class MemoryCalendars:
    """Knows the calendars that it is given."""

    def __init__(
        self,
        weekends: Mapping[str, frozenset[int]] = WEEKENDS,
        fixed: Mapping[str, Mapping[tuple[int, int], str]] = FIXED,
        moving: Mapping[str, tuple[Holiday, ...]] = MOVING,
        version: str = "a handful",
    ) -> None:
        self._weekends, self._fixed, self._moving = dict(weekends), dict(fixed), dict(moving)
        self._version = version

    @property
    def version(self) -> str:
        return self._version

    def closed_days(self, country: str, first_year: int, last_year: int, subdivision: str = "") -> ClosedDays | None:
        if country not in self._weekends or subdivision:
            return None
        fixed = [
            Holiday(date(year, *day), name)
            for year in range(first_year, last_year + 1)
            for day, name in self._fixed.get(country, {}).items()
        ]
        moving = [holiday for holiday in self._moving.get(country, ()) if first_year <= holiday.on.year <= last_year]
        holidays = tuple(sorted((*fixed, *moving), key=lambda holiday: holiday.on))
        return ClosedDays(country, self._version, first_year, last_year, self._weekends[country], holidays)
