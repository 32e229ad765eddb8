"""Codes that went out by mail, in PostgreSQL, as what they are found by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.identity.confirmation import Confirmation, Purpose
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, ConfirmationId
from .engine import translated
from .tables import confirmations
from .versions import save_row


class PostgresConfirmations:
    """The codes as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, confirmation: Confirmation) -> None:
        row = {
            "id": confirmation.id,
            "account_id": confirmation.account_id,
            "purpose": confirmation.purpose.value,
            "digest": confirmation.digest,
            "made_at": confirmation.made_at,
            "until": confirmation.until,
            "used_at": confirmation.used_at,
            "version": confirmation.version + 1,
        }
        with translated():
            await self._connection.execute(insert(confirmations).values(row))
        confirmation.version += 1

    async def save(self, confirmation: Confirmation) -> None:
        values = {"used_at": confirmation.used_at}
        confirmation.version = await save_row(
            self._connection, confirmations, confirmation.id, confirmation.version, values
        )

    async def find(self, digest: str) -> Confirmation:
        found = await self._found(confirmations.c.digest == digest)
        if not found:
            raise NotFound
        return found[0]

    async def open_of(self, account_id: AccountId, purpose: Purpose, now: datetime) -> Sequence[Confirmation]:
        c = confirmations.c
        return await self._found(
            (c.account_id == account_id) & (c.purpose == purpose.value) & c.used_at.is_(None) & (c.until > now)
        )

    async def remove_over(self, before: datetime, limit: int) -> int:
        over = select(confirmations.c.id).where(confirmations.c.until < before).limit(limit)
        with translated():
            done = await self._connection.execute(delete(confirmations).where(confirmations.c.id.in_(over)))
        return done.rowcount

    async def _found(self, which: ColumnElement[bool]) -> list[Confirmation]:
        query = select(confirmations).where(which).order_by(confirmations.c.made_at, confirmations.c.id)
        with translated():
            return [_confirmation(row) for row in await self._connection.execute(query)]


def _confirmation(row: Row[Any]) -> Confirmation:
    return Confirmation(
        id=ConfirmationId(row.id),
        account_id=AccountId(row.account_id),
        purpose=Purpose(row.purpose),
        digest=row.digest,
        made_at=row.made_at,
        until=row.until,
        used_at=row.used_at,
        version=row.version,
    )
