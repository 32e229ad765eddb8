"""What time it is, outside a unit of work."""

from datetime import datetime
from typing import Protocol, runtime_checkable


@runtime_checkable
class Clock(Protocol):
    """Tells the time; inside a unit of work its own ``now`` counts instead."""

    def now(self) -> datetime:
        """Return the present moment, in UTC and aware of it."""
        ...
