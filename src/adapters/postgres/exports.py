"""Which exports there are, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.rights.export import Export, State
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, ExportId, StudentId
from .engine import translated
from .tables_rights import exports
from .versions import save_row


class PostgresExports:
    """The exports as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, export: Export) -> None:
        row = {
            "id": export.id,
            "student_id": export.student_id,
            "asked_by": export.asked_by,
            "asked_at": export.asked_at,
            "language": export.language,
            **_progress(export),
            "version": export.version + 1,
        }
        with translated():
            await self._connection.execute(insert(exports).values(row))
        export.version += 1

    async def save(self, export: Export) -> None:
        export.version = await save_row(self._connection, exports, export.id, export.version, _progress(export))

    async def get(self, export_id: ExportId) -> Export:
        with translated():
            row = (await self._connection.execute(select(exports).where(exports.c.id == export_id))).one_or_none()
        if row is None:
            raise NotFound
        return _read(row)

    async def of_student(self, student_id: StudentId) -> Sequence[Export]:
        query = select(exports).where(exports.c.student_id == student_id)
        with translated():
            rows = await self._connection.execute(query.order_by(exports.c.asked_at.desc(), exports.c.id.desc()))
            return [_read(row) for row in rows]

    async def over(self, now: datetime, limit: int) -> Sequence[Export]:
        c = exports.c
        query = select(exports).where(c.state == State.READY.value, c.until <= now).order_by(c.until, c.id).limit(limit)
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]

    async def unused(self, hashes: Sequence[str]) -> frozenset[str]:
        used = select(exports.c.sha256).where(exports.c.sha256.in_(hashes), exports.c.sha256 != "")
        with translated():
            return frozenset(hashes).difference((await self._connection.execute(used)).scalars())


def _progress(export: Export) -> dict[str, Any]:
    return {
        "state": export.state.value,
        "sha256": export.sha256,
        "size": export.size,
        "content_sha256": export.content_sha256,
        "ready_at": export.ready_at,
        "until": export.until,
    }


def _read(row: Row[Any]) -> Export:
    return Export(
        id=ExportId(row.id),
        student_id=StudentId(row.student_id),
        asked_by=AccountId(row.asked_by),
        asked_at=row.asked_at,
        language=row.language,
        state=State(row.state),
        sha256=row.sha256,
        size=row.size,
        content_sha256=row.content_sha256,
        ready_at=row.ready_at,
        until=row.until,
        version=row.version,
    )
