"""State machines as tables: each row says which action leads from where to where, and who may take it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Generic, TypeVar

from .dataclass import dataclass

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)
P = TypeVar("P", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Move(Generic[S, A, P]):
    """One row: the action leads from any of the states to another one, and ``by`` names the side that takes it."""

    action: A
    sources: tuple[S, ...]
    target: S
    by: P


def move_for(moves: Iterable[Move[S, A, P]], action: A, state: S) -> Move[S, A, P] | None:
    """Return the row of the action that begins in the state, or None when the table has none."""
    return next((move for move in moves if move.action is action and state in move.sources), None)


def actions_from(moves: Iterable[Move[S, A, P]], state: S) -> tuple[A, ...]:
    """Return what can be done in the state, in the table's order."""
    return tuple(move.action for move in moves if state in move.sources)


def state_diagram(moves: Iterable[Move[S, A, P]], first: S) -> str:
    """Return the table as a Mermaid state diagram; each arrow says the action and who takes it."""
    return "\n".join(("stateDiagram-v2", *_lines(tuple(moves), first))) + "\n"


def _lines(moves: tuple[Move[S, A, P], ...], first: S) -> Iterator[str]:
    yield f"    [*] --> {first.value}"
    for move in moves:
        for source in move.sources:
            yield f"    {source.value} --> {move.target.value}: {move.action.value} ({move.by.value})"
    left = {source for move in moves for source in move.sources}
    reached = dict.fromkeys(move.target for move in moves)
    for state in reached:
        if state not in left:
            yield f"    {state.value} --> [*]"
