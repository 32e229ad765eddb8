"""Reading for whom a record is: countries and levels by the words that there are, since others would fit nobody."""

from __future__ import annotations

from ..shared.countries import COUNTRIES
from ..shared.levels import STUDY_LEVELS
from ..shared.reading import Record

EVERYWHERE = "*"
"""The country of a grade scale that belongs to none."""


def country_of(r: Record, default: str | None = None, *, everywhere: bool = False) -> str:
    """Return the code of the record's country; what is no code is noted."""
    code = r.text("country", default)
    if code and code not in COUNTRIES and not (everywhere and code == EVERYWHERE):
        r.wrong("country", "country.unknown", given=code[:40])
    return code


def countries_of(r: Record, key: str) -> tuple[str, ...]:
    """Return the codes of the countries in the list; each that is no code is noted."""
    found = r.texts(key)
    for code in found:
        if code not in COUNTRIES:
            r.wrong(key, "country.unknown", given=code[:40])
    return found


def level_of(r: Record) -> str:
    """Return the record's level of study, blank for all; what is no level is noted."""
    level = r.text("level", "")
    if level and level not in STUDY_LEVELS:
        r.wrong("level", "data.unknown_word", given=level[:40], known=", ".join(STUDY_LEVELS))
    return level
