"""API keys in PostgreSQL, as the hashes that they are known by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, or_, select, update
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.identity.key import ApiKey, KeyScope
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, KeyId
from .engine import translated
from .tables import api_keys
from .versions import save_row


class PostgresKeys:
    """The keys as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, key: ApiKey) -> None:
        row = {
            "id": key.id,
            "account_id": key.account_id,
            "name": key.name,
            "digest": key.digest,
            "scopes": sorted(key.scopes),
            "networks": list(key.networks),
            "made_at": key.made_at,
            "made_by": key.made_by,
            "until": key.until,
            "used_at": key.used_at,
            "revoked_at": key.revoked_at,
            "version": key.version + 1,
            "methods": sorted(key.methods),
        }
        with translated():
            await self._connection.execute(insert(api_keys).values(row))
        key.version += 1

    async def save(self, key: ApiKey) -> None:
        values = {"revoked_at": key.revoked_at}
        key.version = await save_row(self._connection, api_keys, key.id, key.version, values)

    async def get(self, key_id: KeyId) -> ApiKey:
        found = await self._found(api_keys.c.id == key_id)
        if not found:
            raise NotFound
        return found[0]

    async def of(self, account_id: AccountId) -> Sequence[ApiKey]:
        return await self._found(api_keys.c.account_id == account_id)

    async def note_use(self, key_id: KeyId, at: datetime, unless_since: datetime) -> None:
        c = api_keys.c
        is_due = or_(c.used_at.is_(None), c.used_at <= unless_since)
        with translated():
            await self._connection.execute(update(api_keys).where(c.id == key_id, is_due).values(used_at=at))

    async def _found(self, which: ColumnElement[bool]) -> list[ApiKey]:
        query = select(api_keys).where(which).order_by(api_keys.c.made_at.desc(), api_keys.c.id.desc())
        with translated():
            return [_key(row) for row in await self._connection.execute(query)]


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=KeyId(row.id),
        account_id=AccountId(row.account_id),
        name=row.name,
        digest=row.digest,
        scopes=frozenset(map(KeyScope, row.scopes)),
        networks=tuple(row.networks),
        made_at=row.made_at,
        made_by=AccountId(row.made_by),
        until=row.until,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        version=row.version,
        methods=frozenset(row.methods),
    )
