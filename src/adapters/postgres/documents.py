"""Where students' papers are kept, in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, insert, select, union_all
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.documents.document import Answer, Document, StandingAnswer, Stated, Verification, Version
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, DocumentId, StudentId
from .engine import translated
from .locks import one_at_a_time
from .many import among
from .tables import document_versions, documents
from .versions import save_row

_CHANGES = ("verification", "rejected_because", "sealed_as", "first_verified_by", "checked_at", "checked_by")


class PostgresDocuments:
    """The documents as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, document: Document) -> None:
        row = {"id": document.id, **_values(document), "version": document.version + 1}
        with translated():
            await self._connection.execute(insert(documents).values(row))
        await self._keep_versions(document)
        document.version += 1

    async def get(self, document_id: DocumentId) -> Document:
        found = await self._find(documents.c.id == document_id)
        if not found:
            raise NotFound
        return found[0]

    async def save(self, document: Document) -> None:
        version = await save_row(self._connection, documents, document.id, document.version, _values(document))
        await self._keep_versions(document)
        document.version = version

    async def of_student(
        self, student_id: StudentId, after: DocumentId | None = None, limit: int | None = None
    ) -> Sequence[Document]:
        which = documents.c.student_id == student_id
        if after is not None:
            which &= documents.c.id > after
        return await self._find(which, limit)

    async def of_students(self, student_ids: Collection[StudentId]) -> Sequence[Document]:
        return await self._find(among(documents.c.student_id, student_ids))

    async def count_of(self, student_id: StudentId) -> int:
        count = select(func.count()).where(documents.c.student_id == student_id)
        await one_at_a_time(self._connection, f"documents of {student_id}")
        with translated():
            return (await self._connection.execute(count)).scalar_one()

    async def awaiting_check(self, student_ids: Collection[StudentId]) -> int:
        waiting = (
            select(func.count())
            .select_from(document_versions.join(documents, documents.c.id == document_versions.c.document_id))
            .where(among(documents.c.student_id, student_ids), document_versions.c.verification == "pending")
        )
        with translated():
            return (await self._connection.execute(waiting)).scalar_one()

    async def checked_in(self, accounts: Collection[AccountId], since: datetime) -> Mapping[AccountId, Sequence[float]]:
        c = document_versions.c
        seconds = func.extract("epoch", c.checked_at - c.uploaded_at)
        found = select(c.checked_by, seconds).where(among(c.checked_by, accounts), c.checked_at >= since)
        with translated():
            rows = (await self._connection.execute(found)).all()
        by_account: dict[AccountId, list[float]] = {}
        for account_id, taken in rows:
            by_account.setdefault(AccountId(account_id), []).append(float(taken))
        return by_account

    async def unused(self, hashes: Sequence[str]) -> frozenset[str]:
        sealed, plain = document_versions.c.sealed_as, document_versions.c.sha256
        used = union_all(
            select(sealed).where(sealed.in_(hashes)), select(plain).where(plain.in_(hashes), sealed.is_(None))
        )
        with translated():
            return frozenset(hashes).difference((await self._connection.execute(used)).scalars())

    async def unsealed(self, after: DocumentId | None, limit: int) -> Sequence[Document]:
        plain = select(document_versions.c.document_id).where(document_versions.c.sealed_as.is_(None))
        if after is not None:
            plain = plain.where(document_versions.c.document_id > after)
        return await self._find(documents.c.id.in_(plain.distinct().order_by("document_id").limit(limit)), limit)

    async def _keep_versions(self, document: Document) -> None:
        """Insert new versions; of one that stands, only what a check found and where its bytes are may have changed."""
        if not document.versions:
            return
        statement = upsert(document_versions)
        statement = statement.on_conflict_do_update(
            index_elements=["document_id", "number"],
            set_={name: statement.excluded[name] for name in _CHANGES},
            where=(document_versions.c.verification != statement.excluded.verification)
            | document_versions.c.first_verified_by.is_distinct_from(statement.excluded.first_verified_by)
            | document_versions.c.sealed_as.is_distinct_from(statement.excluded.sealed_as),
        )
        rows = [{"document_id": document.id, **_version_values(version)} for version in document.versions]
        with translated():
            await self._connection.execute(statement, rows)

    async def _find(self, which: ColumnElement[bool], limit: int | None = None) -> list[Document]:
        papers = select(documents).where(which).order_by(documents.c.id).limit(limit)
        with translated():
            rows = (await self._connection.execute(papers)).all()
            uploads = select(document_versions).where(among(document_versions.c.document_id, [row.id for row in rows]))
            uploaded = (await self._connection.execute(uploads.order_by(document_versions.c.number))).all()
        versions: dict[UUID, list[Row[Any]]] = {}
        for one in uploaded:
            versions.setdefault(one.document_id, []).append(one)
        return [_read(row, versions.get(row.id, [])) for row in rows]


def _values(document: Document) -> dict[str, Any]:
    answer = document.answer
    return {
        "student_id": document.student_id,
        "kind": document.kind,
        "label": document.label,
        "answer": answer and answer.answer,
        "answer_reason": answer and answer.reason,
        "answered_at": answer and answer.given_at,
    }


def _version_values(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "sha256": version.sha256,
        "size": version.size,
        "content_type": version.content_type,
        "file_name": version.file_name,
        "uploaded_at": version.uploaded_at,
        "uploaded_by": version.uploaded_by,
        "issued_on": version.stated.issued_on,
        "expires_on": version.stated.expires_on,
        "name_on_document": version.stated.name_on_document,
        "verification": version.verification,
        "rejected_because": version.rejected_because,
        "sealed_as": version.sealed_as or None,
        "first_verified_by": version.first_verified_by,
        "checked_at": version.checked_at,
        "checked_by": version.checked_by,
    }


def _read(row: Row[Any], uploaded: list[Row[Any]]) -> Document:
    answer = None if row.answer is None else StandingAnswer(Answer(row.answer), row.answer_reason, row.answered_at)
    return Document(
        id=DocumentId(row.id),
        student_id=StudentId(row.student_id),
        kind=row.kind,
        label=row.label,
        versions=tuple(map(_read_version, uploaded)),
        answer=answer,
        version=row.version,
    )


def _read_version(row: Row[Any]) -> Version:
    return Version(
        number=row.number,
        sha256=row.sha256,
        size=row.size,
        content_type=row.content_type,
        file_name=row.file_name,
        uploaded_at=row.uploaded_at,
        uploaded_by=AccountId(row.uploaded_by),
        stated=Stated(row.issued_on, row.expires_on, row.name_on_document),
        verification=Verification(row.verification),
        rejected_because=row.rejected_because,
        sealed_as=row.sealed_as or "",
        first_verified_by=None if row.first_verified_by is None else AccountId(row.first_verified_by),
        checked_at=row.checked_at,
        checked_by=None if row.checked_by is None else AccountId(row.checked_by),
    )
