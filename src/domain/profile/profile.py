"""A student's profile: everything a verdict or a plan may lean on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from ..rulebook.conditions import Circumstance
from ..rulebook.scores import Score
from ..shared.dataclass import dataclass
from ..shared.money import Money
from .work import whole_months


@dataclass(frozen=True, slots=True)
class Residence:
    """Where the student lives, and the zone that her days are counted in."""

    country: str
    zone: str
    city: str = ""


@dataclass(frozen=True, slots=True)
class Passport:
    """The newest passport."""

    number: str | None = None
    issued_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade on a named scale; the lowest pass is the awarding institution's own."""

    scale: str
    value: Decimal
    lowest_pass: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Qualification:
    """A degree or certificate, finished or on its way."""

    level: str
    title: str = ""
    fields: tuple[str, ...] = ()
    institution: str = ""
    country: str = ""
    grade: Grade | None = None
    finished_on: date | None = None
    taught_in: str = ""


@dataclass(frozen=True, slots=True)
class TestResult:
    """What a test gave on a day."""

    __test__ = False  # a test that a student sits, not one that pytest runs

    code: str
    taken_on: date
    total: Score | None = None
    sections: Mapping[str, Score] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class WorkPeriod:
    """A time at work; without an end it lasts still."""

    employer: str
    begun_on: date
    ended_on: date | None = None
    government: bool = False
    internship: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What the student wants to begin, where and when."""

    level: str = ""
    countries: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    start_from: date | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """The student as far as she has said; an absent list is unknown, an empty one is none.

    ``languages`` are levels by language; ``preferred_language`` is the one she wants to be written to in, as a tag such
    as ``bn`` or ``bn-u-nu-latn``.
    """

    name: str = ""
    birth_date: date | None = None
    citizenships: tuple[str, ...] | None = None
    residence: Residence | None = None
    passport: Passport | None = None
    qualifications: tuple[Qualification, ...] | None = None
    tests: tuple[TestResult, ...] | None = None
    work: tuple[WorkPeriod, ...] | None = None
    languages: Mapping[str, str] | None = None
    budget_a_year: Money | None = None
    target: Target = field(default_factory=Target)
    circumstances: Mapping[str, Circumstance] = field(default_factory=lambda: MappingProxyType({}))
    preferred_language: str = ""

    def known_circumstances(self, on: date) -> dict[str, Circumstance]:
        """Return what is known of the case on the day: what was stated, and what follows from the profile."""
        known: dict[str, Circumstance] = {}
        if self.citizenships:
            known["nationality"] = self.citizenships[0]
        if self.residence is not None:
            known["residence"] = self.residence.country
        if self.work is not None:
            current = [period for period in self.work if period.begun_on <= on and not _ended(period, on)]
            known["employed"] = any(not period.internship for period in current)
            known["employer_government"] = any(period.government for period in current)
            known["work_experience"] = any(not period.internship for period in self.work)
            known["internship"] = any(period.internship for period in self.work)
        known.update(self.circumstances)
        return known

    def months_of_work(self, on: date) -> int | None:
        """Return whole months of work until the day, internships left out; None when nothing is known.

        A day counts once, however many employers it was spent with.
        """
        if self.work is None:
            return None
        return whole_months(
            (period.begun_on, min(period.ended_on or on, on)) for period in self.work if not period.internship
        )


def _ended(period: WorkPeriod, on: date) -> bool:
    return period.ended_on is not None and period.ended_on < on
