"""Uploads in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ...domain.documents.upload import Upload, UploadState
from ...domain.shared.ids import StudentId, UploadId
from .tables import Entities


class MemoryUploads:
    """The uploads as the open unit sees them."""

    def __init__(self, rows: Entities[Upload], now: datetime) -> None:
        self._rows = rows
        self._now = now

    async def add(self, upload: Upload) -> None:
        self._rows.add(upload.id, upload)

    async def get(self, upload_id: UploadId) -> Upload:
        return self._rows.found(upload_id)

    async def save(self, upload: Upload) -> None:
        self._rows.save(upload.id, upload)

    async def of_student(self, student_id: StudentId) -> Sequence[Upload]:
        return sorted(self._rows.rows(lambda one: one.student_id == student_id), key=lambda one: one.id)

    async def count_waiting(self, student_id: StudentId) -> int:
        # Units of work follow one another here, so nobody can ask meanwhile.
        return sum(upload.student_id == student_id and upload.is_waiting for upload in self._rows.rows())

    async def overdue(self, limit: int) -> Sequence[Upload]:
        requested = (upload for upload in self._rows.rows() if upload.state is UploadState.REQUESTED)
        ended = [upload for upload in requested if upload.ends_at <= self._now]
        return sorted(ended, key=lambda upload: (upload.requested_at, upload.id))[:limit]

    async def not_looked_at(self, received_before: datetime, limit: int) -> Sequence[Upload]:
        received = [upload for upload in self._rows.rows() if upload.state is UploadState.RECEIVED]
        old = [(upload.received_at, upload.id, upload) for upload in received if upload.received_at is not None]
        return [upload for at, _, upload in sorted(old, key=lambda one: one[:2]) if at < received_before][:limit]

    async def states_of(self, ids: Sequence[UploadId]) -> Mapping[UploadId, UploadState]:
        found = ((upload_id, self._rows.get(upload_id)) for upload_id in ids)
        return {upload_id: upload.state for upload_id, upload in found if upload is not None}
