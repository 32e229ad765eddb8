"""How far a clock is from the server's, by which everything is decided."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ...ports.clock import Clock
from .engine import translated

_SERVER = text("SELECT clock_timestamp()")


@dataclass(frozen=True, slots=True)
class Skew:
    """How many seconds a clock is ahead of the server's, less than nothing when it is behind; known to ``doubt``."""

    ahead: float
    doubt: float

    @property
    def at_least(self) -> float:
        """How far the two are apart for certain: a slow answer must not look like a wrong clock."""
        return max(0.0, abs(self.ahead) - self.doubt)


async def skew_of(clock: Clock, engine: AsyncEngine) -> Skew:
    """Return the skew of this moment; raise Unavailable when the server does not answer."""
    with translated():
        async with engine.connect() as connection:
            plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
            before = clock.now()
            server: datetime = (await plain.execute(_SERVER)).scalar_one()
            after = clock.now()
    taken = max(after - before, timedelta())  # less than nothing where it was set back in between
    return Skew((before + taken / 2 - server).total_seconds(), taken.total_seconds() / 2)
