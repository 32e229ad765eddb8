"""What would open how many programmes: each change tried on the whole catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import compress
from typing import NamedTuple

from ..shared.dataclass import dataclass
from ..shared.ids import ProgrammeId
from .bits import places_in
from .step import Step
from .steps import steps_of
from .verdict import Change, Standing
from .whole import Whole


class Opening(NamedTuple):
    """How many programmes would be met or probably met, and of which trees.

    Bit n of ``trees`` stands for the one at place n of ``stated``. These are at least all that some programme states
    and of which the rows that were asked for together do not say the same.
    """

    programmes: int
    trees: int
    stated: Sequence[int]


def opening_of(standings: Sequence[int], counts: Sequence[int]) -> Opening:
    """Return what is open, given how the trees stand and how many programmes state each."""
    stated = list(compress(range(len(counts)), counts))
    is_open = [standings[tree] >= Standing.PROBABLY_MET for tree in stated]
    programmes = sum(counts[tree] for tree in compress(stated, is_open))
    return Opening(programmes, int("".join("01"[one] for one in reversed(is_open)) or "0", 2), stated)


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
    for its effort; ``unanswered`` are fields that the profile leaves open though some of the others ask for them."""

    on: date
    rulebook: tuple[str, ...]
    total: int
    open: int
    items: tuple[Unlock, ...]
    unanswered: tuple[str, ...]


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
    """What a step opens: how many programmes, how many more but for words, and the trees of both, a bit for each.

    ``stated`` are the trees that the bits stand for.
    """

    step: Step
    opened: int
    words_left: int
    wholly: int
    but_for_words: int
    stated: Sequence[int]

    @property
    def ranks(self) -> Mapping[int, int]:
        """The trees that open, those last that leave words to judge."""
        bits = (self.wholly, 0), (self.but_for_words, 1)
        return {self.stated[place]: rank for trees, rank in bits for place in places_in(trees)}


def gains(tried: Sequence[Tried], openings: Sequence[Opening], counts: Sequence[int]) -> list[Gain]:
    """Return what the steps open, given the openings of ``rows_of`` and how many programmes state each tree.

    Most for the effort comes first, then what costs least.
    """
    half, stated = len(tried) + 1, openings[0].stated
    before, before_aside = openings[0], openings[half]
    shut, shut_aside = ~before.trees, ~before_aside.trees
    found = []
    for one, now, aside in zip(tried, openings[1:half], openings[half + 1 :], strict=True):
        if now.programmes > before.programmes or aside.programmes > before_aside.programmes:
            wholly = now.trees & shut
            but_for_words = aside.trees & shut_aside & ~wholly
            words_left = sum(counts[stated[place]] for place in places_in(but_for_words))
            opened = now.programmes - before.programmes
            found.append(Gain(one.step, opened, words_left, wholly, but_for_words, stated))
    return sorted(found, key=_order)


def unlock_of(gain: Gain, programmes: Iterable[ProgrammeId]) -> Unlock:
    """Return what the step opens, with a page of it."""
    step = gain.step
    return Unlock(step.key, step.change, gain.opened, gain.words_left, step.at_best, tuple(programmes))


def _order(gain: Gain) -> tuple[float, int, str]:
    effort = gain.step.change.effort
    return -(gain.opened + gain.words_left) / effort, effort, gain.step.key
