"""A look at every sentence now, over the database of this machine's settings: no sign-in is asked for."""

from __future__ import annotations

from typing import Any


def looked_here() -> Any:
    """Look, keep the run as the hourly one does, and return what the server would show of it."""
    import asyncio  # noqa: PLC0415 - the weight of a process is for those who ask for it

    return asyncio.run(_look())


async def _look() -> Any:
    import msgspec  # noqa: PLC0415

    from ..http.routes.invariants import shown  # noqa: PLC0415
    from .here import use_cases_here  # noqa: PLC0415

    async def nobody(_: int, __: int) -> None:
        """Nobody watches."""

    async with use_cases_here() as use:
        run, breaches = await use.detect_breaches().by_operator(nobody)
    return msgspec.to_builtins(shown(run, breaches))
