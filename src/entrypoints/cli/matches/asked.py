"""Which programmes a match or an unlock is asked about: the options, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ....domain.catalogue.programme import Level
from ....domain.catalogue.search import ProgrammeQuery
from ....domain.matching.trees import Lack
from ....domain.matching.verdict import Standing
from ....domain.matching.wanted import Wanted
from ....domain.shared.errors import Invalid
from ....domain.shared.money import Money
from ..bundle import day_option
from ..errors import refused

_MOST = 1000
_MONEY_WORDS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they were given; what is left out fits all."""

    limit: int = 20
    text: str = ""
    countries: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    most_tuition: Money | None = None
    starts_from: date | None = None
    starts_until: date | None = None
    open_only: bool = False
    standings: tuple[Standing, ...] = ()
    missing: int = 0

    @property
    def wanted(self) -> Wanted:
        """The question."""
        levels = tuple(map(Level, self.levels))
        query = ProgrammeQuery(self.text, self.countries, levels, self.fields, self.languages)
        return Wanted(query, self.most_tuition, self.starts_from, self.starts_until, self.open_only)

    def parameters(self) -> dict[str, Any]:
        """Return the question as the API takes it."""
        lacking = [lack.word for lack in Lack if lack & self.missing]
        return {
            "text": self.text or None,
            "country": list(self.countries) or None,
            "level": list(self.levels) or None,
            "field": list(self.fields) or None,
            "language": list(self.languages) or None,
            "max_tuition": str(self.most_tuition.amount) if self.most_tuition else None,
            "currency": self.most_tuition.currency if self.most_tuition else None,
            "starts_from": self.starts_from and self.starts_from.isoformat(),
            "starts_until": self.starts_until and self.starts_until.isoformat(),
            "deadline_ahead": "true" if self.open_only else None,
            "standing": [standing.word for standing in self.standings] or None,
            "missing": lacking or None,
        }


def asked(
    *,
    limit: int,
    text: str | None = None,
    country: list[str] | None = None,
    level: list[Any] | None = None,
    field: list[str] | None = None,
    language: list[str] | None = None,
    max_tuition: str | None = None,
    starts_from: str | None = None,
    starts_until: str | None = None,
    open_only: bool = False,
    standing: list[Any] | None = None,
    missing: list[Any] | None = None,
) -> Asked:
    """Return the options; raise CommandFailed naming the one that is wrong."""
    if not 1 <= limit <= _MOST:
        raise refused("--limit", "number_between", at_most=str(_MOST), given=limit)
    first, last = day_option(starts_from, "--starts-from"), day_option(starts_until, "--starts-until")
    if first and last and last < first:
        raise refused("--starts-until", "before_starts_from")
    return Asked(
        limit,
        text or "",
        _countries(country),
        tuple(level or ()),
        tuple(field or ()),
        tuple(language or ()),
        _money(max_tuition),
        first,
        last,
        open_only,
        tuple(Standing[word.upper()] for word in standing or ()),
        sum({int(Lack[word.upper()]) for word in missing or ()}),
    )


def _countries(given: list[str] | None) -> tuple[str, ...]:
    found = tuple(code.upper() for code in given or ())
    for code in found:
        if len(code) != 2 or not code.isascii() or not code.isalpha():
            raise refused("--country", "no_country", given=code)
    return found


def _money(given: str | None) -> Money | None:
    words = (given or "").split()
    if not words:
        return None
    try:
        if len(words) == _MONEY_WORDS:
            return Money.of(words[0], words[1].upper())
    except Invalid:
        pass
    raise refused("--max-tuition", "no_amount", given=given)
