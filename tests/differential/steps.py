"""One step of a random programme over the ports, and how its outcome is written down so that two stores compare."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from higherstudy.domain.shared.errors import DomainError, NotFound, RuleBroken
from higherstudy.ports.answers import IdempotencyKeyReused
from higherstudy.ports.jobs import LeaseLost
from higherstudy.ports.transactions import UnitOfWork

FIXED = datetime(2001, 2, 3, 4, 5, 6, 789000).astimezone()
"""A moment that is part of what is kept, not told by a store's clock."""


class Memo:
    """What one side remembers between its units: whom it leased, which events it has seen."""

    def __init__(self) -> None:
        self.leased: list[Any] = []
        self.seen: list[Any] = []
        self.tries = 0


Do = Callable[..., Awaitable[object]]


@dataclass(frozen=True)
class Step:
    """One call of a port, with everything that it is given."""

    do: Do
    given: tuple[Any, ...]

    def __repr__(self) -> str:
        return f"{self.do.__name__}({', '.join(map(repr, self.given))})"


def step(do: Do, *given: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """Return steps that call it with what the strategies give; it also gets the open unit and the side's memo."""
    return st.tuples(*given).map(lambda values: Step(do, values))


Numbers = st.integers(0, 2)
New = st.integers(0, 5)
"""Some of these are there already."""


def id_of(kind: int, number: int) -> UUID:
    """Return the id of the thing of this kind with this number, the same on both sides."""
    return UUID(int=kind << 96 | 7 << 76 | 2 << 62 | number + 1)


def shown(value: Any, now: datetime) -> Any:
    """Return the value as plain parts. A moment of the store's own clock is told as whole minutes from its ``now``:
    the two clocks are not the same, and everything that the steps ask for is hours apart."""
    if isinstance(value, datetime):
        return value.isoformat() if value.year == FIXED.year else f"{round((value - now).total_seconds() / 60)} min"
    if is_dataclass(value) and not isinstance(value, type):
        return {type(value).__name__: {f.name: shown(getattr(value, f.name), now) for f in fields(value)}}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(shown(key, now)): shown(part, now) for key, part in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((shown(part, now) for part in value), key=repr)
    if isinstance(value, list | tuple):
        return [shown(part, now) for part in value]
    return value


GOES_ON = (NotFound, RuleBroken, LeaseLost, IdempotencyKeyReused)
"""Refusals that a unit may outlive: nothing was asked of the store that it could not carry out."""


async def run(work: UnitOfWork, memo: Memo, one: Step) -> Any:
    """Return what the step comes to in the unit, in plain parts; raise what ends the unit."""
    try:
        return shown(await one.do(work, memo, *one.given), work.now)
    except GOES_ON as error:
        return Refusal.of(error)


class Refusal(tuple[Any, ...]):
    """A refusal is alike in its class and code, and in its reasons where both stores name some: PostgreSQL often
    cannot tell by which of several rows it was refused."""

    __slots__ = ()

    @classmethod
    def of(cls, error: DomainError) -> Refusal:
        """Return the error's class, code and reasons."""
        return cls((type(error).__name__, error.code, tuple(reason.code for reason in error.reasons)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Refusal):
            return False
        return self[:2] == other[:2] and (self[2] == other[2] or not self[2] or not other[2])

    __hash__ = tuple.__hash__
