"""Tests and their score scales, editions and concordances."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.sources import Confidence, Source

Score = Decimal | str  # a number on a scale, or the name of a level


class TotalRule(StrEnum):
    """How a test's total is formed from its sections."""

    MEAN_HALF_UP = "mean_half_up"
    MEAN_NEAREST_HALF = "mean_nearest_half"
    MEAN_NEAREST_1 = "mean_nearest_1"
    MEAN_NEAREST_5 = "mean_nearest_5"
    SUM = "sum"
    AS_GIVEN = "as_given"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Scale:
    """The scores that there are: numbers from a minimum to a maximum by steps, or ascending levels.

    ``passes_from`` is the least score that passes, where the test itself can be failed.
    """

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    step: Decimal | None = None
    levels: tuple[str, ...] = ()
    passes_from: Decimal | None = None

    def has(self, score: Score) -> bool:
        """Whether the score exists on this scale."""
        if self.levels:
            return score in self.levels
        if isinstance(score, str) or self.minimum is None or self.maximum is None or self.step is None:
            return False
        return self.minimum <= score <= self.maximum and (score - self.minimum) % self.step == 0

    def rank(self, score: Score) -> Decimal:
        """Return a number that rises with the score, on levels as on numbers."""
        return Decimal(self.levels.index(score)) if isinstance(score, str) else score


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a test with a score of its own; a derived one is computed from others and enters no total.

    ``mean_of`` names the sections that a derived one is the mean of.
    """

    name: str
    scale: Scale
    derived: bool = False
    mean_of: tuple[str, ...] = ()

    def may_be(self, score: Score, sections: Mapping[str, Score]) -> bool:
        """Whether a derived score fits the sections that it is formed of, on either side of a mean between two steps.

        True as well where one of them is not stated, or nothing says how it is formed.
        """
        parts = [part for name in self.mean_of if isinstance(part := sections.get(name), Decimal)]
        if len(parts) != len(self.mean_of) or not parts or isinstance(score, str) or self.scale.step is None:
            return True
        return abs(sum(parts, Decimal(0)) / len(parts) - score) < self.scale.step


@dataclass(frozen=True, slots=True)
class TestScale:
    """One edition of a test: its total, its sections, how they belong together, and how long a result counts.

    A ``framework`` is a scale of levels that results of tests are described by, such as CEFR; nobody sits it.
    """

    __test__ = False  # a test that a student sits, not one that pytest runs

    code: str
    title: str
    total: Scale | None
    sections: tuple[Section, ...]
    total_rule: TotalRule
    source: Source
    confidence: Confidence
    valid_months: int | None = None
    valid_note: str = ""
    taken_from: date | None = None
    taken_until: date | None = None
    edition_of: str = ""
    framework: bool = False
    title_bn: str = ""
    valid_note_bn: str = ""

    def section(self, name: str) -> Section | None:
        """Return the section of that name, or None."""
        return next((section for section in self.sections if section.name == name), None)

    def pass_marks(self) -> dict[str, Score]:
        """Return what each part needs so that the test is passed, the total under that name; empty where none fails."""
        marks: dict[str, Score] = {}
        if self.total is not None and self.total.passes_from is not None:
            marks["total"] = self.total.passes_from
        for section in self.sections:
            if section.scale.passes_from is not None:
                marks[section.name] = section.scale.passes_from
        return marks

    def was_held_on(self, day: date) -> bool:
        """Whether this edition was in use on the day."""
        begun = self.taken_from is None or self.taken_from <= day
        return begun and (self.taken_until is None or day <= self.taken_until)

    def can_be_sat_on(self, day: date) -> bool:
        """Whether a student can sit this very edition on the day."""
        return not self.framework and self.was_held_on(day)

    def total_of(self, sections: Mapping[str, Score]) -> Decimal | None:
        """Return the total that the sections give by the test's own rule, or None where there is no such rule."""
        own = [section.name for section in self.sections if not section.derived]
        numbers = [score for name in own if isinstance(score := sections.get(name), Decimal)]
        if len(numbers) != len(own) or not numbers:
            return None
        total = sum(numbers, Decimal(0))
        match self.total_rule:
            case TotalRule.SUM:
                return total
            case TotalRule.MEAN_HALF_UP | TotalRule.MEAN_NEAREST_HALF:
                return _nearest(total / len(numbers), Decimal("0.5"))
            case TotalRule.MEAN_NEAREST_1:
                return _nearest(total / len(numbers), Decimal(1))
            case TotalRule.MEAN_NEAREST_5:
                return _nearest(total / len(numbers), Decimal(5))
        return None


@dataclass(frozen=True, slots=True)
class ConcordanceRow:
    """From this score on, the one test corresponds to that score of the other."""

    from_score: Decimal
    to_score: Score


@dataclass(frozen=True, slots=True)
class Concordance:
    """A publisher's table that says which score of one test corresponds to which of another; never turned around."""

    id: str
    publisher: str
    from_test: str
    to_test: str
    part: str
    rows: tuple[ConcordanceRow, ...]
    source: Source
    confidence: Confidence
    publisher_bn: str = ""

    def corresponding(self, score: Decimal) -> Score | None:
        """Return what the score corresponds to, or None below the table's last row."""
        return next((row.to_score for row in self.rows if score >= row.from_score), None)

    def least_for(self, score: Score, scale: Scale) -> Decimal | None:
        """Return the score from which on the table gives this one of the other test or better; None where no row does.

        ``scale`` is the other test's, on which both are.
        """
        wanted, least = scale.rank(score), None
        for row in self.rows:  # from the best one down
            if scale.rank(row.to_score) < wanted:
                break
            least = row.from_score
        return least


def _nearest(value: Decimal, step: Decimal) -> Decimal:
    """Return the nearest multiple of the step; a value half way goes up."""
    steps = (value / step).quantize(Decimal("0.0001"), ROUND_FLOOR)
    return steps.quantize(Decimal(1), ROUND_HALF_UP) * step
