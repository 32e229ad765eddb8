"""Sessions in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.identity.session import Because, Session
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, SessionId
from .engine import translated
from .tables import sessions
from .tables_rights import account_uses
from .versions import save_row

_USE = upsert(account_uses)
_USED = _USE.on_conflict_do_update(
    index_elements=["account_id"],
    set_={"used_at": _USE.excluded.used_at},
    where=account_uses.c.used_at < _USE.excluded.used_at,
)
"""When an account was last used outlives the sessions that say so."""


class PostgresSessions:
    """The sessions as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, session: Session) -> None:
        row = {
            "id": session.id,
            "account_id": session.account_id,
            "begun_at": session.begun_at,
            "device": session.device,
            **_changing(session),
            "version": session.version + 1,
        }
        with translated():
            await self._connection.execute(insert(sessions).values(row))
        session.version += 1

    async def save(self, session: Session) -> None:
        session.version = await save_row(self._connection, sessions, session.id, session.version, _changing(session))

    async def get(self, session_id: SessionId) -> Session:
        with translated():
            row = (await self._connection.execute(select(sessions).where(sessions.c.id == session_id))).one_or_none()
        if row is None:
            raise NotFound
        return _session(row)

    async def live_of(self, account_id: AccountId, now: datetime) -> Sequence[Session]:
        query = (
            select(sessions)
            .where(sessions.c.account_id == account_id, sessions.c.ended_at.is_(None), sessions.c.until > now)
            .order_by(sessions.c.used_at.desc(), sessions.c.id.desc())
        )
        with translated():
            return [_session(row) for row in await self._connection.execute(query)]

    async def whose_are_live(self, begun_by: datetime, now: datetime, limit: int) -> Sequence[AccountId]:
        c = sessions.c
        query = (
            select(c.account_id)
            .distinct()
            .where(c.ended_at.is_(None), c.until > now, c.begun_at <= begun_by)
            .order_by(c.account_id)
            .limit(limit)
        )
        with translated():
            return [AccountId(row.account_id) for row in await self._connection.execute(query)]

    async def every_of(self, account_id: AccountId) -> Sequence[Session]:
        query = select(sessions).where(sessions.c.account_id == account_id)
        with translated():
            rows = await self._connection.execute(query.order_by(sessions.c.begun_at, sessions.c.id))
            return [_session(row) for row in rows]

    async def last_use_of(self, account_id: AccountId) -> datetime | None:
        kept = select(func.max(sessions.c.used_at)).where(sessions.c.account_id == account_id)
        removed = select(account_uses.c.used_at).where(account_uses.c.account_id == account_id)
        last = func.greatest(kept.scalar_subquery(), removed.scalar_subquery())  # of one that is null, the other
        with translated():
            found: datetime | None = (await self._connection.execute(select(last))).scalar_one()
        return found

    async def remove_over(self, before: datetime, limit: int) -> int:
        over = select(sessions.c.id).where(sessions.c.until < before).limit(limit)
        gone = delete(sessions).where(sessions.c.id.in_(over)).returning(sessions.c.account_id, sessions.c.used_at)
        with translated():
            rows = (await self._connection.execute(gone)).all()
            if rows:
                used = {row.account_id: row.used_at for row in sorted(rows, key=lambda row: row.used_at)}
                await self._connection.execute(
                    _USED, [{"account_id": account, "used_at": used[account]} for account in sorted(used)]
                )
        return len(rows)


def _changing(session: Session) -> dict[str, Any]:
    return {
        "used_at": session.used_at,
        "until": session.until,
        "turn": session.turn,
        "ended_at": session.ended_at,
        "ended_because": None if session.ended_because is None else session.ended_because.value,
        "methods": sorted(session.methods),
        "proved_at": session.proved_at,
    }


def _session(row: Row[Any]) -> Session:
    return Session(
        id=SessionId(row.id),
        account_id=AccountId(row.account_id),
        begun_at=row.begun_at,
        used_at=row.used_at,
        until=row.until,
        device=row.device,
        turn=row.turn,
        ended_at=row.ended_at,
        ended_because=None if row.ended_because is None else Because(row.ended_because),
        version=row.version,
        methods=frozenset(row.methods),
        proved_at=row.proved_at,
    )
