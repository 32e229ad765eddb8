"""How leaves stand, without the reasons: what ``judge`` says of each, many times as fast, for a whole catalogue.

Properties hold the two together. Whatever a result shows of a part, its own or by publishers' tables, is one highest
demand that it satisfies; and of grades that differ in nothing but the limit, only those are judged between which the
standing changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from ..catalogue.requirement import DocumentNeeded, GradeNeeded, StatedOnly, TestNeeded
from ..profile.profile import TestResult
from ..rulebook.pack import Rulebook
from ..rulebook.scores import Concordance, Scale, Score, TestScale
from .asking import Asking
from .closures import closure_findings
from .evidence import Evidence
from .judging import fold_all, judge, scope_of
from .parts import TOTAL, is_on, scale_of, total_of, wanted
from .trees import AskedLeaf, Trees, VisaOpen
from .validity import counting
from .verdict import Change, Finding, Standing

Family = tuple[int, ...]
_ABOVE_ALL = Decimal("Infinity")


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

    change: Change
    sections: dict[str, Score]
    total: Score | None


class _Shown(NamedTuple):
    """What a result shows of a part: the highest demand that all tables say it satisfies, and the highest by any.

    Between the two the tables contradict each other. ``known`` is false where nobody has stated that part.
    """

    known: bool
    surely: Decimal = -_ABOVE_ALL
    perhaps: Decimal = -_ABOVE_ALL


class Prepared:
    """What is the same for everybody: the leaves of a snapshot, by the scales of a rulebook."""

    def __init__(self, leaves: Sequence[AskedLeaf], rulebook: Rulebook) -> None:
        self.leaves = leaves
        self.rulebook = rulebook
        self.terms: list[Terms] = []
        self.demands = self._demands()
        self.families = _grade_families(leaves, rulebook)
        self._shown: dict[tuple[str, str, str, Score | None], _Shown | None] = {}
        self.words = [place for place, (leaf, _) in enumerate(leaves) if isinstance(leaf, StatedOnly)]
        graded = {place for family in self.families for place in family}
        self.by_test: dict[str, list[int]] = {}
        for place, (leaf, _) in enumerate(leaves):
            if isinstance(leaf, TestNeeded):
                self.by_test.setdefault(leaf.code, []).append(place)
        self.levels: dict[tuple[str, frozenset[str]], list[Level]] = {}
        """Kept for whoever asks which levels of a test are wanted, by it and the editions that are asked for."""
        self.single = [place for place in range(len(leaves)) if place not in graded]
        """The leaves that belong to no family."""

    def among(self, places: Collection[int] | None) -> tuple[Sequence[int], Sequence[Family]]:
        """Return the leaves that belong to no family, and the families, as far as they are among the places."""
        if places is None:
            return self.single, self.families
        families = (tuple(place for place in family if place in places) for family in self.families)
        return [place for place in self.single if place in places], [family for family in families if family]

    def shown(self, code: str, has: Score | None, test: TestScale, part: str) -> _Shown | None:
        """Return what a score in a part of a test shows of the same part of another one; None where no table leads
        there. Scores are few, so that each is looked up once for everybody.
        """
        key = code, test.code, part, has
        if key not in self._shown:
            self._shown[key] = _shown(code, has, test, part, self.rulebook)
        return self._shown[key]

    def _demands(self) -> dict[int, Demand | None]:
        """Return what each leaf demands that asks for a test; None where nobody knows the test."""
        numbers: dict[tuple[object, ...], int] = {}
        found: dict[int, Demand | None] = {}
        for place, (leaf, asking) in enumerate(self.leaves):
            if isinstance(leaf, TestNeeded):
                number = numbers.setdefault((asking, leaf.valid_at, leaf.valid_months), len(self.terms))
                if number == len(self.terms):
                    self.terms.append(Terms(asking, leaf))
                test = self.rulebook.tests.get(leaf.code)
                found[place] = None if test is None else Demand(test, _parts(leaf, test), number)
        return found

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
        leaf = self._prepared.leaves[place].leaf
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
        return judge_asked(self._prepared.leaves[place], self._evidence, self._rulebook).standing

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
        self._evidence = evidence
        self._prepared = prepared
        self._own = prepared.rulebook.tests.get(result.code)
        self._total = None if self._own is None else total_of(result, self._own)
        self._counting: dict[int, bool | None] = {}
        self._surely: dict[str, dict[str, Decimal]] = {}

    def reaches(self, demand: Demand) -> bool:
        """Whether the demand is met or probably met by this result alone."""
        surely = self._surely.get(demand.test.code)
        if surely is None:
            surely = self._surely[demand.test.code] = self._surely_of(demand.test)
        for part, needed in demand.parts:
            if needed is None or needed > surely[part]:
                return False
        return self._can_show(demand) and self._counts(demand.terms) is True

    def shows(self, demand: Demand) -> Standing:
        """Return how the demand stands by this result alone."""
        found = self._by_scores(demand) if self._can_show(demand) else Standing.NOT_MET
        if found is Standing.NOT_MET:
            return found
        counts = self._counts(demand.terms)
        return found if counts else Standing.NOT_MET if counts is False else min(found, Standing.UNKNOWN)

    def _by_scores(self, demand: Demand) -> Standing:
        own = self._result.code == demand.test.code
        lowest = Standing.MET if own else Standing.PROBABLY_MET
        for part, needed in demand.parts:
            shown = self._of_part(demand.test, part)
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
        """Return whether the result counts on these terms; None where a day decides that nobody has named."""
        if terms not in self._counting:
            asking, leaf = self._prepared.terms[terms]
            rulebook, own = self._prepared.rulebook, self._own
            scope = scope_of(asking, self._evidence, rulebook)
            counts = None if own is None else counting(leaf, self._result, own, self._evidence, rulebook, scope).counts
            self._counting[terms] = counts
        return self._counting[terms]

    def _surely_of(self, test: TestScale) -> dict[str, Decimal]:
        """Return for each part the highest demand that the result satisfies; no demand where nothing is known."""
        parts = (TOTAL, *(section.name for section in test.sections))
        shown = ((part, self._of_part(test, part)) for part in parts)
        return {part: -_ABOVE_ALL if one is None else one.surely for part, one in shown}

    def _of_part(self, test: TestScale, part: str) -> _Shown | None:
        """Return what the result shows of the part; None where no table leads there."""
        has = self._total if part == TOTAL else self._result.sections.get(part)
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


def judge_asked(asked: AskedLeaf, evidence: Evidence, rulebook: Rulebook) -> Finding:
    """Return how a leaf that somebody knows stands for whom asks."""
    leaf, asking = asked
    if isinstance(leaf, VisaOpen):
        return fold_all(list(closure_findings(asking.country, asking.level, evidence, rulebook)))
    if leaf is None:
        raise TypeError("nobody knows what is required")
    return judge(leaf, evidence, rulebook, asking.institution, scope_of(asking, evidence, rulebook))


def _shown(code: str, has: Score | None, test: TestScale, part: str, rulebook: Rulebook) -> _Shown | None:
    scale = scale_of(test, part)
    if code == test.code:
        if has is None or scale is None or not is_on(has, scale):
            return _Shown(known=False)
        return _Shown(True, scale.rank(has), scale.rank(has))
    tables = rulebook.concordances_between(code, test.code, part)
    if scale is None or isinstance(has, str) or not tables:
        return None
    return _Shown(known=False) if has is None else _by_tables(has, scale, tables)


def _by_tables(has: Decimal, scale: Scale, tables: Iterable[Concordance]) -> _Shown:
    reached = [table.corresponding(has) for table in tables]
    ranks = [-_ABOVE_ALL if one is None else scale.rank(one) for one in reached]
    return _Shown(True, min(ranks), max(ranks))


def _parts(leaf: TestNeeded, test: TestScale) -> tuple[tuple[str, Decimal | None], ...]:
    parts = []
    for part, needed in wanted(leaf, test).items():
        scale = scale_of(test, part)
        parts.append((part, scale.rank(needed) if scale and is_on(needed, scale) else None))
    return tuple(parts)


def _grade_families(leaves: Sequence[AskedLeaf], rulebook: Rulebook) -> list[Family]:
    """Return the places of the grade leaves, those that differ only in their limit together, easiest limit first."""
    found: dict[tuple[str, str, str], list[tuple[Decimal, int]]] = {}
    for place, (leaf, asking) in enumerate(leaves):
        if isinstance(leaf, GradeNeeded):
            scale = rulebook.grade_scales.get(leaf.scale)
            hard = leaf.at_least if scale is None or scale.best > scale.worst else -leaf.at_least
            found.setdefault((leaf.of, leaf.scale, asking.institution), []).append((hard, place))
    return [tuple(place for _, place in sorted(family)) for family in found.values()]
