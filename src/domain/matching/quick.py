"""How leaves stand, without the reasons: what ``judge`` says of each, many times as fast, for a whole catalogue.

Properties hold the two together. Whatever a result shows of a part, its own or by publishers' tables, is one highest
demand that it satisfies; and of grades that differ in nothing but the limit, only those are judged between which the
standing changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from ..catalogue.requirement import DocumentNeeded, GradeNeeded, StatedOnly, TestNeeded
from ..profile.profile import TestResult
from ..rulebook.pack import Rulebook
from ..rulebook.scores import Concordance, Scale, Score, TestScale
from .evidence import Evidence
from .judging import judge
from .scores import _has_run_out, _is_on, _scale_of, _total, _wanted
from .trees import AskedLeaf, Trees
from .verdict import Change, Standing

Family = tuple[int, ...]
_ABOVE_ALL = Decimal("Infinity")


class Demand(NamedTuple):
    """What a leaf asks of a test, part by part; None for a score that is not on the part's scale."""

    test: TestScale
    parts: tuple[tuple[str, Decimal | None], ...]


class _Shown(NamedTuple):
    """The highest demand on a part that a result satisfies; ``known`` is false where nobody has stated that part."""

    known: bool
    highest: Decimal = -_ABOVE_ALL


class Prepared:
    """What is the same for everybody: the leaves of a snapshot, by the scales of a rulebook."""

    def __init__(self, leaves: Sequence[AskedLeaf], rulebook: Rulebook) -> None:
        self.leaves = leaves
        self.rulebook = rulebook
        self.demands = {place: _demand(leaf, rulebook) for place, (leaf, _) in enumerate(leaves) if _is_test(leaf)}
        self.families = _grade_families(leaves, rulebook)
        self._shown: dict[tuple[str, str, str, Score | None], _Shown | None] = {}
        self.words = [place for place, (leaf, _) in enumerate(leaves) if isinstance(leaf, StatedOnly)]
        graded = {place for family in self.families for place in family}
        self.levels: dict[str, list[tuple[Change, dict[str, Score], Score | None]]] = {}
        """Kept by test for whoever asks which levels of it are wanted."""
        self.single = [place for place in range(len(leaves)) if place not in graded]
        """The leaves that belong to no family."""

    def shown(self, code: str, has: Score | None, test: TestScale, part: str) -> _Shown | None:
        """Return what a score in a part of a test shows of the same part of another one; None where no table leads
        there. Scores are few, so that each is looked up once for everybody.
        """
        key = code, test.code, part, has
        if key not in self._shown:
            self._shown[key] = _shown(code, has, test, part, self.rulebook)
        return self._shown[key]

    @classmethod
    def of(cls, trees: Trees, rulebook: Rulebook) -> Prepared:
        """Return it for the trees' leaves; the trees keep the last one."""
        kept = trees.prepared
        if not isinstance(kept, Prepared) or kept.rulebook is not rulebook:
            kept = trees.prepared = cls(trees.leaves, rulebook)
        return kept


class Quick:
    """One student's evidence of one day, prepared for many leaves."""

    def __init__(self, evidence: Evidence, prepared: Prepared) -> None:
        self._evidence = evidence
        self._prepared = prepared
        self._rulebook = prepared.rulebook
        results = evidence.profile.tests
        self._results = None if results is None else [_Result(one, evidence, prepared) for one in results]

    def standing(self, place: int) -> Standing:
        """Return how the leaf at the place stands."""
        leaf, institution = self._prepared.leaves[place]
        if leaf is None:
            return Standing.UNKNOWN
        if place in self._prepared.demands:
            demand = self._prepared.demands[place]
            if demand is None or self._results is None:
                return Standing.UNKNOWN
            best = Standing.NOT_MET
            for result in self._results:
                if (shown := result.shows(demand)) > best:
                    best = shown
            return best
        if isinstance(leaf, DocumentNeeded):
            papers = self._evidence.papers
            usable = None if papers is None else papers.get(leaf.kind, False)
            return Standing.UNKNOWN if usable is None else Standing.MET if usable else Standing.NOT_MET
        return judge(leaf, self._evidence, self._rulebook, institution).standing

    def opened(self, places: Iterable[int]) -> Iterable[tuple[int, Standing]]:
        """Yield those of the leaves that are at least probably met, with their standing."""
        for place in places:
            standing = self.standing(place)
            if standing >= Standing.PROBABLY_MET:
                yield place, standing

    def opened_of(self, family: Sequence[int]) -> Iterable[tuple[int, Standing]]:
        """Yield the leaves of a family, easiest first, that are at least probably met; a met one may count as that."""
        first, beyond = 0, len(family)
        while first < beyond:
            middle = (first + beyond) // 2 if first else 0  # mostly not even the easiest is
            if self.standing(family[middle]) >= Standing.PROBABLY_MET:
                first = middle + 1
            else:
                beyond = middle
        yield from ((place, Standing.PROBABLY_MET) for place in family[:first])

    def family(self, family: Family) -> Iterable[tuple[int, Standing]]:
        """Yield each leaf of the family with its standing, which falls as the family asks for more and more."""
        known = {place: self.standing(family[place]) for place in (0, len(family) - 1)}
        open_ranges = [(0, len(family) - 1)]
        while open_ranges:
            first, last = open_ranges.pop()
            for place in (first, last):
                if place not in known:
                    known[place] = self.standing(family[place])
            if known[first] is known[last]:
                yield from ((family[place], known[first]) for place in range(first, last + 1))
            else:
                middle = (first + last) // 2
                open_ranges += [(first, middle), (middle + 1, last)]


class _Result:
    """A test result, and what it shows of each test."""

    def __init__(self, result: TestResult, evidence: Evidence, prepared: Prepared) -> None:
        self._result = result
        self._prepared = prepared
        self._own = prepared.rulebook.tests.get(result.code)
        self._counts = self._own is not None and not _has_run_out(result, self._own, evidence)
        self._total = None if self._own is None else _total(result, self._own)
        self._highest: dict[str, dict[str, Decimal]] = {}

    def reaches(self, demand: Demand) -> bool:
        """Whether the demand is met or probably met by this result alone."""
        highest = self._highest.get(demand.test.code)
        if highest is None:
            highest = self._highest[demand.test.code] = self._highest_of(demand.test)
        for part, needed in demand.parts:
            if needed is None or needed > highest[part]:
                return False
        return self._counts

    def shows(self, demand: Demand) -> Standing:
        """Return how the demand stands by this result alone."""
        if not self._counts:
            return Standing.NOT_MET
        own = self._result.code == demand.test.code
        lowest = Standing.MET if own else Standing.PROBABLY_MET
        for part, needed in demand.parts:
            shown = self._of_part(demand.test, part)
            if shown is None or (needed is None and not own):
                return Standing.NOT_MET
            if not shown.known or needed is None:
                lowest = Standing.UNKNOWN
            elif needed > shown.highest:
                return Standing.NOT_MET
        return lowest

    def _highest_of(self, test: TestScale) -> dict[str, Decimal]:
        """Return for each part the highest demand that the result satisfies; no demand where nothing is known."""
        parts = ("total", *(section.name for section in test.sections))
        shown = ((part, self._of_part(test, part)) for part in parts)
        return {part: -_ABOVE_ALL if one is None else one.highest for part, one in shown}

    def _of_part(self, test: TestScale, part: str) -> _Shown | None:
        """Return what the result shows of the part; None where no table leads there."""
        has = self._total if part == "total" else self._result.sections.get(part)
        return self._prepared.shown(self._result.code, has, test, part)


def opened_by(
    result: TestResult, evidence: Evidence, places: Iterable[int], prepared: Prepared
) -> Iterator[tuple[int, Standing]]:
    """Yield those of the leaves, which all ask for tests, that the result alone makes at least probably met."""
    one, demands = _Result(result, evidence, prepared), prepared.demands
    for place in places:
        demand = demands[place]
        if demand is not None and one.reaches(demand):
            yield place, Standing.MET if result.code == demand.test.code else Standing.PROBABLY_MET


def _shown(code: str, has: Score | None, test: TestScale, part: str, rulebook: Rulebook) -> _Shown | None:
    scale = _scale_of(test, part)
    if code == test.code:
        if has is None or scale is None or not _is_on(has, scale):
            return _Shown(known=False)
        return _Shown(known=True, highest=scale.rank(has))
    if scale is None or isinstance(has, str):
        return None
    return _by_tables(has, scale, rulebook.concordances_between(code, test.code, part))


def _by_tables(has: Decimal | None, scale: Scale, tables: Iterable[Concordance]) -> _Shown | None:
    fitting = [table for table in tables if all(_is_on(row.to_score, scale) for row in table.rows)]
    if not fitting:
        return None
    if has is None:
        return _Shown(known=False)
    reached = [table.corresponding(has) for table in fitting]
    return _Shown(known=True, highest=min(-_ABOVE_ALL if one is None else scale.rank(one) for one in reached))


def _is_test(leaf: object) -> bool:
    return isinstance(leaf, TestNeeded)


def _demand(leaf: object, rulebook: Rulebook) -> Demand | None:
    """Return what the leaf demands; None where nobody knows the test."""
    test = rulebook.tests.get(leaf.code) if isinstance(leaf, TestNeeded) else None
    if not isinstance(leaf, TestNeeded) or test is None:
        return None
    parts = []
    for part, needed in _wanted(leaf):
        scale = _scale_of(test, part)
        parts.append((part, scale.rank(needed) if scale and _is_on(needed, scale) else None))
    return Demand(test, tuple(parts))


def _grade_families(leaves: Sequence[AskedLeaf], rulebook: Rulebook) -> list[Family]:
    """Return the places of the grade leaves, those that differ only in their limit together, easiest limit first."""
    found: dict[tuple[str, str, str], list[tuple[Decimal, int]]] = {}
    for place, (leaf, institution) in enumerate(leaves):
        if isinstance(leaf, GradeNeeded):
            scale = rulebook.grade_scales.get(leaf.scale)
            hard = leaf.at_least if scale is None or scale.best > scale.worst else -leaf.at_least
            found.setdefault((leaf.of, leaf.scale, institution), []).append((hard, place))
    return [tuple(place for _, place in sorted(family)) for family in found.values()]
