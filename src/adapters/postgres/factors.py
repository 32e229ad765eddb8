"""Second factors and recovery codes in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.identity.factor import Factor, FactorKind, RecoveryCodes
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, FactorId
from .engine import translated
from .tables import factors, recovery_codes
from .versions import save_row


class PostgresFactors:
    """The factors as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, factor: Factor) -> None:
        row = {
            "id": factor.id,
            "account_id": factor.account_id,
            "kind": factor.kind.value,
            "label": factor.label,
            "made_at": factor.made_at,
            "credential": factor.credential,
            **_changing(factor),
            "version": factor.version + 1,
        }
        with translated():
            if (await self._connection.execute(insert(factors).values(row).on_conflict_do_nothing())).rowcount != 1:
                raise Conflict
        factor.version += 1

    async def save(self, factor: Factor) -> None:
        factor.version = await save_row(self._connection, factors, factor.id, factor.version, _changing(factor))

    async def remove(self, factor_id: FactorId) -> None:
        with translated():
            await self._connection.execute(delete(factors).where(factors.c.id == factor_id))

    async def of_account(self, account_id: AccountId) -> Sequence[Factor]:
        return await self._found(factors.c.account_id == account_id)

    async def apps(self, after: FactorId | None, limit: int) -> Sequence[Factor]:
        query = select(factors).where(factors.c.kind == FactorKind.TOTP.value).order_by(factors.c.id).limit(limit)
        if after is not None:
            query = query.where(factors.c.id > after)
        with translated():
            return [_factor(row) for row in await self._connection.execute(query)]

    async def find_passkey(self, credential: bytes) -> Factor:
        found = await self._found(factors.c.credential == credential)
        if not found:
            raise NotFound
        return found[0]

    async def recovery_codes(self, account_id: AccountId) -> RecoveryCodes | None:
        query = select(recovery_codes).where(recovery_codes.c.account_id == account_id)
        with translated():
            row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        return RecoveryCodes(AccountId(row.account_id), frozenset(row.digests), row.made_at, row.version)

    async def save_recovery_codes(self, codes: RecoveryCodes) -> None:
        values = {"digests": sorted(codes.digests), "made_at": codes.made_at, "version": codes.version + 1}
        c = recovery_codes.c
        statement = (
            update(recovery_codes).where(c.account_id == codes.account_id, c.version == codes.version).values(values)
            if codes.version
            else insert(recovery_codes).values(account_id=codes.account_id, **values).on_conflict_do_nothing()
        )
        with translated():
            if (await self._connection.execute(statement)).rowcount != 1:
                raise Conflict
        codes.version += 1

    async def remove_recovery_codes(self, account_id: AccountId) -> None:
        with translated():
            await self._connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))

    async def remove_unconfirmed(self, before: datetime, limit: int) -> int:
        old = select(factors.c.id).where(factors.c.confirmed_at.is_(None), factors.c.made_at < before).limit(limit)
        with translated():
            done = await self._connection.execute(delete(factors).where(factors.c.id.in_(old)))
        return done.rowcount

    async def _found(self, which: ColumnElement[bool]) -> list[Factor]:
        query = select(factors).where(which).order_by(factors.c.made_at, factors.c.id)
        with translated():
            return [_factor(row) for row in await self._connection.execute(query)]


def _changing(factor: Factor) -> dict[str, Any]:
    return {
        "secret": factor.secret,
        "confirmed_at": factor.confirmed_at,
        "used_at": factor.used_at,
        "counter": factor.counter,
    }


def _factor(row: Row[Any]) -> Factor:
    return Factor(
        id=FactorId(row.id),
        account_id=AccountId(row.account_id),
        kind=FactorKind(row.kind),
        label=row.label,
        secret=row.secret,
        made_at=row.made_at,
        confirmed_at=row.confirmed_at,
        used_at=row.used_at,
        credential=row.credential,
        counter=row.counter,
        version=row.version,
    )
