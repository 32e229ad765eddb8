"""What would open how many programmes: each change tried on the whole catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ..shared.dataclass import dataclass
from ..shared.ids import ProgrammeId
from .step import Step
from .steps import steps_of
from .verdict import Change, Standing
from .whole import Whole


class Opening(NamedTuple):
    """How many programmes would be met or probably met, and of which trees: bit n stands for tree n."""

    programmes: int
    trees: int


def opening_of(standings: Sequence[int], counts: Sequence[int]) -> Opening:
    """Return what is open, given how the trees stand and how many programmes state each."""
    is_open = [
        standing >= Standing.PROBABLY_MET and count > 0 for standing, count in zip(standings, counts, strict=True)
    ]
    programmes = sum(count for one, count in zip(is_open, counts, strict=True) if one)
    return Opening(programmes, int("".join("01"[one] for one in reversed(is_open)) or "0", 2))


@dataclass(frozen=True, slots=True)
class Unlock:
    """A change, how many more programmes would be met or probably met with it, and a page of these, best first.

    ``words_left`` are as many again of which nothing would be left then but what is stated in words, for the student to
    judge herself; they come last on the page. ``at_best``: the change only gives an answer that is missing, and the
    most welcome one is assumed.
    """

    key: str
    change: Change
    opened: int
    words_left: int
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
    """Return every step with which more leaves are at least probably met, and how all leaves stand then."""
    return [Tried(step, whole.improved(step.opened)) for step in steps_of(whole) if step.opened]


def rows_of(whole: Whole, tried: Sequence[Tried]) -> list[bytes]:
    """Return the rows of the leaves' standings that ``gains`` wants opened: now and with each step, as it is, and then
    the same with all taken for met that no machine judges."""
    rows = [whole.leaves, *(one.leaves for one in tried)]
    return [*rows, *map(whole.words_aside, rows)]


@dataclass(frozen=True, slots=True)
class Gain:
    """What a step opens: how many programmes, how many more but for words, and the trees of both, a bit for each."""

    step: Step
    opened: int
    words_left: int
    wholly: int
    but_for_words: int

    @property
    def ranks(self) -> Mapping[int, int]:
        """The trees that open, those last that leave words to judge."""
        return {**dict.fromkeys(_places(self.wholly), 0), **dict.fromkeys(_places(self.but_for_words), 1)}


def gains(tried: Sequence[Tried], openings: Sequence[Opening], counts: Sequence[int]) -> list[Gain]:
    """Return what the steps open, given the openings of ``rows_of`` and how many programmes state each tree.

    Most for the effort comes first, then what costs least.
    """
    half = len(tried) + 1
    before, before_aside = openings[0], openings[half]
    shut, shut_aside = ~before.trees, ~before_aside.trees
    found = []
    for one, now, aside in zip(tried, openings[1:half], openings[half + 1 :], strict=True):
        if now.programmes > before.programmes or aside.programmes > before_aside.programmes:
            wholly = now.trees & shut
            but_for_words = aside.trees & shut_aside & ~wholly
            words_left = sum(counts[tree] for tree in _places(but_for_words))
            found.append(Gain(one.step, now.programmes - before.programmes, words_left, wholly, but_for_words))
    return sorted(found, key=_order)


def _places(trees: int) -> Iterator[int]:
    digits = bin(trees)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def unlock_of(gain: Gain, programmes: Iterable[ProgrammeId]) -> Unlock:
    """Return what the step opens, with a page of it."""
    step = gain.step
    return Unlock(step.key, step.change, gain.opened, gain.words_left, step.at_best, tuple(programmes))


def _order(gain: Gain) -> tuple[float, int, str]:
    effort = gain.step.change.effort
    return -(gain.opened + gain.words_left) / effort, effort, gain.step.key
