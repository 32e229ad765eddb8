"""Where it is counted how the service is used, by those who allowed it."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from ..domain.rights.tracking import Happening


@runtime_checkable
class Analytics(Protocol):
    """Takes happenings, several at a time."""

    async def track(self, happenings: Sequence[Happening]) -> None:
        """Return once all of them were taken over. One that was told before, by its id, counts once.

        Raises Unavailable where they were not, or nobody knows: then they are told again. Raises Invalid where they
        never will be taken.
        """
        ...
