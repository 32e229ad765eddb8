"""What counsellors' files say of applications, in PostgreSQL."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.imports.filed import Filed
from ...domain.shared.ids import ApplicationId, ImportId, StudentId
from .engine import translated
from .tables_people import filed_applications as table


class PostgresFiledApplications:
    """What rows said as one transaction sees it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, filed: Filed) -> None:
        row = {
            "import_id": filed.import_id,
            "row": filed.row,
            "application_id": filed.application_id,
            "student_id": filed.student_id,
            "at": filed.at,
            "says": dict(filed.says),
            "columns": dict(filed.columns),
            "began": filed.began,
            "application_version": filed.application_version,
            "undone": filed.undone,
        }
        statement = insert(table).values(row)
        statement = statement.on_conflict_do_update(index_elements=["import_id", "row"], set_=row)
        with translated():
            await self._connection.execute(statement)

    async def of_application(self, application_id: ApplicationId) -> Sequence[Filed]:
        return await self._those(table.c.application_id == application_id)

    async def of_students(self, student_ids: Collection[StudentId]) -> Sequence[Filed]:
        return await self._those(table.c.student_id.in_(student_ids))

    async def of_import(self, import_id: ImportId, after: int, limit: int) -> Sequence[Filed]:
        query = select(table).where(table.c.import_id == import_id, table.c.row > after).order_by(table.c.row)
        with translated():
            return [_read(row) for row in await self._connection.execute(query.limit(limit))]

    async def _those(self, where: ColumnElement[bool]) -> Sequence[Filed]:
        query = select(table).where(where).order_by(table.c.at, table.c.import_id, table.c.row)
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]


def _read(row: Row[Any]) -> Filed:
    return Filed(
        import_id=ImportId(row.import_id),
        row=row.row,
        application_id=ApplicationId(row.application_id),
        student_id=StudentId(row.student_id),
        at=row.at,
        says=row.says,
        columns=row.columns,
        began=row.began,
        application_version=row.application_version,
        undone=row.undone,
    )
