"""Facts: dated figures and rules of the outside world."""

from collections.abc import Callable, Iterable
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.sources import Confidence, Source


class AppliesBy(StrEnum):
    """Which of a case's days decides whether the fact applies to it."""

    APPLICATION_DATE = "application_date"
    LODGEMENT_DATE = "lodgement_date"
    INTAKE_START = "intake_start"


class Precision(StrEnum):
    """How exactly the source dates the fact."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a fact holds; what is left out holds for all."""

    country: str = ""
    mission: str = ""
    nationality: tuple[str, ...] = ()
    level: str = ""
    institution: str = ""

    def covers(self, other: "Scope") -> bool:
        """Whether a case with the other scope falls under this one."""
        return (
            self.country in ("", other.country)
            and self.mission in ("", other.mission)
            and self.level in ("", other.level)
            and self.institution in ("", other.institution)
            and (not self.nationality or bool(set(self.nationality) & set(other.nationality)))
        )

    def can_meet(self, other: "Scope") -> bool:
        """Whether some case with one citizenship could fall under both."""
        return all(
            not one or not another or one == another
            for one, another in (
                (self.country, other.country),
                (self.mission, other.mission),
                (self.level, other.level),
                (self.institution, other.institution),
            )
        ) and (not self.nationality or not other.nationality or bool(set(self.nationality) & set(other.nationality)))

    @property
    def narrowness(self) -> int:
        """How many things the scope fixes; a narrower fact goes before a wider one."""
        named = (self.country, self.mission, self.level, self.institution)
        return sum(map(bool, named)) + bool(self.nationality)


@dataclass(frozen=True, slots=True)
class Fact:
    """A dated figure with its scope, its source and how far it can be trusted."""

    id: str
    key: str
    value: Decimal | str | bool
    source: Source
    confidence: Confidence
    unit: str = ""
    scope: Scope = field(default_factory=Scope)
    valid_from: date | None = None
    valid_to: date | None = None
    valid_from_precision: Precision = Precision.DAY
    applies_by: AppliesBy | None = None
    supersedes: str = ""
    note: str = ""
    value_bn: str = ""
    note_bn: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the fact is in force on the day, both ends included."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)

    @property
    def number(self) -> Decimal:
        """The value as a decimal; raises TypeError for a fact that is a text or an answer."""
        if isinstance(self.value, Decimal):
            return self.value
        raise TypeError(f"{self.id} is no figure")


def in_force(
    facts: Iterable[Fact], key: str, day: date, scope: Scope, layer_of: Callable[[Fact], int] = lambda fact: 0
) -> Fact | None:
    """Return the fact with this key that holds on the day for the scope, or None.

    The narrowest counts; among equally narrow ones that of the highest layer, then that for the citizenship which the
    case names first, then the latest begun. Two that this leaves without an order are refused when packs are read.
    """
    candidates = [fact for fact in facts if fact.key == key and fact.holds_on(day) and fact.scope.covers(scope)]

    def precedence(fact: Fact) -> tuple[int, int, int, date]:
        named = [-index for index, one in enumerate(scope.nationality) if one in fact.scope.nationality]
        begun = fact.valid_from or date.min
        return fact.scope.narrowness, layer_of(fact), max(named, default=0), begun

    return max(candidates, key=precedence, default=None)
