"""Where impact reports are kept, in PostgreSQL."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, and_, insert, or_, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.impacts.changes import ImpactChange, StudentImpact
from ...domain.impacts.impact import Impact, Purpose, State, Totals
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, ImpactId, JobId, StudentId
from .engine import translated
from .tables_rulebook import impact_students, impacts
from .versions import save_row


class PostgresImpacts:
    """The reports as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, impact: Impact) -> None:
        row = {
            "id": impact.id,
            "purpose": impact.purpose.value,
            "before": impact.before,
            "after": impact.after,
            "packs": list(impact.packs),
            "chosen": list(impact.chosen),
            "by": impact.by,
            "started_at": impact.started_at,
            "job_id": impact.job_id,
            **_progress(impact),
            "version": impact.version + 1,
        }
        with translated():
            await self._connection.execute(insert(impacts).values(row))
        impact.version += 1

    async def get(self, impact_id: ImpactId) -> Impact:
        with translated():
            row = (await self._connection.execute(select(impacts).where(impacts.c.id == impact_id))).first()
        if row is None:
            raise NotFound
        return _read(row)

    async def save(self, impact: Impact) -> None:
        impact.version = await save_row(self._connection, impacts, impact.id, impact.version, _progress(impact))

    async def add_students(self, impact_id: ImpactId, found: Sequence[StudentImpact]) -> None:
        rows = [
            {
                "impact_id": impact_id,
                "student_id": one.student_id,
                "badness": one.badness,
                "changes": msgspec.to_builtins(one.changes),
            }
            for one in found
        ]
        if rows:
            with translated():
                await self._connection.execute(insert(impact_students), rows)

    async def students(
        self, impact_id: ImpactId, after: tuple[int, StudentId] | None, limit: int
    ) -> Sequence[StudentImpact]:
        t = impact_students.c
        query = select(impact_students).where(t.impact_id == impact_id)
        if after is not None:
            badness, student_id = after
            query = query.where(or_(t.badness < badness, and_(t.badness == badness, t.student_id > student_id)))
        query = query.order_by(t.badness.desc(), t.student_id).limit(limit)
        with translated():
            return [_read_student(row) for row in await self._connection.execute(query)]

    async def of_student(self, student_id: StudentId) -> Sequence[tuple[ImpactId, StudentImpact]]:
        t = impact_students.c
        query = select(impact_students).where(t.student_id == student_id).order_by(t.impact_id)
        with translated():
            return [(ImpactId(row.impact_id), _read_student(row)) for row in await self._connection.execute(query)]

    async def student(self, impact_id: ImpactId, student_id: StudentId) -> StudentImpact | None:
        t = impact_students.c
        query = select(impact_students).where(t.impact_id == impact_id, t.student_id == student_id)
        with translated():
            row = (await self._connection.execute(query)).first()
        return None if row is None else _read_student(row)


def _progress(impact: Impact) -> dict[str, Any]:
    return {
        "state": impact.state.value,
        "totals": msgspec.to_builtins(impact.totals),
        "reached": impact.reached,
        "finished_at": impact.finished_at,
    }


def _read(row: Row[Any]) -> Impact:
    return Impact(
        id=ImpactId(row.id),
        purpose=Purpose(row.purpose),
        before=row.before,
        after=row.after,
        packs=tuple(row.packs),
        chosen=tuple(row.chosen),
        by=None if row.by is None else AccountId(row.by),
        started_at=row.started_at,
        job_id=JobId(row.job_id),
        state=State(row.state),
        totals=msgspec.convert(row.totals, Totals),
        reached=None if row.reached is None else StudentId(row.reached),
        finished_at=row.finished_at,
        version=row.version,
    )


def _read_student(row: Row[Any]) -> StudentImpact:
    return StudentImpact(StudentId(row.student_id), msgspec.convert(row.changes, tuple[ImpactChange, ...]))
