"""Accounts in memory."""

from collections.abc import Sequence

from ...domain.identity.account import Account
from ...domain.identity.errors import EmailTaken
from ...domain.shared.errors import Conflict
from ...domain.shared.ids import AccountId
from .tables import Entities


class MemoryAccounts:
    """The accounts as the open unit sees them."""

    def __init__(self, rows: Entities[Account]) -> None:
        self._rows = rows

    async def add(self, account: Account) -> None:
        if await self.find_by_email(account.email) is not None:
            raise EmailTaken
        self._rows.add(account.id, account)

    async def save(self, account: Account) -> None:
        if self._rows.any(lambda other: other.email == account.email and other.id != account.id):
            raise Conflict
        self._rows.save(account.id, account)

    async def get(self, account_id: AccountId) -> Account:
        return self._rows.found(account_id)

    async def held(self, account_id: AccountId) -> Account:
        return await self.get(account_id)

    async def find_by_email(self, email: str) -> Account | None:
        return next(self._rows.rows(lambda account: account.email == email), None)

    async def services(self) -> Sequence[Account]:
        found = self._rows.rows(lambda account: account.is_service)
        return sorted(found, key=lambda one: (one.registered_at, one.id), reverse=True)
