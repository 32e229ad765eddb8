"""Who needs no visa to study in a country, and which pathway is made for her."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..shared.dataclass import dataclass
from .facts import Fact, Scope
from .pack import Rulebook
from .pathways import Pathway

VISA_NEEDED = "study.visa_needed"
"""The key of the fact, by nationality, that says whether somebody needs a visa to study in a country."""


@dataclass(frozen=True, slots=True)
class FreeEntry:
    """A citizenship with which one needs no visa, and the fact that says so; None for the country's own citizens."""

    citizenship: str
    fact: Fact | None


def free_entry(country: str, citizenships: Iterable[str], rulebook: Rulebook, on: date) -> tuple[FreeEntry, ...]:
    """Return those of the citizenships that need no visa to study in the country on the day, in their order.

    Everybody needs one of whom the rules do not say otherwise, but for the country's own citizens.
    """
    found = []
    for one in citizenships:
        fact = rulebook.in_force(VISA_NEEDED, on, Scope(country=country, nationality=(one,)))
        if one == country or (fact is not None and fact.value is False):
            found.append(FreeEntry(one, fact))
    return tuple(found)


def needs_visa(country: str, citizenships: Iterable[str] | None, rulebook: Rulebook, on: date) -> bool:
    """Return whether somebody of these citizenships needs a visa to study in the country: yes, unless one of them
    needs none."""
    return not free_entry(country, citizenships or (), rulebook, on)


def visa_free_countries(citizenships: Iterable[str] | None, rulebook: Rulebook, on: date) -> frozenset[str]:
    """Return every country in which somebody of these citizenships needs no visa to study on the day."""
    people = tuple(citizenships or ())

    def countries() -> frozenset[str]:
        named = {*people, *(fact.scope.country for fact in rulebook.facts(VISA_NEEDED))}
        return frozenset(country for country in named if not needs_visa(country, people, rulebook, on))

    return rulebook.once(("visa_free_countries", people, on), countries)


def leads_without_visa(pathway: Pathway, rulebook: Rulebook, on: date) -> bool:
    """Whether the pathway is made for nationalities that all need no visa, so that it asks for none."""
    free = free_entry(pathway.country, pathway.nationality, rulebook, on)
    return bool(free) and len(free) == len(pathway.nationality)


def pathway_of(
    country: str, level: str, citizenships: Iterable[str] | None, rulebook: Rulebook, on: date
) -> Pathway | None:
    """Return the pathway made for a student of these citizenships whose studies begin on the day, or None.

    Of several citizenships one that needs no visa goes first, where a pathway leads without one.
    """
    people = tuple(citizenships or ())
    free = [one.citizenship for one in free_entry(country, people, rulebook, on)]
    without = rulebook.pathway_for(country, level, free) if free else None
    if without is not None and leads_without_visa(without, rulebook, on):
        return without
    return rulebook.pathway_for(country, level, people)
