"""Facts that answer the same question for the same case on the same day, with nothing that says which counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from .facts import Fact


def without_order(facts: Iterable[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """Yield each fact of one layer that has no order to one before it, with the first such one; it is the second.

    What is as narrow and can meet one case may not hold on a common day. One exception: of two with the same scope, one
    whose end nobody stated lasts until the next begins.
    """
    before: dict[tuple[str, int], dict[str, list[Fact]]] = {}
    for fact in facts:
        group = before.setdefault((fact.key, fact.scope.narrowness), {})
        one = next((one for one in _who_may_meet(fact, group) if _have_no_order(one, fact)), None)
        if one is not None:
            yield one, fact
        group.setdefault(fact.scope.institution, []).append(fact)


def _who_may_meet(fact: Fact, group: dict[str, list[Fact]]) -> Iterator[Fact]:
    """Yield those of a group by institution that could apply to one case with the fact.

    Thousands of institutions with a fact of their own each need not be held against one another.
    """
    own = fact.scope.institution
    for institution in (own, "") if own else tuple(group):
        yield from group.get(institution, ())


def _have_no_order(one: Fact, other: Fact) -> bool:
    """Whether nothing says which of two equally narrow facts of one key counts."""
    if not _meet_in_time(one, other) or not one.scope.can_meet(other.scope):
        return False
    if one.scope != other.scope or one.valid_from == other.valid_from:
        return True
    first = min((one, other), key=lambda fact: fact.valid_from or date.min)
    return first.valid_to is not None


def _meet_in_time(one: Fact, other: Fact) -> bool:
    begin = max(one.valid_from or date.min, other.valid_from or date.min)
    return begin <= min(one.valid_to or date.max, other.valid_to or date.max)
