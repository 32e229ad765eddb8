"""What has been kept for so long that a rule of retention may take it away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..domain.rights.retention import Kept
from ..domain.shared.ids import AccountId


class Retained(Protocol):
    """Rows by what they are and when they were over. Accounts and files of exports are never removed by this."""

    async def count(self, kept: Kept, before: datetime) -> int:
        """Return how many of the kind were over before the moment."""
        ...

    async def remove(self, kept: Kept, before: datetime, limit: int) -> int:
        """Remove at most so many of them; return how many that were."""
        ...

    async def dormant(self, before: datetime, limit: int) -> Sequence[AccountId]:
        """Return at most so many accounts of students alone that nobody has used since the moment and of which no
        erasure waits, by rising id. A session counts as used when it was begun or last refreshed."""
        ...
