"""Institutions and their programmes, with the page behind each figure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.ids import InstitutionId, ProgrammeId
from ..shared.money import Money
from ..shared.sources import Confidence, Source
from .intake import Intake
from .requirement import Requirement


class Level(StrEnum):
    """What one has in the end; OTHER is everything that is not higher education."""

    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORATE = "doctorate"
    DIPLOMA = "diploma"
    OTHER = "other"


class Sector(StrEnum):
    """Who carries the institution."""

    PUBLIC = "public"
    PRIVATE = "private"


class FeePer(StrEnum):
    """The time that a fee pays for."""

    SEMESTER = "semester"
    YEAR = "year"
    PROGRAMME = "programme"


@dataclass(frozen=True, slots=True)
class Fee:
    """An amount with the time it pays for and the page that states it."""

    money: Money
    per: FeePer
    source: Source
    confidence: Confidence
    audience: str = ""


@dataclass(frozen=True, slots=True)
class Institution:
    """Somewhere one can study; ``key`` is its name in the catalogue it came from, such as ``cricos:00002J``."""

    id: InstitutionId
    key: str
    name: str
    country: str
    source: Source
    city: str = ""
    zone: str = ""
    sector: Sector | None = None
    website: str = ""


@dataclass(frozen=True, slots=True)
class Campus:
    """A place where an institution teaches."""

    key: str
    institution_key: str
    name: str
    city: str = ""
    region: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    """Something one can study; what its pages do not say is None or empty, and means unknown."""

    id: ProgrammeId
    key: str
    institution: Institution
    name: str
    level: Level
    source: Source
    confidence: Confidence
    award: str = ""
    fields: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    duration_months: int | None = None
    duration_weeks: int | None = None
    tuition: Fee | None = None
    application_fee: Fee | None = None
    requirement: Requirement | None = None
    intakes: tuple[Intake, ...] = ()
    notes: tuple[str, ...] = ()
    synthetic: bool = False
    expired: bool = False

    @property
    def tuition_a_year(self) -> Money | None:
        """The tuition of one year, or None when it is not known."""
        if self.tuition is None:
            return None
        match self.tuition.per:
            case FeePer.YEAR:
                return self.tuition.money
            case FeePer.SEMESTER:
                return self.tuition.money * 2
        return self._share_of_a_year(self.tuition.money)

    def intake(self, term: str, starts_on: date) -> Intake | None:
        """Return the intake of the term that begins on the day, or None; a term may have several."""
        fitting = (intake for intake in self.intakes if intake.term == term)
        return next((intake for intake in fitting if intake.starts_in(starts_on.year) == starts_on), None)

    def _share_of_a_year(self, whole: Money) -> Money | None:
        if self.duration_weeks:
            parts, of = 52, self.duration_weeks
        elif self.duration_months:
            parts, of = 12, self.duration_months
        else:
            return None
        return Money((2 * whole.minor * parts + of) // (2 * of), whole.currency)
