"""One change that is worth a try."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from ..profile.profile import TestResult
from ..shared.dataclass import dataclass
from .evidence import Evidence
from .quick import Family
from .verdict import Change

Level = TypeVar("Level")


@dataclass(frozen=True, slots=True)
class Step:
    """A change, the evidence with it, and the places of the leaves that it may touch.

    A new test ``result`` stands beside the evidence, in which it is not; ``tests`` are the leaves that it may touch.
    ``families`` ask for grades. ``key`` names the step for good, such as
    ``raise_score/IELTS_AC/2025-09-13/total+0.5``. ``at_best`` says that the change only gives an answer, and that the
    most welcome one is assumed.
    """

    key: str
    change: Change
    evidence: Evidence
    result: TestResult | None = None
    tests: Collection[int] = ()
    places: Collection[int] = ()
    families: Collection[Family] = ()
    at_best: bool = False


def spread(levels: list[Level], most: int) -> list[Level]:
    """Return at most so many of the levels, evenly, with the last."""
    if len(levels) <= most:
        return levels
    return [levels[(number + 1) * len(levels) // most - 1] for number in range(most)]
