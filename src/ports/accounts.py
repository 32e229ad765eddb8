"""Where accounts are kept."""

from collections.abc import Sequence
from typing import Protocol

from ..domain.identity.account import Account
from ..domain.shared.ids import AccountId


class Accounts(Protocol):
    """All accounts of this installation."""

    async def add(self, account: Account) -> None:
        """Keep a new account at version 1; raise EmailTaken where the address has one."""
        ...

    async def save(self, account: Account) -> None:
        """Keep the changed account and count its version up; raise Conflict when another writer was first."""
        ...

    async def get(self, account_id: AccountId) -> Account:
        """Return the account; raise NotFound where there is none."""
        ...

    async def held(self, account_id: AccountId) -> Account:
        """Return the account as ``get`` does; nobody else's change of it is kept before the unit ends, and one that is
        being made has been."""
        ...

    async def find_by_email(self, email: str) -> Account | None:
        """Return the account with this normal address, or None."""
        ...

    async def services(self) -> Sequence[Account]:
        """Return all accounts of programs, closed ones too, the newest first, those of one moment by descending id."""
        ...
