"""Taking turns at what is heavy: few at once, some who wait, and a refusal at once for the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ...ports.errors import Unavailable


class Turns:
    """Lets ``at_once`` in, lets ``waiting`` more wait outside, where they hold no connection, and refuses the rest."""

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._inside = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._here = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it for the block; raise Unavailable when too many wait already."""
        if self._here >= self._most:
            raise Unavailable
        self._here += 1
        try:
            async with self._inside:
                yield
        finally:
            self._here -= 1
