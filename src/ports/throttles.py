"""Where it is counted what has failed in a row."""

from datetime import datetime
from typing import Protocol

from ..domain.identity.throttle import Throttle


class Throttles(Protocol):
    """All such counts of this installation, the same for every process and after a restart."""

    async def held(self, key: str) -> Throttle:
        """Return the count under the key, a new one where there is none.

        It is held until the unit ends: whoever asks for it in another unit waits until then, and sees what was saved.
        """
        ...

    async def save(self, throttle: Throttle) -> None:
        """Keep the count that this unit holds."""
        ...

    async def remove(self, key: str) -> None:
        """Forget what was counted under the key; where that is nothing, nothing changes."""
        ...

    async def remove_over(self, before: datetime, limit: int) -> int:
        """Remove at most so many of which the last failure was before the moment; return how many that were."""
        ...
