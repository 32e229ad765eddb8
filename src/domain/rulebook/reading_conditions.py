"""Reading conditions over the circumstances of a case."""

from __future__ import annotations

from collections.abc import Iterable

from ..shared.reading import Record
from .conditions import AllOf, AnyOf, Condition, Is, Not, wrong_circumstance


def maybe_condition(r: Record, key: str) -> Condition | None:
    """Return the condition under the key, or None when absent."""
    return read_condition(r, key) if r.has(key) else None


def read_condition(r: Record, key: str) -> Condition:
    """Return the condition under the key; what is wrong with it is noted."""
    node = r.maybe_table(key, required=True)
    return _condition_of(node) if node else AllOf(())


def _condition_of(node: Record) -> Condition:
    condition: Condition
    if node.has("circumstance"):
        condition = Is(node.text("circumstance"), _values(node))
        _check(node, condition)
    elif node.has("all"):
        condition = AllOf(_parts(node.tables("all")))
    elif node.has("any"):
        condition = AnyOf(_parts(node.tables("any")))
        if node.data["any"] == []:  # would never hold, while an empty "all" always does
            node.wrong("any", "requirement.empty")
    else:
        condition = Not(read_condition(node, "not"))
    node.done()
    return condition


def _check(node: Record, condition: Is) -> None:
    """Note a circumstance that nobody knows, and values that it never has: such a condition would never hold."""
    for value in condition.values:
        wrong = wrong_circumstance(condition.circumstance, value, node.place("in" if node.has("in") else "is"))
        if wrong is not None:
            node.problems.found.append(wrong)


def _parts(nodes: Iterable[Record]) -> tuple[Condition, ...]:
    return tuple(_condition_of(node) for node in nodes)


def _values(node: Record) -> tuple[str | bool, ...]:
    if node.has("in"):
        values = node.texts("in")
        if not values:
            node.wrong("in", "data.missing")
        return values
    if isinstance(node.data.get("is"), bool):
        return (node.flag("is"),)
    return (node.text("is"),)
