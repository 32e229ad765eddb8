"""Sign-ins at providers that are under way, in PostgreSQL, as what they are found by."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.identity.provider_sign_in import ProviderSignIn
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, ProviderSignInId
from .engine import translated
from .tables_providers import provider_sign_ins
from .versions import save_row


class PostgresProviderSignIns:
    """The sign-ins as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, way: ProviderSignIn) -> None:
        row = {
            "id": way.id,
            "provider": way.provider,
            "digest": way.digest,
            "version": way.version + 1,
            **_changing(way),
        }
        with translated():
            await self._connection.execute(insert(provider_sign_ins).values(row))
        way.version += 1

    async def save(self, way: ProviderSignIn) -> None:
        way.version = await save_row(self._connection, provider_sign_ins, way.id, way.version, _changing(way))

    async def find(self, digest: str) -> ProviderSignIn:
        query = select(provider_sign_ins).where(provider_sign_ins.c.digest == digest)
        with translated():
            row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound
        return _way(row)

    async def remove_over(self, before: datetime, limit: int) -> int:
        over = select(provider_sign_ins.c.id).where(provider_sign_ins.c.until < before).limit(limit)
        with translated():
            done = await self._connection.execute(delete(provider_sign_ins).where(provider_sign_ins.c.id.in_(over)))
        return done.rowcount


def _changing(way: ProviderSignIn) -> dict[str, Any]:
    return {
        "until": way.until,
        "account_id": way.account_id,
        "used_at": way.used_at,
        "issuer": way.issuer,
        "subject": way.subject,
    }


def _way(row: Row[Any]) -> ProviderSignIn:
    return ProviderSignIn(
        id=ProviderSignInId(row.id),
        provider=row.provider,
        digest=row.digest,
        until=row.until,
        account_id=None if row.account_id is None else AccountId(row.account_id),
        used_at=row.used_at,
        issuer=row.issuer,
        subject=row.subject,
        version=row.version,
    )
