"""One change that is worth a try."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from ..profile.profile import TestResult
from ..shared.dataclass import dataclass
from .evidence import Evidence
from .verdict import Change, Standing

Level = TypeVar("Level")
Opened = tuple[int, Standing]
"""The place of a leaf and how it stands."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change, the evidence with it, and the leaves that are at least probably met then and were not before.

    A new test ``result`` stands beside the evidence, in which it is not. ``key`` names the step for good, such as
    ``raise_score/IELTS_AC/2025-09-13/total+0.5``. ``at_best`` says that the change only gives an answer, and that the
    most welcome one is assumed.
    """

    key: str
    change: Change
    evidence: Evidence
    opened: Sequence[Opened]
    result: TestResult | None = None
    at_best: bool = False


def spread(levels: list[Level], most: int) -> list[Level]:
    """Return at most so many of the levels, evenly, with the last."""
    if len(levels) <= most:
        return levels
    return [levels[(number + 1) * len(levels) // most - 1] for number in range(most)]
