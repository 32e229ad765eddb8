"""How often somebody may do something."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol, runtime_checkable

from ..domain.shared.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``times`` in any window of ``within``; ``name`` tells limits apart that count different things.

    ``closed`` says what holds when nobody can count: True refuses, for what security depends on.
    """

    name: str
    times: int
    within: timedelta
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may be done, how often it still may, and how long to wait until it may again at least once."""

    allowed: bool
    left: int
    wait: timedelta


Hit = tuple[Limit, str]
"""A limit, and who it is counted for."""


@runtime_checkable
class Limits(Protocol):
    """Counts in a window that slides, over all processes together."""

    async def hit(self, limit: Limit, who: str) -> Verdict:
        """Count one for ``who`` and return the verdict; a refused one is not counted. Raise Unavailable when nobody
        can count and the limit is closed; an open one is then allowed."""
        ...

    async def hit_all(self, hits: Sequence[Hit]) -> list[Verdict]:
        """Count one for each, or none at all where one of them is refused; return the verdicts in the same order.

        No pair may come twice. However many they are, whoever counts is asked once. Raise Unavailable when nobody can
        count and one of the limits is closed; otherwise all are then allowed.
        """
        ...
