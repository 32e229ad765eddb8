"""Where accounts are kept, in PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.identity.account import Account, Role
from ...domain.identity.errors import EmailTaken
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, StudentId
from .engine import translated
from .tables import accounts
from .versions import save_row


class PostgresAccounts:
    """The accounts as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, account: Account) -> None:
        row = {
            "id": account.id,
            "email": account.email,
            "password_hash": account.password_hash,
            "roles": sorted(account.roles),
            "student_id": account.student_id,
            "registered_at": account.registered_at,
            "has_short_password": account.has_short_password,
            "email_confirmed_at": account.email_confirmed_at,
            "version": account.version + 1,
            "name": account.name,
        }
        statement = insert(accounts).values(row).on_conflict_do_nothing(index_elements=["email"])
        with translated():
            if (await self._connection.execute(statement)).rowcount != 1:
                raise EmailTaken
        account.version += 1

    async def save(self, account: Account) -> None:
        values = {
            "email": account.email,
            "password_hash": account.password_hash,
            "roles": sorted(account.roles),
            "student_id": account.student_id,
            "email_confirmed_at": account.email_confirmed_at,
            "closed_at": account.closed_at,
            "has_short_password": account.has_short_password,
        }
        account.version = await save_row(self._connection, accounts, account.id, account.version, values)

    async def get(self, account_id: AccountId) -> Account:
        found = await self._find(accounts.c.id == account_id)
        if found is None:
            raise NotFound
        return found

    async def held(self, account_id: AccountId) -> Account:
        found = await self._find(accounts.c.id == account_id, held=True)
        if found is None:
            raise NotFound
        return found

    async def find_by_email(self, email: str) -> Account | None:
        return await self._find(accounts.c.email == email)

    async def services(self) -> Sequence[Account]:
        query = (
            select(accounts)
            .where(text("'service' = ANY (roles)"))  # as its index says it
            .order_by(accounts.c.registered_at.desc(), accounts.c.id.desc())
        )
        with translated():
            return [_account(row) for row in await self._connection.execute(query)]

    async def _find(self, which: ColumnElement[bool], *, held: bool = False) -> Account | None:
        query = select(accounts).where(which)
        if held:  # many at once may hold it; whoever changes it waits for them
            query = query.with_for_update(read=True)
        with translated():
            row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _account(row)


def _account(row: Row[Any]) -> Account:
    return Account(
        id=AccountId(row.id),
        email=row.email,
        password_hash=row.password_hash,
        roles=frozenset(map(Role, row.roles)),
        student_id=None if row.student_id is None else StudentId(row.student_id),
        registered_at=row.registered_at,
        version=row.version,
        email_confirmed_at=row.email_confirmed_at,
        name=row.name,
        closed_at=row.closed_at,
        has_short_password=row.has_short_password,
    )
