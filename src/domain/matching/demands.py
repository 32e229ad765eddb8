"""What leaves demand of tests, and what a result shows of that, without the reasons.

Whatever a result shows of a part, its own or by publishers' tables, is one highest demand that it satisfies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
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
from .verdict import Change, Standing

_BELOW_ALL = Decimal("-Infinity")


class Demand(NamedTuple):
    """What a leaf asks of a test, part by part; None for a score that is not on the part's scale.

    ``terms`` is the place of what decides how long a result counts for it.
    """

    test: TestScale
    parts: tuple[tuple[str, Decimal | None], ...]
    terms: int


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


class Demands:
    """What all leaves of a catalogue demand, by the scales of a rulebook: the same for everybody."""

    def __init__(self, leaves: Sequence[AskedLeaf], rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.terms: list[Terms] = []
        self.of: dict[int, Demand | None] = {}
        """By the place of the leaf; None where nobody knows the test."""
        self.by_test: dict[str, list[int]] = {}
        self.levels: dict[tuple[str, frozenset[str]], list[Level]] = {}
        """Kept for whoever asks which levels of a test are wanted, by it and the editions that are asked for."""
        self.by_level: dict[tuple[object, ...], list[tuple[Level, list[tuple[int, Standing]]]]] = {}
        """Kept for the same: which leaves each level opens, by the test and all that this depends on."""
        self._shown: dict[tuple[str, str, str, Score | None], Shown | None] = {}
        numbers: dict[tuple[object, ...], int] = {}
        for place, (leaf, asking) in enumerate(leaves):
            if not isinstance(leaf, TestNeeded):
                continue
            number = numbers.setdefault((asking, leaf.valid_at, leaf.valid_months), len(self.terms))
            if number == len(self.terms):
                self.terms.append(Terms(asking, leaf))
            test = rulebook.tests.get(leaf.code)
            self.of[place] = None if test is None else Demand(test, _parts(leaf, test), number)
            self.by_test.setdefault(leaf.code, []).append(place)

    def shown(self, code: str, has: Score | None, test: TestScale, part: str) -> Shown | None:
        """Return what a score in a part of a test shows of the same part of another one; None where no table leads
        there. Scores are few, so that each is looked up once for everybody.
        """
        key = code, test.code, part, has
        if key not in self._shown:
            self._shown[key] = _shown(code, has, test, part, self.rulebook)
        return self._shown[key]


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
    """A test result of a student, and what it shows of each test.

    With ``before`` it is a result of the same test from the same day that differs in the ``changed`` parts alone.
    """

    def __init__(
        self,
        result: TestResult,
        demands: Demands,
        counts: Counts,
        before: Shows | None = None,
        changed: frozenset[str] = frozenset(),
    ) -> None:
        self._result = result
        self._demands = demands
        self._counting = counts
        self._before = before
        self._changed = changed
        self._own = demands.rulebook.tests.get(result.code)
        self._total = None if self._own is None else total_of(result, self._own)
        self._of_tests: dict[str, dict[str, Shown | None]] = {}
        self._surely: dict[str, dict[str, Decimal]] = {}

    def standing(self, demand: Demand) -> Standing:
        """Return how the demand stands by this result alone."""
        found = self._by_scores(demand) if self._can_show(demand) else Standing.NOT_MET
        if found is Standing.NOT_MET:
            return found
        counts = self._counts(demand.terms)
        return found if counts else Standing.NOT_MET if counts is False else min(found, Standing.UNKNOWN)

    def opened(self, places: Iterable[int]) -> list[tuple[int, Standing]]:
        """Return those of the leaves, which all ask for tests, that this result alone makes at least probably met."""
        found = []
        for place in places:
            demand = self._demands.of[place]
            if demand is None:
                continue
            surely = self._surely_of(demand.test)
            for part, needed in demand.parts:
                if needed is None or needed > surely[part]:
                    break
            else:
                if self._can_show(demand) and self._counts(demand.terms):
                    own = self._result.code == demand.test.code
                    found.append((place, Standing.MET if own else Standing.PROBABLY_MET))
        return found

    def lacking(self, demand: Demand) -> frozenset[str] | None:
        """Return the parts whose scores keep the demand from being at least probably met by this result alone.

        None where other scores would not help.
        """
        surely = self._surely_of(demand.test)
        if any(needed is None for _, needed in demand.parts) or not self._counts(demand.terms):
            return None
        return frozenset(part for part, needed in demand.parts if needed is not None and needed > surely[part])

    def _by_scores(self, demand: Demand) -> Standing:
        own = self._result.code == demand.test.code
        lowest = Standing.MET if own else Standing.PROBABLY_MET
        by_part = self.of_test(demand.test)
        for part, needed in demand.parts:
            shown = by_part[part] if part in by_part else self._of_part(demand.test, part)
            if shown is None or (needed is None and not own):
                return Standing.NOT_MET
            if not shown.known or needed is None:
                lowest = Standing.UNKNOWN
            elif needed > shown.perhaps:
                return Standing.NOT_MET
            elif needed > shown.surely:
                lowest = Standing.UNKNOWN
        return lowest

    def _can_show(self, demand: Demand) -> bool:
        """Whether it is a result of the test, or of one that is known and of which tables might say something."""
        return self._own is not None and (bool(demand.parts) or self._result.code == demand.test.code)

    def _counts(self, terms: int) -> bool | None:
        return None if self._own is None else self._counting.on_terms(self._result, self._own, terms)

    def _surely_of(self, test: TestScale) -> dict[str, Decimal]:
        """Return for each part the highest demand that the result satisfies; no demand where nothing is known."""
        found = self._surely.get(test.code)
        if found is None:
            shown = self.of_test(test).items()
            found = {part: _BELOW_ALL if one is None else one.surely for part, one in shown}
            self._surely[test.code] = found
        return found

    def of_test(self, test: TestScale) -> dict[str, Shown | None]:
        """Return what the result shows of each part that the test has."""
        found = self._of_tests.get(test.code)
        if found is None:
            known = {} if self._before is None else self._before.of_test(test)
            parts = self._changed & known.keys() if known else {TOTAL, *[section.name for section in test.sections]}
            found = self._of_tests[test.code] = {**known, **{part: self._of_part(test, part) for part in parts}}
        return found

    def _of_part(self, test: TestScale, part: str) -> Shown | None:
        """Return what the result shows of the part; None where no table leads there."""
        has = self._total if part == TOTAL else self._result.sections.get(part)
        return self._demands.shown(self._result.code, has, test, part)


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
