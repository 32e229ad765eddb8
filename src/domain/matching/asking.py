"""Who asks for a requirement, as far as the rules make a difference by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..rulebook.facts import Fact, Scope
from ..rulebook.pack import Rulebook
from ..rulebook.result_validity import INSTITUTION_DAY, INSTITUTION_MONTHS, MISSION_DAY, MISSION_WAIVER
from ..shared.dataclass import dataclass
from .evidence import Days


class Asking(NamedTuple):
    """The country, the level and the institution's name of a programme; blank where they make no difference."""

    country: str = ""
    level: str = ""
    institution: str = ""


ANYBODY = Asking()


@dataclass(frozen=True, slots=True)
class Named:
    """What rules name of those that ask, institutions folded; whoever is not named is like all others."""

    countries: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()

    def of(self, asking: Asking) -> Asking:
        """Return the one that asks without what no rule names."""
        country, level, institution = asking
        if country not in self.countries:
            country = ""
        if level not in self.levels:
            level = ""
        if institution and not (self.institutions and folded_name(institution) in self.institutions):
            institution = ""
        return Asking(country, level, institution)

    def joined(self, other: Named) -> Named:
        """Return what either names."""
        return Named(
            self.countries | other.countries, self.levels | other.levels, self.institutions | other.institutions
        )


@dataclass(frozen=True, slots=True)
class Apart:
    """Whom the rules tell apart when they judge a grade, a test, and whether there are visas; equal ones make equal
    trees of a catalogue."""

    grades: Named = Named()
    tests: Named = Named()
    visas: Named = Named()

    @property
    def all(self) -> Named:
        """What any of them names."""
        return self.grades.joined(self.tests).joined(self.visas)

    @classmethod
    def of(cls, rulebook: Rulebook, days: Days | None = None) -> Apart:
        """Return it for the rules; visa missions ask for tests only where the day of the appointment is known."""
        with_missions = days is not None and days.appointment is not None
        return rulebook.once(("apart", with_missions), lambda: _apart(rulebook, with_missions=with_missions))


def folded_name(institution: str) -> str:
    """Return the name as institutions are compared by it."""
    return institution.strip().casefold()


def _apart(rulebook: Rulebook, *, with_missions: bool) -> Apart:
    conversions = (one.institution for one in rulebook.grade_conversions.values())
    stops = rulebook.closures.values()
    return Apart(
        grades=Named(institutions=_named(map(folded_name, conversions))),
        tests=_in_tests(rulebook, with_missions=with_missions),
        visas=Named(_named(one.country for one in stops), _named(one.level for one in stops)),
    )


def _in_tests(rulebook: Rulebook, *, with_missions: bool) -> Named:
    scopes: list[Scope] = [fact.scope for fact in _about_validity(rulebook, with_missions=with_missions)]
    missions = _named(scope.mission for scope in scopes)
    ways = [way for way in rulebook.pathways.values() if way.mission in missions]  # they lead to the mission
    near = {way.country for way in ways}
    levels = [way.level for way in rulebook.pathways.values() if way.country in near]
    return Named(
        _named([*(scope.country for scope in scopes), *near]),
        _named([*(scope.level for scope in scopes), *levels]),
        _named(folded_name(scope.institution) for scope in scopes),
    )


def _about_validity(rulebook: Rulebook, *, with_missions: bool) -> Iterator[Fact]:
    keys = [INSTITUTION_MONTHS, INSTITUTION_DAY]
    if with_missions:
        keys += [MISSION_DAY, *(key for key in rulebook.fact_keys() if key.startswith(f"{MISSION_WAIVER}."))]
    for key in keys:
        yield from rulebook.facts(key)


def _named(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if word)
