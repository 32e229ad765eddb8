"""Public holidays and weekends by the library holidays, which is loaded when the first question comes."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...domain.planning.calendars import ClosedDays, Holiday

if TYPE_CHECKING:
    from types import ModuleType

_ESTIMATED = " (estimated)"
_ENGLISH = "en_US"


class HolidaysCalendars:
    """Knows the countries of one edition of the library, each within the years that it gives for it."""

    @property
    def version(self) -> str:
        return f"holidays {_library().__version__}"

    def closed_days(self, country: str, first_year: int, last_year: int, subdivision: str = "") -> ClosedDays | None:
        return _closed_days(self.version, country, first_year, last_year, subdivision)


def _library() -> ModuleType:
    import holidays  # noqa: PLC0415 - a server that is just starting needs none

    return holidays


@lru_cache(maxsize=256)
def _closed_days(version: str, country: str, first_year: int, last_year: int, subdivision: str) -> ClosedDays | None:
    library = _library()
    if country not in library.list_supported_countries(include_aliases=False):
        return None
    kind: Any = getattr(library, country)
    if subdivision and subdivision not in kind.subdivisions:
        return None
    first, last = max(first_year, kind.start_year), min(last_year, kind.end_year)
    language = _ENGLISH if _ENGLISH in kind.supported_languages else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # some holidays of some years are not known: there are fewer
        days = kind(years=range(first, last + 1), subdiv=subdivision or None, language=language)
    found = [(day, name) for day, name in sorted(days.items()) if first <= day.year <= last]
    holidays = tuple(Holiday(day, name.replace(_ESTIMATED, ""), _ESTIMATED in name) for day, name in found)
    return ClosedDays(country, version, first, last, frozenset(days.weekend), holidays, subdivision)
