"""How a suite lets time pass for whatever it tries."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class PassingTime(Protocol):
    """The clock of what is tried, and a way to make it go on."""

    def now(self) -> datetime:
        """Return what that clock shows, in UTC."""
        ...

    async def go_on(self, by: timedelta) -> None:
        """Return once at least so much time has passed there."""
        ...


class RealTime:
    """For what has a clock that nobody can set: the suite waits, a few seconds in all."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def go_on(self, by: timedelta) -> None:
        await asyncio.sleep(by.total_seconds())
