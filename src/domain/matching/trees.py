"""The distinct requirements of a catalogue: each leaf and each tree once, however many programmes state it.

What a page is and how far it can be trusted does not change how a requirement stands, so leaves that ask for the same
are one. A tree is an item; an item is a leaf, or all or any of items before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from enum import IntEnum, IntFlag
from typing import Any, NamedTuple

from ..catalogue.requirement import (
    AllOf,
    AnyOf,
    CitizenshipNeeded,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    Leaf,
    MoneyNeeded,
    Requirement,
    Stated,
    StatedOnly,
    TestNeeded,
)
from ..rulebook.pack import Rulebook
from ..shared.sources import Confidence
from .entry import NO_PAGE
from .verdict import Standing

NOT_KNOWN = 0
"""The item of programmes whose requirement nobody knows."""

_NOWHERE = Stated(NO_PAGE, Confidence.HIGH)


class Kind(IntEnum):
    """What an item is."""

    LEAF = 0
    ALL = 1
    ANY = 2


class Lack(IntFlag):
    """Kinds of what may stand between a student and a programme."""

    REQUIREMENT = 1
    TEST = 2
    GRADE = 4
    DEGREE = 8
    DOCUMENT = 16
    EXPERIENCE = 32
    CITIZENSHIP = 64
    MONEY = 128
    STATED = 256

    @property
    def word(self) -> str:
        """The word of a single one that is sent."""
        return (self.name or "").lower()


_LACKS: dict[type, Lack] = {
    TestNeeded: Lack.TEST,
    GradeNeeded: Lack.GRADE,
    DegreeNeeded: Lack.DEGREE,
    DocumentNeeded: Lack.DOCUMENT,
    ExperienceNeeded: Lack.EXPERIENCE,
    CitizenshipNeeded: Lack.CITIZENSHIP,
    MoneyNeeded: Lack.MONEY,
    StatedOnly: Lack.STATED,
}


class AskedLeaf(NamedTuple):
    """A leaf and who asks for it: named only where that has tables of its own. None is a requirement nobody knows."""

    leaf: Leaf | None
    institution: str = ""

    @property
    def lack(self) -> Lack:
        """What is lacking where this leaf is not met."""
        return Lack.REQUIREMENT if self.leaf is None else _LACKS[type(self.leaf)]


class Trees:
    """Items in an order in which parts come before what they are parts of; ``roots`` has the item of each tree."""

    def __init__(self, own_tables: frozenset[str] = frozenset()) -> None:
        self.own_tables = own_tables
        self.leaves: list[AskedLeaf] = [AskedLeaf(None)]
        self.kinds: list[Kind] = [Kind.LEAF]
        self.parts: list[tuple[int, ...]] = [(0,)]
        """For a leaf its place among the leaves, else the items that are its parts."""
        self.roots: list[int] = []
        self.prepared: object = None
        """Kept for whoever judges all leaves: what the scales of a rulebook make of them."""
        self._items: dict[tuple[Any, ...], int] = {}
        self._trees: dict[int, int] = {}
        self._seen: dict[tuple[int, str], tuple[int, Requirement]] = {}

    def tree(self, requirement: Requirement | None, institution: str) -> int:
        """Return the number of the tree, which is a new one where nobody has asked for the same."""
        if requirement is None:
            return self._tree(NOT_KNOWN)
        own = institution if institution.strip().casefold() in self.own_tables else ""
        seen = self._seen.get((id(requirement), own))
        if seen is None:
            seen = self._seen[id(requirement), own] = self._item(requirement, own), requirement  # keeps the id its own
        return self._tree(seen[0])

    def done(self) -> None:
        """Forget what was only needed to build it."""
        self._seen, self._items, self._trees = {}, {}, {}

    def _tree(self, item: int) -> int:
        found = self._trees.get(item)
        if found is None:
            found = self._trees[item] = len(self.roots)
            self.roots.append(item)
        return found

    def _item(self, requirement: Requirement, own: str) -> int:
        if isinstance(requirement, AllOf | AnyOf):
            kind = Kind.ALL if isinstance(requirement, AllOf) else Kind.ANY
            parts = tuple(self._item(part, own) for part in requirement.parts)
            return self._intern((kind, *parts), kind, lambda: parts)
        leaf = bare(requirement)
        asked = AskedLeaf(leaf, own if isinstance(requirement, GradeNeeded) else "")
        return self._intern((Kind.LEAF, asked.institution, *_says(leaf)), Kind.LEAF, lambda: self._leaf(asked))

    def _leaf(self, asked: AskedLeaf) -> tuple[int, ...]:
        self.leaves.append(asked)
        return (len(self.leaves) - 1,)

    def _intern(self, key: tuple[Any, ...], kind: Kind, parts: Callable[[], tuple[int, ...]]) -> int:
        found = self._items.get(key)
        if found is None:
            found = self._items[key] = len(self.kinds)
            self.parts.append(parts())
            self.kinds.append(kind)
        return found


def standings_of(trees: Trees, leaves: Sequence[int]) -> list[int]:
    """Return how each item stands, given how each leaf does: all-of takes the least, any-of the greatest."""
    found: list[int] = []
    for kind, parts in zip(trees.kinds, trees.parts, strict=True):
        if kind is Kind.LEAF:
            found.append(leaves[parts[0]])
        elif kind is Kind.ALL:
            found.append(min((found[part] for part in parts), default=int(Standing.MET)))
        else:
            found.append(max((found[part] for part in parts), default=int(Standing.NOT_MET)))
    return found


def lacks_of(trees: Trees, standings: Sequence[int]) -> list[int]:
    """Return for each item which kinds of leaves keep it from being met; of alternatives, the best ones count."""
    found: list[int] = []
    for item, (kind, parts) in enumerate(zip(trees.kinds, trees.parts, strict=True)):
        lacking = 0
        if standings[item] != Standing.MET:
            if kind is Kind.LEAF:
                lacking = int(trees.leaves[parts[0]].lack)
            else:
                for part in parts:
                    if kind is Kind.ALL or standings[part] == standings[item]:
                        lacking |= found[part]
        found.append(lacking)
    return found


def own_tables(rulebook: Rulebook) -> frozenset[str]:
    """Return the folded names of the institutions that have conversions of their own."""
    found: Iterable[str] = (one.institution for one in rulebook.grade_conversions.values())
    return frozenset(name.strip().casefold() for name in found if name)


def bare(leaf: Leaf) -> Leaf:
    """Return the leaf without its page, and without what does not change how it stands."""
    if isinstance(leaf, StatedOnly):
        return StatedOnly(_NOWHERE, "")
    return replace(leaf, stated=_NOWHERE)


def _says(leaf: Leaf) -> tuple[Any, ...]:
    """Return all that a bare leaf asks for, to be compared."""
    asked = (getattr(leaf, field.name) for field in fields(leaf) if field.name != "stated")
    return type(leaf), *(tuple(one.items()) if isinstance(one, Mapping) else one for one in asked)
