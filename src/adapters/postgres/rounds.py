"""When each student's plans are looked through again, in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.shared.ids import StudentId
from .engine import translated
from .tables_messages import rounds

_NOW = func.transaction_timestamp()
_NEW = upsert(rounds)
_NEXT = _NEW.on_conflict_do_update(index_elements=["student_id"], set_={"look_at": _NEW.excluded.look_at}).returning(
    rounds.c.student_id  # only so do many rows go in one statement
)


class PostgresRounds:
    """The next looks as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def due(self, limit: int) -> Sequence[StudentId]:
        query = select(rounds.c.student_id).where(rounds.c.look_at <= _NOW).order_by(rounds.c.look_at).limit(limit)
        with translated():
            found = await self._connection.execute(query.with_for_update(skip_locked=True))
            return [StudentId(student_id) for student_id in found.scalars()]

    async def next(self, looks: Mapping[StudentId, datetime]) -> None:
        if not looks:
            return
        rows = [{"student_id": student_id, "look_at": looks[student_id]} for student_id in sorted(looks)]
        with translated():
            await self._connection.execute(_NEXT, rows)

    async def sooner(self, student_ids: Collection[StudentId]) -> None:
        if not student_ids:
            return
        soon = _NEW.on_conflict_do_update(index_elements=["student_id"], set_={"look_at": _NOW})
        rows = [{"student_id": student_id, "look_at": _NOW} for student_id in sorted(student_ids)]
        with translated():
            await self._connection.execute(soon.values(rows))
