"""Counsellors' overrides, in PostgreSQL: a row for each, and another for each that was taken back."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.matching.override import Override, TakenBack
from ...domain.matching.verdict import Standing
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, OverrideId, ProgrammeId, StudentId
from .engine import translated
from .tables import override_withdrawals, overrides

_JOINED = overrides.outerjoin(override_withdrawals, override_withdrawals.c.override_id == overrides.c.id)
_COLUMNS = (
    overrides,
    override_withdrawals.c.by.label("taken_back_by"),
    override_withdrawals.c.at.label("taken_back_at"),
    override_withdrawals.c.reason.label("taken_back_because"),
)


class PostgresOverrides:
    """The overrides as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, override: Override) -> None:
        row = {
            "id": override.id,
            "student_id": override.student_id,
            "programme_id": override.programme_id,
            "place": override.place,
            "standing": override.standing.word,
            "reason": override.reason,
            "by": override.by,
            "at": override.at,
            "basis": override.basis,
            "until": override.until,
        }
        with translated():
            await self._connection.execute(insert(overrides).values(row))

    async def take_back(self, override_id: OverrideId, taken_back: TakenBack) -> None:
        row = {"override_id": override_id, "by": taken_back.by, "at": taken_back.at, "reason": taken_back.reason}
        with translated():
            await self._connection.execute(insert(override_withdrawals).values(row))

    async def get(self, override_id: OverrideId) -> Override:
        found = await self._find(overrides.c.id == override_id)
        if not found:
            raise NotFound
        return found[0]

    async def every_of(self, student_id: StudentId) -> Sequence[Override]:
        return await self._find(overrides.c.student_id == student_id)

    async def of_student(self, student_id: StudentId, programme_ids: Collection[ProgrammeId]) -> Sequence[Override]:
        return await self._find((overrides.c.student_id == student_id) & overrides.c.programme_id.in_(programme_ids))

    async def _find(self, which: ColumnElement[bool]) -> list[Override]:
        query = select(*_COLUMNS).select_from(_JOINED).where(which)
        with translated():
            rows = await self._connection.execute(query.order_by(overrides.c.at.desc(), overrides.c.id.desc()))
            return [_read(row) for row in rows]


def _read(row: Row[Any]) -> Override:
    taken_back = None
    if row.taken_back_at is not None:
        taken_back = TakenBack(AccountId(row.taken_back_by), row.taken_back_at, row.taken_back_because)
    return Override(
        id=OverrideId(row.id),
        student_id=StudentId(row.student_id),
        programme_id=ProgrammeId(row.programme_id),
        place=row.place,
        standing=Standing[row.standing.upper()],
        reason=row.reason,
        by=AccountId(row.by),
        at=row.at,
        basis=row.basis,
        until=row.until,
        taken_back=taken_back,
    )
