"""Where it is kept which identity at a provider signs in to which account."""

from collections.abc import Sequence
from typing import Protocol

from ..domain.identity.linked_identity import LinkedIdentity
from ..domain.shared.ids import AccountId


class LinkedIdentities(Protocol):
    """All of this installation."""

    async def add(self, linked: LinkedIdentity) -> None:
        """Keep a new one at version 1; raise IdentityTaken where issuer and subject are linked already."""
        ...

    async def find(self, issuer: str, subject: str) -> LinkedIdentity | None:
        """Return the one of exactly this issuer and subject, or None."""
        ...

    async def of_account(self, account_id: AccountId) -> Sequence[LinkedIdentity]:
        """Return those of the account, the oldest first."""
        ...

    async def remove(self, linked: LinkedIdentity) -> None:
        """Keep it no more; one that is gone changes nothing."""
        ...
