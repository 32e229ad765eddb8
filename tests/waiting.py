"""Waiting for something to come true, for so long and no longer."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

PAUSE = 0.05


async def until(
    comes_true: Callable[[], bool | Awaitable[bool]], patience: float = 20, *, what: str = "", pause: float = PAUSE
) -> float:
    """Return after how many seconds it was true; raise AssertionError when it was not within ``patience`` seconds."""
    begun = time.monotonic()
    while True:
        answer = comes_true()
        if await answer if inspect.isawaitable(answer) else answer:
            return time.monotonic() - begun
        if time.monotonic() - begun > patience:
            raise AssertionError(f"not within {patience:g} seconds: {what or inspect.getsource(comes_true).strip()}")
        await asyncio.sleep(pause)
