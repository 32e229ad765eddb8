"""Grants in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.identity.grant import Grant
from ...domain.identity.scopes import Kind, Scope
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, GrantId, StudentId
from .engine import translated
from .tables import grants
from .versions import save_row


class PostgresGrants:
    """The grants as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, grant: Grant) -> None:
        row = {
            "id": grant.id,
            "student_id": grant.student_id,
            "owner_id": grant.owner,
            "kind": grant.kind.value,
            "email": grant.email,
            "scopes": sorted(grant.scopes),
            "given_at": grant.given_at,
            "until": grant.until,
            "reason": grant.reason,
            **_changing(grant),
            "version": grant.version + 1,
        }
        with translated():
            await self._connection.execute(insert(grants).values(row))
        grant.version += 1

    async def save(self, grant: Grant) -> None:
        grant.version = await save_row(self._connection, grants, grant.id, grant.version, _changing(grant))

    async def get(self, grant_id: GrantId) -> Grant:
        found = await self._those(grants.c.id == grant_id)
        if not found:
            raise NotFound
        return found[0]

    async def of_student(self, student_id: StudentId) -> Sequence[Grant]:
        return await self._those(grants.c.student_id == student_id)

    async def live_of(self, account_id: AccountId, now: datetime) -> Sequence[Grant]:
        return await self._those(grants.c.account_id == account_id, grants.c.accepted_at.is_not(None), *_is_open(now))

    async def every_of(self, account_id: AccountId, email: str | None) -> Sequence[Grant]:
        offered = grants.c.account_id.is_(None) & (grants.c.email == email)
        return await self._those((grants.c.account_id == account_id) | offered)

    async def offered_to(self, email: str, now: datetime) -> Sequence[Grant]:
        return await self._those(grants.c.email == email, grants.c.accepted_at.is_(None), *_is_open(now))

    async def _those(self, *where: ColumnElement[bool]) -> Sequence[Grant]:
        query = select(grants).where(*where).order_by(grants.c.given_at.desc(), grants.c.id.desc())
        with translated():
            return [_grant(row) for row in await self._connection.execute(query)]


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return grants.c.ended_at.is_(None), grants.c.until > now


def _changing(grant: Grant) -> dict[str, Any]:
    return {
        "account_id": grant.account_id,
        "accepted_at": grant.accepted_at,
        "ended_at": grant.ended_at,
        "ended_by": grant.ended_by,
    }


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        id=GrantId(row.id),
        student_id=StudentId(row.student_id),
        owner=AccountId(row.owner_id),
        kind=Kind(row.kind),
        email=row.email,
        scopes=frozenset(map(Scope, row.scopes)),
        given_at=row.given_at,
        until=row.until,
        reason=row.reason,
        account_id=None if row.account_id is None else AccountId(row.account_id),
        accepted_at=row.accepted_at,
        ended_at=row.ended_at,
        ended_by=None if row.ended_by is None else AccountId(row.ended_by),
        version=row.version,
    )
