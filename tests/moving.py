"""Time that passes for a memory clock when a test says so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from higherstudy.adapters.memory.clock import MemoryClock


@dataclass
class MovingTime:
    """Moves the clock on instead of waiting."""

    clock: MemoryClock

    def now(self) -> datetime:
        return self.clock.now()

    async def go_on(self, by: timedelta) -> None:
        self.clock.move(by)
