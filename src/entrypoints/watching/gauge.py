"""A figure that is looked up when somebody asks for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Gauge:
    """A figure that is looked up when it is asked for, by the values of one label or of several, or alone under
    ``""``."""

    name: str
    meaning: str
    look: Callable[[], Awaitable[Mapping[Any, float]]]
    label: str | tuple[str, ...] = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of its labels."""
        return self.label if isinstance(self.label, tuple) else tuple(filter(None, (self.label,)))


class Remembered(Generic[T]):
    """What was looked up, for some seconds: however many ask, and however many figures are made of it.

    A look that fails is not remembered; whoever asks next looks again.
    """

    def __init__(
        self, look: Callable[[], Awaitable[T]], seconds: float, ticking: Callable[[], float] = time.monotonic
    ) -> None:
        self._look = look
        self._seconds = seconds
        self._ticking = ticking
        self._turn = asyncio.Lock()
        self._known: tuple[float, T] | None = None

    async def __call__(self) -> T:
        """Return what was found at most so many seconds ago."""
        async with self._turn:
            if self._known is None or self._ticking() - self._known[0] >= self._seconds:
                self._known = self._ticking(), await self._look()
            return self._known[1]
