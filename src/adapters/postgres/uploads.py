"""Where it is kept how far each upload is, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, func, insert, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.documents.document import Stated
from ...domain.documents.upload import LIFE, Announced, Upload, UploadState
from ...domain.shared.errors import NotFound, Reason
from ...domain.shared.ids import AccountId, DocumentId, StudentId, UploadId
from .engine import translated
from .locks import one_at_a_time
from .tables import uploads
from .versions import save_row


class PostgresUploads:
    """The uploads as one transaction sees them."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def add(self, upload: Upload) -> None:
        row = {"id": upload.id, **_values(upload), "version": upload.version + 1}
        with translated():
            await self._connection.execute(insert(uploads).values(row))
        upload.version += 1

    async def get(self, upload_id: UploadId) -> Upload:
        with translated():
            row = (await self._connection.execute(select(uploads).where(uploads.c.id == upload_id))).one_or_none()
        if row is None:
            raise NotFound
        return _read(row)

    async def save(self, upload: Upload) -> None:
        upload.version = await save_row(self._connection, uploads, upload.id, upload.version, _values(upload))

    async def of_student(self, student_id: StudentId) -> Sequence[Upload]:
        query = select(uploads).where(uploads.c.student_id == student_id).order_by(uploads.c.id)
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]

    async def count_waiting(self, student_id: StudentId) -> int:
        waiting = uploads.c.state.in_((UploadState.REQUESTED, UploadState.RECEIVED))
        await one_at_a_time(self._connection, f"uploads of {student_id}")
        with translated():
            count = select(func.count()).where(uploads.c.student_id == student_id, waiting)
            return (await self._connection.execute(count)).scalar_one()

    async def overdue(self, limit: int) -> Sequence[Upload]:
        requested = select(uploads).where(uploads.c.state == UploadState.REQUESTED)
        ended = requested.where(uploads.c.requested_at <= self._now - LIFE)
        with translated():
            oldest = ended.order_by(uploads.c.requested_at, uploads.c.id).limit(limit)
            return [_read(row) for row in await self._connection.execute(oldest)]

    async def not_looked_at(self, received_before: datetime, limit: int) -> Sequence[Upload]:
        received = select(uploads).where(uploads.c.state == UploadState.RECEIVED)
        old = received.where(uploads.c.received_at < received_before)
        with translated():
            oldest = old.order_by(uploads.c.received_at, uploads.c.id).limit(limit)
            return [_read(row) for row in await self._connection.execute(oldest)]

    async def states_of(self, ids: Sequence[UploadId]) -> Mapping[UploadId, UploadState]:
        with translated():
            rows = await self._connection.execute(select(uploads.c.id, uploads.c.state).where(uploads.c.id.in_(ids)))
            return {UploadId(row.id): UploadState(row.state) for row in rows}


def _values(upload: Upload) -> dict[str, Any]:
    return {
        "document_id": upload.document_id,
        "student_id": upload.student_id,
        "requested_by": upload.requested_by,
        "size": upload.announced.size,
        "content_type": upload.announced.content_type,
        "sha256": upload.announced.sha256,
        "file_name": upload.file_name,
        "issued_on": upload.stated.issued_on,
        "expires_on": upload.stated.expires_on,
        "name_on_document": upload.stated.name_on_document,
        "requested_at": upload.requested_at,
        "state": upload.state,
        "received_at": upload.received_at,
        "decided_at": upload.decided_at,
        "reasons": [{"code": one.code, "params": dict(one.params), "where": one.where} for one in upload.reasons],
        "number": upload.number,
    }


def _read(row: Row[Any]) -> Upload:
    return Upload(
        id=UploadId(row.id),
        document_id=DocumentId(row.document_id),
        student_id=StudentId(row.student_id),
        requested_by=AccountId(row.requested_by),
        announced=Announced(row.size, row.content_type, row.sha256),
        file_name=row.file_name,
        stated=Stated(row.issued_on, row.expires_on, row.name_on_document),
        requested_at=row.requested_at,
        state=UploadState(row.state),
        received_at=row.received_at,
        decided_at=row.decided_at,
        reasons=tuple(msgspec.convert(row.reasons, list[Reason])),
        number=row.number,
        version=row.version,
    )
