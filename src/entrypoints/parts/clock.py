"""Whether this process's clock agrees with the database's: what it signs and judges by itself goes by its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from ...adapters.postgres.skew import Skew
from ...ports.errors import Unavailable
from .checks import Check, Found

FARTHEST = timedelta(seconds=5)
LOOK_EVERY = timedelta(seconds=5)

log = logging.getLogger(__name__)


@dataclass
class ClockInSight:
    """Looks at the skew, and says once when it has become too large and once when it is no longer."""

    look: Callable[[], Awaitable[Skew]]
    every: timedelta = LOOK_EVERY
    """How often to look without being asked."""
    _is_off: bool = field(default=False, init=False)

    async def ahead(self) -> float:
        """Return by how many seconds our clock is ahead; raise Unavailable when the database does not answer."""
        return (await self._seen()).ahead

    @property
    def checks(self) -> Mapping[str, Check]:
        """A look at the clock; a wrong one only lets sign-ins and links be refused that others have signed."""

        async def agrees() -> Found:
            skew = await self._seen()
            return Found("late" if _is_too_far(skew) else "ok", {"ahead_seconds": round(skew.ahead, 3)})

        return {"clock": Check(agrees, needed=False)}

    async def keep_looking(self) -> None:
        """Look now and again, so that it is said though nobody asks; never return."""
        while True:
            await asyncio.sleep(self.every.total_seconds())
            try:
                await self._seen()
            except Unavailable:
                pass  # whoever needs the database says so
            except Exception:
                log.exception("looking at the clock failed")

    async def _seen(self) -> Skew:
        skew = await self.look()
        was_off, self._is_off = self._is_off, _is_too_far(skew)
        if self._is_off and not was_off:
            where = "ahead of" if skew.ahead > 0 else "behind"
            log.warning("the clock of this process is %.1f s %s the database's", abs(skew.ahead), where)
        elif was_off and not self._is_off:
            log.warning("the clock of this process agrees with the database's again")
        return skew


def _is_too_far(skew: Skew) -> bool:
    return skew.at_least > FARTHEST.total_seconds()


@asynccontextmanager
async def kept_in_sight(clock: ClockInSight) -> AsyncIterator[None]:
    """Look at the clock now and again while the block runs."""
    looking = asyncio.create_task(clock.keep_looking(), name="clock in sight")
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
