"""What takes long to make, and is made beside what is done without it already."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Later(Generic[T]):
    """One thing, made in a thread from when somebody first wants it."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._making: asyncio.Task[T] | None = None
        self.made: T | None = None
        """It, once it is there."""

    async def get(self) -> T:
        """Return it as soon as it is there; raise what its making raises."""
        if self.made is not None:
            return self.made
        if self._making is None:
            self._making = asyncio.create_task(self._run(), name="made later")
        return await asyncio.shield(self._making)  # whoever leaves does not take it from the others

    @property
    def is_wanted(self) -> bool:
        """Whether anybody has asked for it."""
        return self._making is not None

    async def _run(self) -> T:
        self.made = await asyncio.to_thread(self._make)
        return self.made
