"""Who is to be erased or was, and how a record becomes a shell, in PostgreSQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, insert, select, text, union
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.reports.report import LISTS_STUDENTS
from ...domain.rights.erasure import SHELL_HOST, Because, Erasure, State
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, ErasureId, StudentId
from ...ports.erasures import Objects
from .engine import translated
from .locks import one_at_a_time
from .personal import FUNCTION
from .tables import accounts, document_versions, documents, students, uploads
from .tables_reports import reports
from .tables_rights import erasures, exports
from .versions import save_row

_BEGUN = (State.ERASING.value, State.ERASED.value)
_UNFINISHED = (State.WAITING.value, State.ERASING.value)
_LISTS = sorted(kind.value for kind in LISTS_STUDENTS)


class PostgresErasures:
    """The erasures as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, erasure: Erasure) -> None:
        row = {
            "id": erasure.id,
            "student_id": erasure.student_id,
            "account_id": erasure.account_id,
            "because": erasure.because.value,
            "asked_by": erasure.asked_by,
            "asked_at": erasure.asked_at,
            **_progress(erasure),
            "version": erasure.version + 1,
        }
        with translated():
            await self._connection.execute(insert(erasures).values(row))
        erasure.version += 1

    async def save(self, erasure: Erasure) -> None:
        erasure.version = await save_row(self._connection, erasures, erasure.id, erasure.version, _progress(erasure))

    async def get(self, erasure_id: ErasureId) -> Erasure:
        with translated():
            row = (await self._connection.execute(select(erasures).where(erasures.c.id == erasure_id))).one_or_none()
        if row is None:
            raise NotFound
        return _read(row)

    async def of_student(self, student_id: StudentId) -> Sequence[Erasure]:
        query = select(erasures).where(erasures.c.student_id == student_id)
        with translated():
            rows = await self._connection.execute(query.order_by(erasures.c.asked_at.desc(), erasures.c.id.desc()))
            return [_read(row) for row in rows]

    async def unfinished(self, due_before: datetime, limit: int) -> Sequence[Erasure]:
        c = erasures.c
        query = select(erasures).where(c.state.in_(_UNFINISHED), c.due_at < due_before)
        with translated():
            rows = await self._connection.execute(query.order_by(c.due_at, c.id).limit(limit))
            return [_read(row) for row in rows]

    async def is_fenced(self, student_id: StudentId) -> bool:
        await one_at_a_time(self._connection, f"erasure of {student_id}")
        return await self._has_begun(student_id)

    async def objects_of(self, student_id: StudentId) -> Objects:
        theirs, other = documents.alias(), document_versions.alias()
        shared = exists().where(
            other.c.sha256 == document_versions.c.sha256,
            other.c.sealed_as.is_(None),
            other.c.document_id == theirs.c.id,
            theirs.c.student_id != student_id,
        )
        versions = document_versions.join(documents, documents.c.id == document_versions.c.document_id)
        of_hers = documents.c.student_id == student_id
        # As it was kept before it was sealed, a file may lie there until the next sweep.
        plain = select(document_versions.c.sha256).select_from(versions).where(of_hers, ~shared)
        sealed = select(document_versions.c.sealed_as).select_from(versions)
        sealed = sealed.where(of_hers, document_versions.c.sealed_as.is_not(None))
        exported = select(exports.c.sha256).where(exports.c.student_id == student_id, exports.c.sha256 != "")
        is_hers = (reports.c.student_id == student_id) | reports.c.kind.in_(_LISTS)
        reported = select(reports.c.sha256).where(is_hers, reports.c.sha256 != "")
        incoming = select(uploads.c.id).where(uploads.c.student_id == student_id).order_by(uploads.c.id)
        with translated():
            hashes = set((await self._connection.execute(union(plain, sealed, exported, reported))).scalars())
            names = (await self._connection.execute(incoming)).scalars()
            return Objects(tuple(sorted(hashes)), tuple(map(str, names)))

    async def wipe(self, student_id: StudentId) -> None:
        if not await self.is_fenced(student_id):
            raise Conflict
        with translated():
            await self._connection.execute(text(f"SELECT {FUNCTION}(:student)"), {"student": student_id})

    async def whole(self, student_ids: Collection[StudentId]) -> Sequence[StudentId]:
        query = (
            select(students.c.id)
            .join(accounts, accounts.c.id == students.c.account_id)
            .where(students.c.id.in_(student_ids), ~accounts.c.email.like(f"%@{SHELL_HOST}"))
            .order_by(students.c.id)
        )
        with translated():
            return [StudentId(found) for found in (await self._connection.execute(query)).scalars()]

    async def _has_begun(self, student_id: StudentId) -> bool:
        begun = exists().where(erasures.c.student_id == student_id, erasures.c.state.in_(_BEGUN))
        with translated():
            return bool((await self._connection.execute(select(begun))).scalar_one())


def _progress(erasure: Erasure) -> dict[str, Any]:
    return {
        "due_at": erasure.due_at,
        "reason": erasure.reason,
        "state": erasure.state.value,
        "ended_at": erasure.ended_at,
    }


def _read(row: Row[Any]) -> Erasure:
    return Erasure(
        id=ErasureId(row.id),
        student_id=StudentId(row.student_id),
        account_id=AccountId(row.account_id),
        because=Because(row.because),
        asked_by=None if row.asked_by is None else AccountId(row.asked_by),
        asked_at=row.asked_at,
        due_at=row.due_at,
        reason=row.reason,
        state=State(row.state),
        ended_at=row.ended_at,
        version=row.version,
    )
