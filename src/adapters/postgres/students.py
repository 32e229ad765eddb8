"""Where students' records are kept, in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, insert, select, text
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.profile.reading import read_profile
from ...domain.profile.sealed import SEALED_TEXT
from ...domain.profile.student import Student
from ...domain.profile.writing import profile_data
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, StudentId
from .engine import translated
from .many import among
from .tables import students
from .versions import save_row

_PLAIN = text(f"(profile #>> '{{passport,number}}') NOT LIKE '{SEALED_TEXT}%'")
"""As the index of these records says it."""


class PostgresStudents:
    """The students' records as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, student: Student) -> None:
        row = {
            "id": student.id,
            "account_id": student.account_id,
            "profile": profile_data(student.profile),
            "version": student.version + 1,
        }
        with translated():
            await self._connection.execute(insert(students).values(row))
        student.version += 1

    async def get(self, student_id: StudentId) -> Student:
        with translated():
            row = (await self._connection.execute(select(students).where(students.c.id == student_id))).one_or_none()
        if row is None:
            raise NotFound
        return _read(row)

    async def save(self, student: Student) -> None:
        values = {"account_id": student.account_id, "profile": profile_data(student.profile)}
        student.version = await save_row(self._connection, students, student.id, student.version, values)

    async def names(self, student_ids: Collection[StudentId]) -> Mapping[StudentId, str]:
        name = func.coalesce(students.c.profile["name"].astext, "")
        query = select(students.c.id, name).where(among(students.c.id, student_ids))
        with translated():
            found = await self._connection.execute(query)
        return {StudentId(student_id): called for student_id, called in found}

    async def several(self, student_ids: Collection[StudentId]) -> Sequence[Student]:
        query = select(students).where(among(students.c.id, student_ids)).order_by(students.c.id)
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]

    async def unsealed(self, limit: int) -> Sequence[Student]:
        query = select(students).where(_PLAIN).order_by(students.c.id).limit(limit)
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]

    async def batch(self, after: StudentId | None, limit: int) -> Sequence[Student]:
        query = select(students).order_by(students.c.id).limit(limit)
        if after is not None:
            query = query.where(students.c.id > after)
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]


def _read(row: Row[Any]) -> Student:
    return Student(StudentId(row.id), AccountId(row.account_id), read_profile(row.profile), row.version)
