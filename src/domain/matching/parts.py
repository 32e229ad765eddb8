"""The parts of a test, as a requirement asks for them and as a result has them."""

from __future__ import annotations

from decimal import Decimal

from ..catalogue.requirement import TestNeeded
from ..profile.profile import TestResult
from ..rulebook.scores import Scale, Score, TestScale
from ..shared.errors import Params
from .verdict import Change, Part, Used

TOTAL = "total"


def wanted(leaf: TestNeeded, test: TestScale | None) -> dict[str, Score]:
    """Return the least score of each part that is asked for, the total first; of two minima the higher one counts."""
    parts: dict[str, Score] = {} if leaf.total is None else {TOTAL: leaf.total}
    parts.update(leaf.sections)
    for part, mark in (test.pass_marks() if test and leaf.passed else {}).items():
        stated = parts.get(part)
        if not isinstance(stated, Decimal) or not isinstance(mark, Decimal) or stated < mark:
            parts[part] = mark
    return parts


def total_of(result: TestResult, test: TestScale) -> Score | None:
    """Return the total that was stated, or the one that the sections give; None where neither is there."""
    return result.total if result.total is not None else test.total_of(result.sections)


def scale_of(test: TestScale, part: str) -> Scale | None:
    """Return the scale of the part, or None where the test has no such part."""
    if part == TOTAL:
        return test.total
    section = test.section(part)
    return section.scale if section else None


def comparable(one: Score, other: Score, scale: Scale) -> bool:
    """Whether both scores are of the kind that the scale has: numbers, or its levels."""
    return is_on(one, scale) and is_on(other, scale)


def is_on(score: Score, scale: Scale) -> bool:
    """Whether the score is of the kind that the scale has."""
    return score in scale.levels if isinstance(score, str) else not scale.levels


def needed(leaf: TestNeeded, test: TestScale) -> tuple[Part, ...]:
    """Return what the leaf asks for, part by part; a score that is on no scale counts least."""
    parts = []
    for part, score in wanted(leaf, test).items():
        scale = scale_of(test, part)
        size = scale.rank(score) if scale and is_on(score, scale) else Decimal(0)
        parts.append(Part(part, size, _shown(part, score)))
    return tuple(parts)


def params_of(leaf: TestNeeded, test: TestScale | None = None) -> Params:
    """Return what every sentence about the leaf says: the test, and what is needed of it."""
    return {"test": leaf.code, "needed": ", ".join(_shown(*one) for one in wanted(leaf, test).items())}


def shown(result: TestResult, test: TestScale) -> str:
    """Return the scores of the result in one line, the sections in the test's own order, however they are kept."""
    order = [section.name for section in test.sections]
    named = sorted(result.sections.items(), key=lambda part: order.index(part[0]) if part[0] in order else len(order))
    parts = [str(result.total)] if result.total is not None else []
    return ", ".join(parts + [f"{name} {score}" for name, score in named])


def used(index: int, result: TestResult) -> tuple[Used, ...]:
    """Return the result as evidence."""
    return (Used("tests", index, result.code, result.taken_on),)


def state(test: str, parts: list[str]) -> tuple[Change, ...]:
    """Return the change of stating parts that were left out."""
    named = tuple(Part(part, Decimal(0), part) for part in parts)
    return (Change("state_score", {"test": test, "parts": ", ".join(parts)}, 1, named),)


def _shown(part: str, score: Score) -> str:
    return str(score) if part == TOTAL else f"{part} {score}"
