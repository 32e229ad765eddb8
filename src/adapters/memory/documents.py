"""Students' papers in memory."""

from collections.abc import Collection, Sequence

from ...domain.documents.document import Document
from ...domain.shared.ids import DocumentId, StudentId
from .tables import Entities


class MemoryDocuments:
    """The documents as the open unit sees them."""

    def __init__(self, rows: Entities[Document]) -> None:
        self._rows = rows

    async def add(self, document: Document) -> None:
        self._rows.add(document.id, document)

    async def get(self, document_id: DocumentId) -> Document:
        return self._rows.found(document_id)

    async def save(self, document: Document) -> None:
        self._rows.save(document.id, document)

    async def of_student(
        self, student_id: StudentId, after: DocumentId | None = None, limit: int | None = None
    ) -> Sequence[Document]:
        owned = self._rows.rows(lambda one: one.student_id == student_id and (after is None or one.id > after))
        return sorted(owned, key=lambda document: document.id)[:limit]

    async def of_students(self, student_ids: Collection[StudentId]) -> Sequence[Document]:
        wanted = frozenset(student_ids)
        return sorted(self._rows.rows(lambda one: one.student_id in wanted), key=lambda document: document.id)

    async def count_of(self, student_id: StudentId) -> int:
        # Units of work follow one another here, so nobody can ask meanwhile.
        return sum(document.student_id == student_id for document in self._rows.rows())

    async def unused(self, hashes: Sequence[str]) -> frozenset[str]:
        used = {version.stored_as for document in self._rows.rows() for version in document.versions}
        return frozenset(hashes) - used

    async def unsealed(self, after: DocumentId | None, limit: int) -> Sequence[Document]:
        plain = self._rows.rows(
            lambda one: (after is None or one.id > after) and any(not version.sealed_as for version in one.versions)
        )
        return sorted(plain, key=lambda document: document.id)[:limit]
