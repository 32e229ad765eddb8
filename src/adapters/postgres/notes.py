"""Notes about students, in PostgreSQL: rows that nobody changes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.counselling.note import Note
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, NoteId, StudentId
from .engine import translated
from .tables_counselling import notes


class PostgresNotes:
    """The notes as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, note: Note) -> None:
        row = {
            "id": note.id,
            "student_id": note.student_id,
            "by": note.by,
            "at": note.at,
            "text": note.text,
            "corrects": note.corrects,
        }
        with translated():
            await self._connection.execute(insert(notes).values(row))

    async def get(self, note_id: NoteId) -> Note:
        found = await self._find(notes.c.id == note_id)
        if not found:
            raise NotFound
        return found[0]

    async def of_student(self, student_id: StudentId) -> Sequence[Note]:
        return await self._find(notes.c.student_id == student_id)

    async def _find(self, which: ColumnElement[bool]) -> list[Note]:
        query = select(notes).where(which).order_by(notes.c.at.desc(), notes.c.id.desc())
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]


def _read(row: Row[Any]) -> Note:
    return Note(
        id=NoteId(row.id),
        student_id=StudentId(row.student_id),
        by=AccountId(row.by),
        at=row.at,
        text=row.text,
        corrects=None if row.corrects is None else NoteId(row.corrects),
    )
