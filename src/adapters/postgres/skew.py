"""How far a clock is from the server's, by which everything is decided."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ...ports.clock import Clock
from .reading import Reading

_SERVER = "SELECT clock_timestamp()"


@dataclass(frozen=True, slots=True)
class Skew:
    """How many seconds a clock is ahead of the server's, less than nothing when it is behind; known to ``doubt``."""

    ahead: float
    doubt: float

    @property
    def at_least(self) -> float:
        """How far the two are apart for certain: a slow answer must not look like a wrong clock."""
        return max(0.0, abs(self.ahead) - self.doubt)


async def skew_of(clock: Clock, reading: Reading) -> Skew:
    """Return the skew of this moment; raise Unavailable when the server does not answer."""
    before = clock.now()
    server: datetime = (await reading.fetch(_SERVER))[0][0]
    after = clock.now()
    taken = max(after - before, timedelta())  # less than nothing where it was set back in between
    return Skew((before + taken / 2 - server).total_seconds(), taken.total_seconds() / 2)
