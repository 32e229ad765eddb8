"""The catalogue for matching in plain Python: every programme is looked at, one by one."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

from ..catalogue.folding import words_of
from ..shared.ids import ProgrammeId
from .asking import Apart
from .entry import Entry
from .trees import Trees, leaves_of, standings_of
from .unlocking import Opening, opening_of
from .wanted import Wanted, Wishes


class Listing:
    """Entries with the trees that they state."""

    def __init__(self, entries: Iterable[Entry], apart: Apart) -> None:
        self.trees = Trees(apart)
        self._rows = [(entry, self.trees.tree(entry.requirement, entry.asking)) for entry in entries]
        self.trees.done()

    def select(self, wanted: Wanted) -> Selected:
        """Return the programmes that fit."""
        words = words_of(wanted.query.text)
        return Selected(self.trees, [row for row in self._rows if wanted.takes(row[0], words)])


class Selected:
    """The programmes that fit a question; ``counts`` says of each tree how many of them state it."""

    def __init__(self, trees: Trees, rows: list[tuple[Entry, int]]) -> None:
        self._trees = trees
        self._rows = rows
        self.counts = [0] * len(trees.roots)
        for _, tree in rows:
            self.counts[tree] += 1

    @property
    def leaves(self) -> list[int]:
        """The places of the leaves of the trees that they state, ascending."""
        trees = self._trees
        roots = (root for root, count in zip(trees.roots, self.counts, strict=True) if count)
        return leaves_of(trees, roots)

    def standings(self, leaves: bytes) -> bytes:
        """Return how each tree stands, given how each leaf does."""
        items = standings_of(self._trees, leaves)
        return bytes(items[root] for root in self._trees.roots)

    def openings(self, rows: Sequence[bytes]) -> list[Opening]:
        """Return what is met or probably met, for each row of the leaves' standings."""
        return [opening_of(self.standings(leaves), self.counts) for leaves in rows]

    def page(self, ranks: Mapping[int, int], wishes: Wishes, start: int, size: int) -> list[ProgrammeId]:
        """Return the programmes of the ranked trees from place ``start`` on: by rank, fit, name, key."""
        ranked = (
            ((ranks[tree], wishes.code(entry), entry.name, entry.key), entry.id)
            for entry, tree in self._rows
            if tree in ranks
        )
        return [id_ for _, id_ in heapq.nsmallest(start + size, ranked)[start:]]
