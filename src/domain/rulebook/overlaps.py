"""Facts that answer the same question for the same case on the same day, with nothing that says which counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations

from .facts import Fact


def without_order(facts: Iterable[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Yield each two facts of one layer that have no order among them; the one that stands later is the second.

    What is as narrow and can meet one case may not hold on a common day. One exception: of two with the same scope, one
    whose end nobody stated lasts until the next begins.
    """
    by_key: dict[str, list[Fact]] = {}
    for fact in facts:
        by_key.setdefault(fact.key, []).append(fact)
    for group in by_key.values():
        for one, other in combinations(group, 2):
            if _have_no_order(one, other):
                yield one, other


def _have_no_order(one: Fact, other: Fact) -> bool:
    if one.scope.narrowness != other.scope.narrowness or not one.scope.can_meet(other.scope):
        return False
    if not _meet_in_time(one, other):
        return False
    if one.scope != other.scope or one.valid_from == other.valid_from:
        return True
    first = min((one, other), key=lambda fact: fact.valid_from or date.min)
    return first.valid_to is not None


def _meet_in_time(one: Fact, other: Fact) -> bool:
    begin = max(one.valid_from or date.min, other.valid_from or date.min)
    return begin <= min(one.valid_to or date.max, other.valid_to or date.max)
