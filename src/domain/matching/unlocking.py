"""What would open how many programmes: each change tried on the whole catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from ..shared.dataclass import dataclass
from ..shared.ids import ProgrammeId
from .steps import Step, steps_of
from .verdict import Change
from .whole import Whole


class Opening(NamedTuple):
    """How many programmes would be met or probably met, and of which trees: one byte each, 1 for those."""

    programmes: int
    trees: bytes


@dataclass(frozen=True, slots=True)
class Unlock:
    """A change, how many more programmes would be met or probably met with it, and a page of these, best first.

    ``at_best``: the change only gives an answer that is missing, and the most welcome one is assumed.
    """

    key: str
    change: Change
    opened: int
    at_best: bool
    programmes: tuple[ProgrammeId, ...] = ()


@dataclass(frozen=True, slots=True)
class Unlocks:
    """How many programmes fit the question, how many of them are met or probably met now, and what would open most
    for its effort."""

    on: date
    rulebook: tuple[str, ...]
    total: int
    open: int
    items: tuple[Unlock, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """A step, and how each leaf stands with it."""

    step: Step
    leaves: bytes


def tried_steps(whole: Whole) -> list[Tried]:
    """Return every step that changes how some leaf stands, with the leaves judged again that it may touch."""
    found = []
    for step in steps_of(whole):
        leaves = whole.improved(step.evidence, step.tests, step.places, step.families)
        if leaves != whole.leaves:
            found.append(Tried(step, leaves))
    return found


def best_first(tried: Sequence[Tried], openings: Sequence[Opening], before: Opening) -> list[tuple[Tried, Opening]]:
    """Return the steps that open something, with what is open then: most for the effort first, then least effort."""

    def order(pair: tuple[Tried, Opening]) -> tuple[float, int, str]:
        change = pair[0].step.change
        return (before.programmes - pair[1].programmes) / change.effort, change.effort, pair[0].step.key

    pairs = zip(tried, openings, strict=True)
    return sorted((pair for pair in pairs if pair[1].programmes > before.programmes), key=order)


def newly_open(before: Opening, after: Opening) -> dict[int, int]:
    """Return the trees that open, all of one rank: among what opens, what fits best comes first."""
    size = len(after.trees)
    new = (int.from_bytes(after.trees, "big") & ~int.from_bytes(before.trees, "big")).to_bytes(size, "big")
    found, place = dict[int, int](), new.find(1)
    while place >= 0:
        found[place] = 0
        place = new.find(1, place + 1)
    return found


def unlock_of(one: Tried, opened: int, programmes: Iterable[ProgrammeId]) -> Unlock:
    """Return the step as what it opens."""
    return Unlock(one.step.key, one.step.change, opened, one.step.at_best, tuple(programmes))
