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
from ..shared.dataclass import dataclass
from ..shared.sources import Confidence
from .asking import ANYBODY, Apart, Asking
from .entry import NO_PAGE
from .verdict import Standing

NOT_KNOWN = 0
"""The item of programmes whose requirement nobody knows."""

NOWHERE = Stated(NO_PAGE, Confidence.HIGH)


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
    VISA = 512

    @property
    def word(self) -> str:
        """The word of a single one that is sent."""
        return (self.name or "").lower()


@dataclass(frozen=True, slots=True)
class VisaOpen:
    """That no stop of study visas meets the student: what a country requires, beside what its programmes state."""


_LACKS: dict[type, Lack] = {
    TestNeeded: Lack.TEST,
    GradeNeeded: Lack.GRADE,
    DegreeNeeded: Lack.DEGREE,
    DocumentNeeded: Lack.DOCUMENT,
    ExperienceNeeded: Lack.EXPERIENCE,
    CitizenshipNeeded: Lack.CITIZENSHIP,
    MoneyNeeded: Lack.MONEY,
    StatedOnly: Lack.STATED,
    VisaOpen: Lack.VISA,
}


class AskedLeaf(NamedTuple):
    """A leaf and who asks for it, as far as that makes a difference. None is a requirement nobody knows."""

    leaf: Leaf | VisaOpen | None
    asking: Asking = ANYBODY

    @property
    def lack(self) -> Lack:
        """What is lacking where this leaf is not met."""
        return Lack.REQUIREMENT if self.leaf is None else _LACKS[type(self.leaf)]


class Trees:
    """Items in an order in which parts come before what they are parts of; ``roots`` has the item of each tree."""

    def __init__(self, apart: Apart) -> None:
        self.apart = apart
        self.leaves: list[AskedLeaf] = [AskedLeaf(None)]
        self.kinds: list[Kind] = [Kind.LEAF]
        self.parts: list[tuple[int, ...]] = [(0,)]
        """For a leaf its place among the leaves, else the items that are its parts."""
        self.roots: list[int] = []
        self.prepared: object = None
        """Kept for whoever judges all leaves: what the scales of a rulebook make of them."""
        self._named = apart.all
        self._items: dict[tuple[Any, ...], int] = {}
        self._trees: dict[int, int] = {}
        self._seen: dict[tuple[int, Asking], tuple[int, Requirement | None]] = {}

    def tree(self, requirement: Requirement | None, asking: Asking) -> int:
        """Return the number of the tree, which is a new one where nobody has asked for the same."""
        whose = self._named.of(asking)
        seen = self._seen.get((id(requirement), whose))
        if seen is None:
            tree = self._tree(self._with_visa(requirement, whose))
            seen = self._seen[id(requirement), whose] = tree, requirement  # keeps the id its own
        return seen[0]

    def done(self) -> None:
        """Forget what was only needed to build it."""
        self._seen, self._items, self._trees = {}, {}, {}

    def _tree(self, item: int) -> int:
        found = self._trees.get(item)
        if found is None:
            found = self._trees[item] = len(self.roots)
            self.roots.append(item)
        return found

    def _with_visa(self, requirement: Requirement | None, asking: Asking) -> int:
        stated = NOT_KNOWN if requirement is None else self._item(requirement, asking)
        whose = self.apart.visas.of(asking)
        if not whose.country:
            return stated
        parts = stated, self._asked(AskedLeaf(VisaOpen(), whose))
        return self._intern((Kind.ALL, *parts), Kind.ALL, lambda: parts)

    def _item(self, requirement: Requirement, asking: Asking) -> int:
        if isinstance(requirement, AllOf | AnyOf):
            kind = Kind.ALL if isinstance(requirement, AllOf) else Kind.ANY
            parts = tuple(self._item(part, asking) for part in requirement.parts)
            return self._intern((kind, *parts), kind, lambda: parts)
        whose = ANYBODY
        if isinstance(requirement, GradeNeeded):
            whose = self.apart.grades.of(asking)
        elif isinstance(requirement, TestNeeded):
            whose = self.apart.tests.of(asking)
        return self._asked(AskedLeaf(bare(requirement), whose))

    def _asked(self, asked: AskedLeaf) -> int:
        return self._intern((Kind.LEAF, asked.asking, *_says(asked.leaf)), Kind.LEAF, lambda: self._leaf(asked))

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


def leaves_of(trees: Trees, items: Iterable[int]) -> list[int]:
    """Return the places of the leaves of the items, ascending, each once."""
    waiting, seen, found = list(items), set[int](), set[int]()
    while waiting:
        item = waiting.pop()
        if item in seen:
            continue
        seen.add(item)
        if trees.kinds[item] is Kind.LEAF:
            found.add(trees.parts[item][0])
        else:
            waiting += trees.parts[item]
    return sorted(found)


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


def bare(leaf: Leaf) -> Leaf:
    """Return the leaf without its page, and without what does not change how it stands."""
    if isinstance(leaf, StatedOnly):
        return StatedOnly(NOWHERE, "")
    return replace(leaf, stated=NOWHERE)


def _says(leaf: Leaf | VisaOpen | None) -> tuple[Any, ...]:
    """Return all that a bare leaf asks for, to be compared."""
    if leaf is None:
        return ()
    asked = (getattr(leaf, field.name) for field in fields(leaf) if field.name != "stated")
    return type(leaf), *(tuple(sorted(one.items())) if isinstance(one, Mapping) else one for one in asked)
