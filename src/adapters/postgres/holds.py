"""Legal holds on records, in PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.rights.erasure import Hold
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, HoldId, StudentId
from .engine import translated
from .tables_rights import legal_holds
from .versions import save_row


class PostgresHolds:
    """The holds as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, hold: Hold) -> None:
        row = {
            "id": hold.id,
            "student_id": hold.student_id,
            "reason": hold.reason,
            "placed_by": hold.placed_by,
            "placed_at": hold.placed_at,
            "until": hold.until,
            "lifted_by": hold.lifted_by,
            "lifted_at": hold.lifted_at,
            "version": hold.version + 1,
        }
        with translated():
            await self._connection.execute(insert(legal_holds).values(row))
        hold.version += 1

    async def save(self, hold: Hold) -> None:
        values = {"lifted_by": hold.lifted_by, "lifted_at": hold.lifted_at}
        hold.version = await save_row(self._connection, legal_holds, hold.id, hold.version, values)

    async def get(self, hold_id: HoldId) -> Hold:
        found = await self._found(legal_holds.c.id == hold_id)
        if not found:
            raise NotFound
        return found[0]

    async def of_student(self, student_id: StudentId) -> Sequence[Hold]:
        return await self._found(legal_holds.c.student_id == student_id)

    async def _found(self, which: ColumnElement[bool]) -> list[Hold]:
        query = select(legal_holds).where(which).order_by(legal_holds.c.placed_at.desc(), legal_holds.c.id.desc())
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]


def _read(row: Row[Any]) -> Hold:
    return Hold(
        id=HoldId(row.id),
        student_id=StudentId(row.student_id),
        reason=row.reason,
        placed_by=AccountId(row.placed_by),
        placed_at=row.placed_at,
        until=row.until,
        lifted_by=None if row.lifted_by is None else AccountId(row.lifted_by),
        lifted_at=row.lifted_at,
        version=row.version,
    )
