"""How leaves stand, without the reasons: what ``judge`` says of each, many times as fast, for a whole catalogue.

Properties hold the two together. Of leaves that differ in nothing but a limit, only those are judged between which the
standing changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property

from ..catalogue.requirement import (
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    MoneyNeeded,
    StatedOnly,
    TestNeeded,
)
from ..rulebook.pack import Rulebook
from .bits import places_in
from .closures import closure_findings
from .demands import Counts, Demands, Shows
from .evidence import Evidence
from .grades import grade_standing
from .judging import degree_standing, fold_all, judge, scope_of
from .trees import AskedLeaf, Trees, VisaOpen
from .verdict import Finding, Standing

Family = tuple[int, ...]


class Prepared:
    """What is the same for everybody: the leaves of a snapshot, by the scales of a rulebook."""

    def __init__(self, leaves: Sequence[AskedLeaf], rulebook: Rulebook) -> None:
        self.leaves = leaves
        self.rulebook = rulebook
        self.demands = Demands(leaves, rulebook)
        self.families = _families(leaves, rulebook)
        self.words = [place for place, (leaf, _) in enumerate(leaves) if isinstance(leaf, StatedOnly)]
        in_some = {place for family in self.families for place in family}
        for_tests = {place for places in self.demands.by_test.values() for place in places}
        self.single = [place for place in range(len(leaves)) if place not in in_some | for_tests]
        """The leaves that belong to no family and ask for no test."""

    def among(self, places: Collection[int] | None) -> tuple[Sequence[int], Sequence[Family]]:
        """Return the leaves that are judged one by one, and the families, as far as they are among the places."""
        if places is None:
            return self.single, self.families
        families = (tuple(place for place in family if place in places) for family in self.families)
        return [place for place in self.single if place in places], [family for family in families if family]

    @classmethod
    def of(cls, trees: Trees, rulebook: Rulebook) -> Prepared:
        """Return it for the trees' leaves; the trees keep the last one."""
        kept = trees.prepared
        if not isinstance(kept, Prepared) or kept.rulebook is not rulebook:
            kept = trees.prepared = cls(trees.leaves, rulebook)
        return kept


class Quick:
    """One student's evidence of one day, prepared for many leaves."""

    def __init__(self, evidence: Evidence, prepared: Prepared, counts: Counts) -> None:
        self._evidence = evidence
        self._counts = counts
        self._prepared = prepared
        self._demands = prepared.demands
        self._rulebook = prepared.rulebook

    @cached_property
    def _results(self) -> list[tuple[str, Shows]] | None:
        results = self._evidence.profile.tests
        return None if results is None else [(one.code, Shows(one, self._demands, self._counts)) for one in results]

    def standing(self, place: int) -> Standing:
        """Return how the leaf at the place stands."""
        leaf = self._prepared.leaves[place].leaf
        if leaf is None:
            return Standing.UNKNOWN
        if isinstance(leaf, TestNeeded):
            return self._test(leaf.code, place)
        if isinstance(leaf, DegreeNeeded):
            return self._degree(leaf)
        if isinstance(leaf, GradeNeeded):
            whose = self._prepared.leaves[place].asking.institution
            return grade_standing(leaf, self._evidence, self._rulebook, whose)
        if isinstance(leaf, MoneyNeeded):
            budget = self._evidence.profile.budget_a_year
            if budget is None or budget.currency != leaf.a_year.currency:
                return Standing.UNKNOWN
            return _known(enough=budget.minor >= leaf.a_year.minor)
        if isinstance(leaf, ExperienceNeeded):
            return _known(enough=None if self._months is None else self._months >= leaf.months)
        if isinstance(leaf, DocumentNeeded):
            papers = self._evidence.papers
            return _known(enough=None if papers is None else papers.get(leaf.kind, False))
        if isinstance(leaf, StatedOnly):
            return Standing.UNKNOWN
        return judge_asked(self._prepared.leaves[place], self._evidence, self._rulebook).standing

    def tests(self) -> Iterator[tuple[int, Standing]]:
        """Yield the leaves that ask for tests with their standing, those alone of which it is more than not met."""
        for code in self._demands.asked:
            for standing, places in self._by_standing(code):
                yield from ((place, standing) for place in places_in(places))

    def _test(self, code: str, place: int) -> Standing:
        found = (standing for standing, places in self._by_standing(code) if places >> place & 1)
        return next(found, Standing.NOT_MET)

    def _by_standing(self, code: str) -> Sequence[tuple[Standing, int]]:
        """Return the leaves that ask for the test, by how the best of the results stands."""
        asked, results = self._demands.asked[code], self._results
        if results is None or asked.test is None:
            return [(Standing.UNKNOWN, asked.all)]
        met = probably = unknown = 0
        for code_of_result, result in results:
            enough, unsure = result.of(code)
            unknown |= unsure
            if code_of_result == code:
                met |= enough
            else:
                probably |= enough
        probably &= ~met
        by_standing = (Standing.MET, met), (Standing.PROBABLY_MET, probably)
        return [*by_standing, (Standing.UNKNOWN, unknown & ~(met | probably))]

    def _degree(self, leaf: DegreeNeeded) -> Standing:
        held, on = self._evidence.profile.qualifications, self._evidence.on
        if held is None:
            return Standing.UNKNOWN
        return max((degree_standing(leaf, one, on) for one in held), default=Standing.NOT_MET)

    @cached_property
    def _months(self) -> int | None:
        """Whole months of work."""
        return self._evidence.profile.months_of_work(self._evidence.on)

    def opened(self, places: Iterable[int]) -> Iterator[tuple[int, Standing]]:
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


def _known(*, enough: bool | None) -> Standing:
    return Standing.UNKNOWN if enough is None else Standing.MET if enough else Standing.NOT_MET


def judge_asked(asked: AskedLeaf, evidence: Evidence, rulebook: Rulebook) -> Finding:
    """Return how a leaf that somebody knows stands for whom asks."""
    leaf, asking = asked
    if isinstance(leaf, VisaOpen):
        return fold_all(list(closure_findings(asking.country, asking.level, evidence, rulebook)))
    if leaf is None:
        raise TypeError("nobody knows what is required")
    return judge(leaf, evidence, rulebook, asking.institution, scope_of(asking, evidence, rulebook))


def _families(leaves: Sequence[AskedLeaf], rulebook: Rulebook) -> list[Family]:
    """Return the places of the leaves that have a limit, those that differ in nothing else together, easiest first."""
    found: dict[tuple[str, ...], list[tuple[Decimal, int]]] = {}
    for place, (leaf, asking) in enumerate(leaves):
        match leaf:
            case GradeNeeded():
                scale = rulebook.grade_scales.get(leaf.scale)
                hard = leaf.at_least if scale is None or scale.best > scale.worst else -leaf.at_least
                found.setdefault(("grade", leaf.of, leaf.scale, asking.institution), []).append((hard, place))
            case MoneyNeeded():
                hard = Decimal(leaf.a_year.minor)
                found.setdefault(("money", leaf.a_year.currency), []).append((hard, place))
            case ExperienceNeeded():
                found.setdefault(("experience",), []).append((Decimal(leaf.months), place))
    return [tuple(place for _, place in sorted(family)) for family in found.values()]
