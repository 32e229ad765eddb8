"""One student against every distinct requirement of a catalogue: standings, effort, and what is lacking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import compress

from ..rulebook.pack import Rulebook
from ..shared.dataclass import dataclass
from .changes import flip_of_all, flip_of_any
from .demands import Counts
from .evidence import Evidence
from .judging import ask_institution
from .quick import Family, Prepared, Quick, judge_asked
from .ranking import NO_WAY
from .step import Opened
from .trees import Kind, Trees, lacks_of, standings_of
from .verdict import Change, Standing


@dataclass(frozen=True, slots=True)
class Order:
    """How programmes stand, and the ranks of the trees that the pages up to some depth can show, best first.

    ``total`` counts what may be listed; trees that are worse than all that is needed have no rank.
    """

    counts: dict[Standing, int]
    total: int
    ranks: Mapping[int, int]


class Whole:
    """A student on one day before the trees of a catalogue.

    With ``places`` only those leaves need be judged: of trees that have others, nothing is said.
    """

    def __init__(
        self, trees: Trees, evidence: Evidence, rulebook: Rulebook, places: Collection[int] | None = None
    ) -> None:
        self.trees = trees
        self.evidence = evidence
        self.rulebook = rulebook
        self.prepared = Prepared.of(trees, rulebook)
        self.counts = Counts(evidence, self.prepared.demands)
        self.places: Collection[int] = range(len(trees.leaves)) if places is None else places
        single, self.families = self.prepared.among(None if places is None else frozenset(places))
        self.leaves = self._judged(evidence, bytes(len(trees.leaves)), single, self.families)
        """The standing of each leaf."""
        self._items: list[int] | None = None
        self._flips: dict[int, tuple[Change, ...] | None] = {}

    def opened(self, evidence: Evidence, places: Iterable[int]) -> list[Opened]:
        """Return those of the leaves that are at least probably met with better evidence and were not before.

        Nothing else opens a programme.
        """
        return list(Quick(evidence, self.prepared, self.counts).opened(self.not_open(places)))

    def opened_of(self, evidence: Evidence, families: Iterable[Family]) -> tuple[list[Opened], list[Family]]:
        """Return the same of families, easiest first, in which no leaf is met without the easier ones; and these as far
        as they are opened."""
        quick, opened, reached = Quick(evidence, self.prepared, self.counts), list[Opened](), list[Family]()
        for family in families:
            found = tuple(quick.opened_of(self.not_open(family)))
            opened += found
            if found:
                reached.append(tuple(place for place, _ in found))
        return opened, reached

    def opened_by(self, evidence: Evidence) -> list[Opened]:
        """Return the same of all leaves, for evidence that changes more than one kind of them may depend on."""
        after = Whole(self.trees, evidence, self.rulebook, self.places).leaves
        return [
            (place, Standing(after[place]))
            for place in self.not_open(self.places)
            if after[place] >= Standing.PROBABLY_MET
        ]

    def improved(self, opened: Iterable[Opened]) -> bytes:
        """Return the standings of all leaves with those that are opened."""
        found = bytearray(self.leaves)
        for place, standing in opened:
            found[place] = standing
        return bytes(found)

    def words_aside(self, leaves: bytes) -> bytes:
        """Return the standings with all taken for met that is stated in words only."""
        found = bytearray(leaves)
        for place in self.prepared.words:
            found[place] = Standing.MET
        return bytes(found)

    def not_open(self, places: Iterable[int]) -> list[int]:
        """Return those of the leaves that are not even probably met."""
        leaves, enough = self.leaves, int(Standing.PROBABLY_MET)
        return [place for place in places if leaves[place] < enough]

    def order(
        self,
        counts: Sequence[int],
        standings: Sequence[int],
        depth: int,
        *,
        only: Collection[Standing] = (),
        missing: int = 0,
    ) -> Order:
        """Return how the programmes stand that the trees' ``counts`` count, and the best trees' ranks.

        ``standings`` are the trees' by ``leaves``; ``depth`` is how many programmes may have to be shown. ``only``
        lists these standings alone, ``missing`` (of Lack) those that lack something, and nothing else than this.
        """
        fitting = list(compress(range(len(counts)), counts))
        if missing:
            lacks = self._lacks()
            fitting = [tree for tree in fitting if lacks[tree] and not lacks[tree] & ~missing]
        in_order: list[list[int]] = [[] for _ in Standing]
        for tree in fitting:
            in_order[standings[tree]].append(tree)
        by_standing = {standing: in_order[standing] for standing in reversed(Standing)}
        said = {standing: sum(map(counts.__getitem__, found)) for standing, found in by_standing.items()}
        listed = [standing for standing in by_standing if not only or standing in only]
        ranks: dict[int, int] = {}
        covered = 0
        for standing in listed:
            if covered >= depth:
                break
            for rank, trees in self._by_effort(standing, by_standing[standing]):
                if covered >= depth:
                    break
                ranks.update(dict.fromkeys(trees, rank))
                covered += sum(counts[tree] for tree in trees)
        return Order(said, sum(said[standing] for standing in listed), ranks)

    def effort(self, tree: int) -> int:
        """Return the effort of the cheapest change that makes the tree met; NO_WAY where nothing would."""
        flip = self._flip(self.trees.roots[tree])
        return NO_WAY if flip is None else sum(change.effort for change in flip)

    def _judged(self, evidence: Evidence, before: bytes, places: Iterable[int], families: Iterable[Family]) -> bytes:
        found, quick = bytearray(before), Quick(evidence, self.prepared, self.counts)
        for place, standing in quick.tests():
            found[place] = standing
        for place in places:
            found[place] = quick.standing(place)
        for family in families:
            for place, standing in quick.family(family):
                found[place] = standing
        return bytes(found)

    def _by_effort(self, standing: Standing, trees: list[int]) -> Iterable[tuple[int, list[int]]]:
        if standing is Standing.MET:
            return [(_rank(standing, 0), trees)] if trees else []
        found: dict[int, list[int]] = {}
        for tree in trees:
            found.setdefault(self.effort(tree), []).append(tree)
        return [(_rank(standing, effort), found[effort]) for effort in sorted(found)]

    def _lacks(self) -> list[int]:
        items = lacks_of(self.trees, self._standings())
        return [items[root] for root in self.trees.roots]

    def _standings(self) -> list[int]:
        if self._items is None:
            self._items = standings_of(self.trees, self.leaves)
        return self._items

    def _flip(self, item: int) -> tuple[Change, ...] | None:
        if item in self._flips:
            return self._flips[item]
        kind, parts = self.trees.kinds[item], self.trees.parts[item]
        if kind is Kind.LEAF:
            found = self._leaf_flip(parts[0])
        elif kind is Kind.ALL:
            found = flip_of_all([self._flip(part) for part in parts])
        else:
            found = flip_of_any(self._item_standing(item), [self._flip(part) for part in parts])
        self._flips[item] = found
        return found

    def _item_standing(self, item: int) -> Standing:
        return Standing(self._standings()[item])

    def _leaf_flip(self, place: int) -> tuple[Change, ...] | None:
        if self.leaves[place] == Standing.MET:
            return ()
        asked = self.trees.leaves[place]
        if asked.leaf is None:
            return ask_institution("")
        return judge_asked(asked, self.evidence, self.rulebook).flip


def _rank(standing: Standing, effort: int) -> int:
    """Return one number that puts better standings first, and less effort within each."""
    return (Standing.MET - standing) * (NO_WAY + 1) + min(effort, NO_WAY)
