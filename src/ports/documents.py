"""Where students' papers are kept; their bytes are with the files port."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ..domain.documents.document import Document
from ..domain.shared.ids import AccountId, DocumentId, StudentId


class Documents(Protocol):
    """All documents of all students."""

    async def add(self, document: Document) -> None:
        """Keep a new document at version 1."""
        ...

    async def get(self, document_id: DocumentId) -> Document:
        """Return the document with all its versions; raise NotFound where there is none."""
        ...

    async def save(self, document: Document) -> None:
        """Keep the changed document and count its version up; raise Conflict when another writer was first."""
        ...

    async def of_student(
        self, student_id: StudentId, after: DocumentId | None = None, limit: int | None = None
    ) -> Sequence[Document]:
        """Return the student's documents, ordered by id, from just after the given one, at most ``limit``."""
        ...

    async def of_students(self, student_ids: Collection[StudentId]) -> Sequence[Document]:
        """Return all documents of these students, ordered by id."""
        ...

    async def count_of(self, student_id: StudentId) -> int:
        """Return how many documents the student has.

        Until the transaction ends nobody else gets an answer about the same student, so that a limit holds.
        """
        ...

    async def awaiting_check(self, student_ids: Collection[StudentId]) -> int:
        """Return how many versions of these students' papers nobody has decided on."""
        ...

    async def checked_in(self, accounts: Collection[AccountId], since: datetime) -> Mapping[AccountId, Sequence[float]]:
        """Return in how many seconds after they were uploaded each of these accounts was the first to check versions,
        of those that were checked since the moment; accounts without any are left out."""
        ...

    async def unused(self, hashes: Sequence[str]) -> frozenset[str]:
        """Return those of the hashes under which no version of any document keeps its bytes (``stored_as``)."""
        ...

    async def unsealed(self, after: DocumentId | None, limit: int) -> Sequence[Document]:
        """Return documents with a version that is not sealed, ordered by id, from just after that one on, at most
        ``limit``."""
        ...
