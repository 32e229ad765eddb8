"""Grade scales and how a grade of one is estimated on another."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason
from ..shared.sources import Confidence, Source


class Method(StrEnum):
    """How a conversion computes."""

    MODIFIED_BAVARIAN = "modified_bavarian"
    LINEAR = "linear"
    TABLE = "table"


class Rounding(StrEnum):
    """The receiving institution's policy; exact where it is not known."""

    EXACT = "exact"
    TRUNCATE_1 = "truncate_1"
    HALF_UP_1 = "half_up_1"


@dataclass(frozen=True, slots=True)
class Band:
    """A named range of a scale, from its lower limit on."""

    name: str
    at_least: Decimal | None = None
    percent_from: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GradeScale:
    """A grade scale; the lowest pass is absent where it belongs to the awarding institution alone."""

    id: str
    title: str
    country: str
    best: Decimal
    worst: Decimal
    lowest_pass: Decimal | None
    source: Source
    confidence: Confidence
    decimals: int = 2
    bands: tuple[Band, ...] = ()
    title_bn: str = ""

    def has(self, grade: Decimal) -> bool:
        """Whether the grade lies between the scale's worst and best."""
        return min(self.best, self.worst) <= grade <= max(self.best, self.worst)

    def is_as_good(self, grade: Decimal, limit: Decimal) -> bool:
        """Whether the grade is the limit or better, in the scale's own direction."""
        return grade >= limit if self.best > self.worst else grade <= limit


@dataclass(frozen=True, slots=True)
class TableRow:
    """From this grade on, it counts as that."""

    at_least: Decimal
    counts_as: str


@dataclass(frozen=True, slots=True)
class GradeConversion:
    """A published way from one scale to another; what it gives is an estimate until the receiver decides."""

    id: str
    title: str
    method: Method
    from_scale: str
    to_scale: str
    source: Source
    confidence: Confidence
    institution: str = ""
    factor: Decimal | None = None
    offset: Decimal | None = None
    rows: tuple[TableRow, ...] = ()
    rounding: Rounding = Rounding.EXACT
    note: str = ""
    title_bn: str = ""
    note_bn: str = ""


def modified_bavarian(grade: Decimal, best: Decimal, lowest_pass: Decimal) -> Decimal:
    """Return the German grade, 1 (best) to 4 (just passed), exact; 5 when the grade is below the lowest pass.

    x = 1 + 3 (best - grade) / (best - lowest pass), the modified Bavarian formula of the German conference of
    ministers of education. All three are on the awarding institution's scale, on which more is better.
    Raises Invalid unless lowest pass < best and grade <= best.
    """
    if lowest_pass >= best:
        raise Invalid(Reason("grade.pass_not_below_best", {"lowest_pass": str(lowest_pass), "best": str(best)}))
    if grade > best:
        raise Invalid(Reason("grade.above_best", {"grade": str(grade), "best": str(best)}))
    if grade < lowest_pass:
        return Decimal(5)
    return 1 + 3 * (best - grade) / (best - lowest_pass)


def rounded(value: Decimal, policy: Rounding) -> Decimal:
    """Return the value as the receiving institution rounds it."""
    match policy:
        case Rounding.TRUNCATE_1:
            return value.quantize(Decimal("0.1"), ROUND_DOWN)
        case Rounding.HALF_UP_1:
            return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return value
