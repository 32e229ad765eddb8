"""Where it is kept how far each upload is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ..domain.documents.upload import Upload, UploadState
from ..domain.shared.ids import StudentId, UploadId


class Uploads(Protocol):
    """All uploads, decided or not. All times are the transaction's own."""

    async def add(self, upload: Upload) -> None:
        """Keep a new upload at version 1."""
        ...

    async def get(self, upload_id: UploadId) -> Upload:
        """Return the upload; raise NotFound where there is none."""
        ...

    async def save(self, upload: Upload) -> None:
        """Keep the changed upload and count its version up; raise Conflict when another writer was first."""
        ...

    async def of_student(self, student_id: StudentId) -> Sequence[Upload]:
        """Return all uploads of the student, decided or not, ordered by id."""
        ...

    async def count_waiting(self, student_id: StudentId) -> int:
        """Return how many of the student's uploads are not decided yet.

        Until the transaction ends nobody else gets an answer about the same student, so that a limit holds.
        """
        ...

    async def overdue(self, limit: int) -> Sequence[Upload]:
        """Return uploads that are still requested and whose time has ended, oldest first."""
        ...

    async def not_looked_at(self, received_before: datetime, limit: int) -> Sequence[Upload]:
        """Return uploads that were received before the moment and are not decided yet, oldest first."""
        ...

    async def states_of(self, ids: Sequence[UploadId]) -> Mapping[UploadId, UploadState]:
        """Return how far each of them is; those that are not known are left out."""
        ...
