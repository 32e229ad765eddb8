"""Which identity at a provider signs in to which account, in PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.identity.errors import IdentityTaken
from ...domain.identity.linked_identity import LinkedIdentity
from ...domain.shared.ids import AccountId, LinkedIdentityId
from .engine import translated
from .tables_providers import linked_identities


class PostgresLinkedIdentities:
    """The linked identities as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, linked: LinkedIdentity) -> None:
        row = {
            "id": linked.id,
            "account_id": linked.account_id,
            "issuer": linked.issuer,
            "subject": linked.subject,
            "linked_at": linked.linked_at,
            "version": linked.version + 1,
        }
        statement = insert(linked_identities).values(row)
        statement = statement.on_conflict_do_nothing(index_elements=["issuer", "subject"])
        with translated():
            if (await self._connection.execute(statement)).rowcount != 1:
                raise IdentityTaken
        linked.version += 1

    async def find(self, issuer: str, subject: str) -> LinkedIdentity | None:
        c = linked_identities.c
        return next(iter(await self._found((c.issuer == issuer) & (c.subject == subject))), None)

    async def of_account(self, account_id: AccountId) -> Sequence[LinkedIdentity]:
        return await self._found(linked_identities.c.account_id == account_id)

    async def remove(self, linked: LinkedIdentity) -> None:
        with translated():
            await self._connection.execute(delete(linked_identities).where(linked_identities.c.id == linked.id))

    async def _found(self, which: ColumnElement[bool]) -> list[LinkedIdentity]:
        c = linked_identities.c
        query = select(linked_identities).where(which).order_by(c.linked_at, c.id)
        with translated():
            return [_linked(row) for row in await self._connection.execute(query)]


def _linked(row: Row[Any]) -> LinkedIdentity:
    return LinkedIdentity(
        id=LinkedIdentityId(row.id),
        account_id=AccountId(row.account_id),
        issuer=row.issuer,
        subject=row.subject,
        linked_at=row.linked_at,
        version=row.version,
    )
