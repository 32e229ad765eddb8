"""Where codes that went out by mail are kept, as what they are found by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..domain.identity.confirmation import Confirmation, Purpose
from ..domain.shared.ids import AccountId


class Confirmations(Protocol):
    """All such codes of this installation."""

    async def add(self, confirmation: Confirmation) -> None:
        """Keep a new one at version 1; raise Conflict where the id or the digest is taken."""
        ...

    async def save(self, confirmation: Confirmation) -> None:
        """Keep the changed one and count its version up; raise Conflict when another writer was first."""
        ...

    async def find(self, digest: str) -> Confirmation:
        """Return the one with the digest, good or not; raise NotFound where there is none."""
        ...

    async def open_of(self, account_id: AccountId, purpose: Purpose, now: datetime) -> Sequence[Confirmation]:
        """Return those of the account for the purpose that were not used and are not over, the oldest first."""
        ...

    async def remove_over(self, before: datetime, limit: int) -> int:
        """Remove at most so many that were over before the moment; return how many that were."""
        ...
