"""Taking turns at what is heavy: few at once, some who wait, and a refusal at once for the others."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager

from ...ports.errors import Unavailable
from .errors import TooManyRequests

_SECONDS = 5  # until somebody who has used up her own places may come again; nobody knows how long a turn takes


class Turns:
    """Lets ``at_once`` in, lets ``waiting`` more wait outside, where they hold no connection, and refuses the rest.

    Of all these places, nobody gets more than ``each``.
    """

    def __init__(self, *, at_once: int, waiting: int, each: int) -> None:
        self._inside = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._each = each
        self._here: Counter[Hashable] = Counter()

    @asynccontextmanager
    async def turn(self, who: Hashable) -> AsyncIterator[None]:
        """Wait for a turn and hold it for the block.

        Raises TooManyRequests when ``who`` has all her places already, Unavailable when too many wait already.
        """
        if self._here[who] >= self._each:
            raise TooManyRequests(_SECONDS)
        if self._here.total() >= self._most:
            raise Unavailable
        self._here[who] += 1
        try:
            async with self._inside:
                yield
        finally:
            self._here[who] -= 1
            if not self._here[who]:
                del self._here[who]
