"""Folding the standings of leaves to those of trees, for many students or changes at once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...domain.matching.trees import Kind, Trees, leaves_of
from ...domain.matching.verdict import Standing

if TYPE_CHECKING:
    from numpy.typing import NDArray


_BITS = np.arange(7, -1, -1, dtype=np.uint8).reshape(1, 1, 8, 1)
"""How far each of eight rows that lie in one byte is from its end."""


_NONE, _ALL = np.uint64(0), ~np.uint64(0)


class Open(NamedTuple):
    """Which trees are open: those that always are, those that are in some rows only, and whether these are, as 1 or 0
    row by row."""

    always: NDArray[np.intp]
    sometimes: NDArray[np.intp]
    is_open: NDArray[np.uint8]


class _Layer(NamedTuple):
    """Items of one kind whose parts all lie in earlier layers."""

    kind: Kind
    items: NDArray[np.intp]
    parts: NDArray[np.intp]
    starts: NDArray[np.intp]


class Fold:
    """The trees of a snapshot, ready to be folded."""

    def __init__(self, trees: Trees) -> None:
        self._size = len(trees.kinds)
        self._places = len(trees.leaves)
        self._roots = np.array(trees.roots, np.intp)
        leaves = [item for item, kind in enumerate(trees.kinds) if kind is Kind.LEAF]
        self._leaf_items = np.array(leaves, np.intp)
        self._leaf_places = np.array([trees.parts[item][0] for item in leaves], np.intp)
        empty = [item for item, kind in enumerate(trees.kinds) if kind is not Kind.LEAF and not trees.parts[item]]
        self._nothing_of = [
            (item, Standing.MET if trees.kinds[item] is Kind.ALL else Standing.NOT_MET) for item in empty
        ]
        self._layers = _layers(trees)
        self._leaves_of_trees, self._tree_of_leaf = _leaves(trees)

    def standings(self, leaves: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return how each tree stands, given how each leaf does."""
        found = np.zeros(self._size, np.uint8)
        found[self._leaf_items] = leaves[self._leaf_places]
        for item, standing in self._nothing_of:
            found[item] = standing
        for kind, items, parts, starts in self._layers:
            found[items] = (np.minimum if kind is Kind.ALL else np.maximum).reduceat(found[parts], starts)
        return found[self._roots]

    def leaves_of(self, counts: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the places of the leaves of all trees that are counted, ascending."""
        found = np.zeros(self._places, np.bool_)
        found[self._leaves_of_trees[(counts > 0)[self._tree_of_leaf]]] = True
        return np.flatnonzero(found)

    def open(self, leaves: NDArray[np.bool_], trees: NDArray[np.intp]) -> Open:
        """Return which of the trees are open, given for each row which leaves are.

        Sixty-four rows are folded at once, as the bits of a word.
        """
        rows = len(leaves)
        padded = np.concatenate((leaves, np.repeat(leaves[-1:], -rows % 64, axis=0)))  # more of the last change nothing
        words = np.packbits(np.ascontiguousarray(padded.T), axis=1).view(np.uint64)
        opened = np.array([self._folded(column)[self._roots[trees]] for column in words.T])
        always, never = (opened == _ALL).all(axis=0), (opened == _NONE).all(axis=0)
        differ = np.flatnonzero(~(always | never))
        eights = np.take(opened, differ, axis=1).view(np.uint8).reshape(len(opened), len(differ), 8).transpose(0, 2, 1)
        by_row = (np.ascontiguousarray(eights)[:, :, np.newaxis] >> _BITS) & np.uint8(1)
        return Open(trees[always], trees[differ], by_row.reshape(64 * len(opened), len(differ))[:rows])

    def _folded(self, leaves: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Return the items, given the leaves, for the rows of one word."""
        found = np.zeros(self._size, np.uint64)
        found[self._leaf_items] = leaves[self._leaf_places]
        for item, standing in self._nothing_of:
            found[item] = _ALL if standing is Standing.MET else _NONE
        for kind, items, parts, starts in self._layers:
            reduce = np.bitwise_and if kind is Kind.ALL else np.bitwise_or
            found[items] = reduce.reduceat(found[parts], starts)
        return found


def _leaves(trees: Trees) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of the leaves of each tree, one after another, and which tree each of them is of."""
    of_tree = [leaves_of(trees, [root]) for root in trees.roots]
    places = np.fromiter(chain.from_iterable(of_tree), np.intp)
    return places, np.repeat(np.arange(len(of_tree)), [len(one) for one in of_tree])


def _layers(trees: Trees) -> list[_Layer]:
    heights: list[int] = []
    layers: dict[tuple[int, Kind], list[int]] = {}
    for item, (kind, parts) in enumerate(zip(trees.kinds, trees.parts, strict=True)):
        if kind is Kind.LEAF or not parts:
            heights.append(0)
            continue
        height = 1 + max(heights[part] for part in parts)
        heights.append(height)
        layers.setdefault((height, kind), []).append(item)
    return [_layer(kind, layers[height, kind], trees) for height, kind in sorted(layers)]


def _layer(kind: Kind, items: list[int], trees: Trees) -> _Layer:
    sizes = [len(trees.parts[item]) for item in items]
    parts = [part for item in items for part in trees.parts[item]]
    starts = np.cumsum([0, *sizes[:-1]])
    return _Layer(kind, np.array(items, np.intp), np.array(parts, np.intp), starts.astype(np.intp))
