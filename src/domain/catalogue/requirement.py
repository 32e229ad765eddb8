"""Requirements: a tree of what a programme states that an applicant must have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from ..rulebook.scores import Score
from ..shared.dataclass import dataclass
from ..shared.money import Money
from ..shared.sources import Confidence, Source


class ValidAt(StrEnum):
    """On which day of a case an institution wants a test result to count still."""

    APPLICATION = "application"
    ENROLMENT = "enrolment"


@dataclass(frozen=True, slots=True)
class Stated:
    """Where the requirement was read, and how far that can be trusted."""

    source: Source
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part is required."""

    parts: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part is enough."""

    parts: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class DegreeNeeded:
    """A finished degree of a level, in one of the fields (ISCED-F 2013 prefixes) where any are named."""

    stated: Stated
    level: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GradeNeeded:
    """A grade of a degree that is the limit or better, on the named scale."""

    stated: Stated
    of: str
    scale: str
    at_least: Decimal


@dataclass(frozen=True, slots=True)
class TestNeeded:
    """A test result with a total, section minima, or both; or one that the test itself counts as passed.

    Where the institution says so, it must still count at ``valid_at``, and be no older then than ``valid_months``.
    """

    __test__ = False  # a test that a student sits, not one that pytest runs

    stated: Stated
    code: str
    total: Score | None = None
    sections: Mapping[str, Score] = field(default_factory=lambda: MappingProxyType({}))
    passed: bool = False
    valid_at: ValidAt | None = None
    valid_months: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentNeeded:
    """A paper of a kind."""

    stated: Stated
    kind: str


@dataclass(frozen=True, slots=True)
class ExperienceNeeded:
    """Months of work."""

    stated: Stated
    months: int


@dataclass(frozen=True, slots=True)
class CitizenshipNeeded:
    """One of the citizenships, or none of them."""

    stated: Stated
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MoneyNeeded:
    """So much money a year."""

    stated: Stated
    a_year: Money


@dataclass(frozen=True, slots=True)
class StatedOnly:
    """A requirement that the institution states and no machine can judge; it is shown, and stays unknown."""

    stated: Stated
    text: str


Leaf = (
    DegreeNeeded
    | GradeNeeded
    | TestNeeded
    | DocumentNeeded
    | ExperienceNeeded
    | CitizenshipNeeded
    | MoneyNeeded
    | StatedOnly
)
Requirement = AllOf | AnyOf | Leaf


def leaves(requirement: Requirement) -> Iterator[Leaf]:
    """Yield the leaves of the tree in the order in which they are stated."""
    if isinstance(requirement, AllOf | AnyOf):
        for part in requirement.parts:
            yield from leaves(part)
    else:
        yield requirement
