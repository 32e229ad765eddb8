"""Reading conditions over the circumstances of a case."""

from __future__ import annotations

from collections.abc import Iterable

from ..shared.reading import Record
from .conditions import KNOWN_CIRCUMSTANCES, AllOf, AnyOf, Condition, Is, Not


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
        name = node.text("circumstance")
        if name not in KNOWN_CIRCUMSTANCES:
            node.wrong("circumstance", "condition.unknown_circumstance", given=name)
        condition = Is(name, _values(node))
    elif node.has("all"):
        condition = AllOf(_parts(node.tables("all")))
    elif node.has("any"):
        condition = AnyOf(_parts(node.tables("any")))
    else:
        condition = Not(read_condition(node, "not"))
    node.done()
    return condition


def _parts(nodes: Iterable[Record]) -> tuple[Condition, ...]:
    return tuple(_condition_of(node) for node in nodes)


def _values(node: Record) -> tuple[str | bool, ...]:
    if node.has("in"):
        return node.texts("in")
    if isinstance(node.data.get("is"), bool):
        return (node.flag("is"),)
    return (node.text("is"),)
