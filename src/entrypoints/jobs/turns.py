"""Jobs that must not run beside one another: each begins once the one before has come to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context


class Turns:
    """Takes turns while there is anything to do. Nothing waits in here: what is not begun lies in its row."""

    def __init__(self, take_turn: Callable[[], Awaitable[bool]]) -> None:
        """``take_turn`` carries one job out from its lease to its noted end; it returns whether there was one."""
        self._take_turn = take_turn
        self._called = False
        self._going: asyncio.Task[None] | None = None

    def call(self) -> None:
        """Look whether there is anything to do, after the turn that is under way if there is one."""
        self._called = True
        if self._going is None:
            # What it does belongs to no single job: neither its log lines nor its spans.
            self._going = asyncio.create_task(self._go(), name="jobs one by one", context=Context())

    async def rest(self) -> None:
        """Wait until nothing is under way."""
        if self._going is not None:
            await asyncio.wait((self._going,))

    async def _go(self) -> None:
        try:
            while self._called:
                self._called = False
                while await self._take_turn():
                    pass
        finally:
            self._going = None
