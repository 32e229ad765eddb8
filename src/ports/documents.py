"""Where students' papers are kept; their bytes are with the files port."""

from collections.abc import Sequence
from typing import Protocol

from ..domain.documents.document import Document
from ..domain.shared.ids import DocumentId, StudentId


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

    async def of_student(self, student_id: StudentId) -> Sequence[Document]:
        """Return the student's documents, ordered by id."""
        ...

    async def uses_of(self, sha256: str) -> int:
        """Return how many versions have this content.

        Until the transaction ends nobody else gets an answer about the same content, so that a file is not removed
        while another upload begins to lean on it.
        """
        ...
