"""What leaves demand of tests, and what a result shows of that, without the reasons.

Whatever a result shows of a part, its own or by publishers' tables, is one highest demand that it satisfies. All leaves
that ask for a test are held against it at once: sets of leaves are the bits of a number, each at its place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from operator import or_
from typing import NamedTuple

from ..catalogue.requirement import TestNeeded
from ..profile.profile import TestResult
from ..rulebook.pack import Rulebook
from ..rulebook.scores import Concordance, Scale, Score, TestScale
from .asking import Asking
from .evidence import Evidence
from .judging import scope_of
from .parts import TOTAL, is_on, scale_of, total_of, wanted
from .trees import AskedLeaf
from .validity import counting
from .verdict import Change

_BELOW_ALL = Decimal("-Infinity")


class Ladder(NamedTuple):
    """What leaves ask for in one part of a test, ascending; ``within[n]`` are those that ask for no more than the first
    n of these. ``unreadable`` are those that ask for a score that is not on the part's scale."""

    amounts: Sequence[Decimal]
    within: Sequence[int]
    unreadable: int

    @property
    def readable(self) -> int:
        """All others that ask for the part."""
        return self.within[-1]

    def above(self, highest: Decimal) -> int:
        """Return those that ask for more."""
        return self.readable & ~self.within[bisect_right(self.amounts, highest)]


class Asked(NamedTuple):
    """The leaves that ask for one test: all of them, those that ask for no part of it, and part by part.

    ``terms`` are the places of what decides how long a result counts, and for which of them. ``test`` is None where
    nobody knows it.
    """

    test: TestScale | None
    all: int
    for_no_part: int
    ladders: Mapping[str, Ladder]
    terms: Sequence[tuple[int, int]]


class Terms(NamedTuple):
    """Who asks for a test result, and a leaf that has what is said of how long one counts."""

    asking: Asking
    leaf: TestNeeded


class Level(NamedTuple):
    """A first result that is worth a try, and the change of reaching it."""

    key: str
    change: Change
    sections: dict[str, Score]
    total: Score | None


class Shown(NamedTuple):
    """What a score shows of a part: the highest demand that all tables say it satisfies, and the highest by any.

    Between the two the tables contradict each other. ``known`` is false where nobody has stated that part.
    """

    known: bool
    surely: Decimal = _BELOW_ALL
    perhaps: Decimal = _BELOW_ALL


class Held(NamedTuple):
    """Leaves held against a result: those for which it is not enough, and those for which nobody can tell."""

    out: int
    unsure: int


class Demands:
    """What all leaves of a catalogue demand, by the scales of a rulebook: the same for everybody."""

    def __init__(self, leaves: Sequence[AskedLeaf], rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.terms: list[Terms] = []
        self.by_test: dict[str, list[int]] = {}
        """The places of the leaves that ask for each test."""
        self.levels: dict[tuple[str, frozenset[str]], list[Level]] = {}
        """Kept for whoever asks which levels of a test are wanted, by it and the editions that are asked for."""
        self.by_level: dict[tuple[object, ...], list[tuple[Level, list[tuple[str, int]]]]] = {}
        """Kept for the same: for which leaves of which tests each level is enough, by the test and all that this
        depends on."""
        self._comparing: dict[tuple[str, str], list[tuple[str, _Compared]]] = {}
        numbers: dict[tuple[object, ...], int] = {}
        on_terms: dict[str, dict[int, int]] = {}
        for place, (leaf, asking) in enumerate(leaves):
            if not isinstance(leaf, TestNeeded):
                continue
            number = numbers.setdefault((asking, leaf.valid_at, leaf.valid_months), len(self.terms))
            if number == len(self.terms):
                self.terms.append(Terms(asking, leaf))
            those = on_terms.setdefault(leaf.code, {})
            those[number] = those.get(number, 0) | 1 << place
            self.by_test.setdefault(leaf.code, []).append(place)
        self.asked = {
            code: _asked(rulebook.tests.get(code), {place: leaves[place].leaf for place in places}, on_terms[code])
            for code, places in self.by_test.items()
        }
        self.leads = {code: [one for one in _leads(code, rulebook) if one in self.asked] for code in rulebook.tests}
        """For each test those that are asked for of which a result of it may show something."""

    def comparing(self, code: str, asked: Asked) -> Sequence[tuple[str, Mapping[Score | None, Held]]]:
        """Return part by part, for each score that a result of the test may have there, the leaves held against it.

        ``asked`` is of a known test: the same, or another. Scores are few, so that each is looked up once for
        everybody.
        """
        test = asked.test
        assert test is not None  # noqa: S101 - of what nobody knows no part is asked for
        found = self._comparing.get((code, test.code))
        if found is None:
            found = [
                (part, _Compared(code, test, part, ladder, self.rulebook)) for part, ladder in asked.ladders.items()
            ]
            self._comparing[code, test.code] = found
        return found


class _Compared(dict[Score | None, Held]):
    """Leaves that ask for one part of a test, held against every score that was looked up."""

    def __init__(self, code: str, test: TestScale, part: str, ladder: Ladder, rulebook: Rulebook) -> None:
        super().__init__()
        self._how = code, test, part, ladder, rulebook

    def __missing__(self, has: Score | None) -> Held:
        code, test, part, ladder, rulebook = self._how
        found = self[has] = _held(_shown(code, has, test, part, rulebook), ladder, own=code == test.code)
        return found


class Counts:
    """Whether a student's results count on the terms of those that ask; each is looked at once."""

    def __init__(self, evidence: Evidence, demands: Demands) -> None:
        self._evidence = evidence
        self._demands = demands
        self._known: dict[tuple[str, date, int], bool | None] = {}

    def on_terms(self, result: TestResult, own: TestScale, terms: int) -> bool | None:
        """Return whether the result counts; None where a day decides that nobody has named."""
        key = result.code, result.taken_on, terms
        if key not in self._known:
            asking, leaf = self._demands.terms[terms]
            rulebook = self._demands.rulebook
            scope = scope_of(asking, self._evidence, rulebook)
            self._known[key] = counting(leaf, result, own, self._evidence, rulebook, scope).counts
        return self._known[key]


class Shows:
    """A test result of a student, and for which leaves it is enough."""

    def __init__(self, result: TestResult, demands: Demands, counts: Counts) -> None:
        self._result = result
        self._demands = demands
        self._counts = counts
        self._own = demands.rulebook.tests.get(result.code)
        self._total = None if self._own is None else total_of(result, self._own)

    def of(self, code: str) -> tuple[int, int]:
        """Return the leaves asking for the test for which this result alone is enough, and those for which nobody can
        tell: enough is met by a result of the test itself, and by one of another test probably met."""
        asked, result, demands = self._demands.asked[code], self._result, self._demands
        if self._own is None or asked.test is None:
            return 0, 0
        out, unsure = 0 if result.code == code else asked.for_no_part, 0
        for part, compared in demands.comparing(result.code, asked):
            short, unclear = compared[self._total if part == TOTAL else result.sections.get(part)]
            out |= short
            unsure |= unclear
        enough, unsure = asked.all & ~(out | unsure), unsure & ~out
        for terms, those in asked.terms:
            if those & (enough | unsure):
                counts = self._counts.on_terms(result, self._own, terms)
                if counts is False:
                    enough, unsure = enough & ~those, unsure & ~those
                elif counts is None:
                    enough, unsure = enough & ~those, unsure | enough & those
        return enough, unsure


def _leads(code: str, rulebook: Rulebook) -> list[str]:
    """Return the test and those to which a table leads from it."""
    return [code, *sorted({table.to_test for table in rulebook.concordances.values() if table.from_test == code})]


def _held(shown: Shown | None, ladder: Ladder, *, own: bool) -> Held:
    if shown is None:
        return Held(ladder.readable | ladder.unreadable, 0)
    out, unsure = (0, ladder.unreadable) if own else (ladder.unreadable, 0)
    if not shown.known:
        return Held(out, unsure | ladder.readable)
    return Held(out | ladder.above(shown.perhaps), unsure | ladder.above(shown.surely))


def _asked(test: TestScale | None, leaves: Mapping[int, object], terms: Mapping[int, int]) -> Asked:
    by_part: dict[str, list[tuple[int, Decimal | None]]] = {}
    everyone = for_no_part = 0
    for place, leaf in leaves.items():
        everyone |= 1 << place
        parts = _parts(leaf, test) if test is not None and isinstance(leaf, TestNeeded) else ()
        if not parts:
            for_no_part |= 1 << place
        for part, amount in parts:
            by_part.setdefault(part, []).append((place, amount))
    ladders = {part: _ladder(wanted) for part, wanted in by_part.items()}
    return Asked(test, everyone, for_no_part, ladders, list(terms.items()))


def _ladder(wanted: Iterable[tuple[int, Decimal | None]]) -> Ladder:
    by_amount: dict[Decimal, int] = {}
    unreadable = 0
    for place, amount in wanted:
        if amount is None:
            unreadable |= 1 << place
        else:
            by_amount[amount] = by_amount.get(amount, 0) | 1 << place
    amounts = sorted(by_amount)
    return Ladder(amounts, [0, *accumulate((by_amount[one] for one in amounts), or_)], unreadable)


def _shown(code: str, has: Score | None, test: TestScale, part: str, rulebook: Rulebook) -> Shown | None:
    scale = scale_of(test, part)
    if code == test.code:
        if has is None or scale is None or not is_on(has, scale):
            return Shown(known=False)
        return Shown(True, scale.rank(has), scale.rank(has))
    tables = rulebook.concordances_between(code, test.code, part)
    if scale is None or isinstance(has, str) or not tables:
        return None
    return Shown(known=False) if has is None else _by_tables(has, scale, tables)


def _by_tables(has: Decimal, scale: Scale, tables: Iterable[Concordance]) -> Shown:
    reached = [table.corresponding(has) for table in tables]
    ranks = [_BELOW_ALL if one is None else scale.rank(one) for one in reached]
    return Shown(True, min(ranks), max(ranks))


def _parts(leaf: TestNeeded, test: TestScale) -> tuple[tuple[str, Decimal | None], ...]:
    parts = []
    for part, needed in wanted(leaf, test).items():
        scale = scale_of(test, part)
        parts.append((part, scale.rank(needed) if scale and is_on(needed, scale) else None))
    return tuple(parts)
