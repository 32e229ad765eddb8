"""Where second factors and recovery codes are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..domain.identity.factor import Factor, RecoveryCodes
from ..domain.shared.ids import AccountId, FactorId


class Factors(Protocol):
    """All second factors of this installation."""

    async def add(self, factor: Factor) -> None:
        """Keep a new factor at version 1; raise Conflict where its id is taken, or its passkey is known already."""
        ...

    async def save(self, factor: Factor) -> None:
        """Keep the changed factor and count its version up; raise Conflict when another writer was first."""
        ...

    async def remove(self, factor_id: FactorId) -> None:
        """Take the factor away; where there is none, nothing changes."""
        ...

    async def of_account(self, account_id: AccountId) -> Sequence[Factor]:
        """Return the account's factors, confirmed or not, the oldest first."""
        ...

    async def apps(self, after: FactorId | None, limit: int) -> Sequence[Factor]:
        """Return at most so many apps that make codes, confirmed or not, by ascending id, from behind ``after`` on."""
        ...

    async def find_passkey(self, credential: bytes) -> Factor:
        """Return the passkey with this id; raise NotFound where nobody has it."""
        ...

    async def recovery_codes(self, account_id: AccountId) -> RecoveryCodes | None:
        """Return the codes that the account has left; None where it was never given any."""
        ...

    async def save_recovery_codes(self, codes: RecoveryCodes) -> None:
        """Keep the account's codes in the place of those before and count their version up: new ones have version 0.

        Raises Conflict when another writer was first.
        """
        ...

    async def remove_recovery_codes(self, account_id: AccountId) -> None:
        """Take away what codes the account has."""
        ...

    async def remove_unconfirmed(self, before: datetime, limit: int) -> int:
        """Remove at most so many that were made before the moment and never confirmed; return how many that were."""
        ...
