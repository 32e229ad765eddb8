"""Students' papers in memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from ...domain.documents.document import Document, Verification
from ...domain.shared.ids import AccountId, DocumentId, StudentId
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

    async def awaiting_check(self, student_ids: Collection[StudentId]) -> int:
        found = await self.of_students(student_ids)
        return sum(one.verification is Verification.PENDING for document in found for one in document.versions)

    async def checked_in(self, accounts: Collection[AccountId], since: datetime) -> Mapping[AccountId, Sequence[float]]:
        found: dict[AccountId, list[float]] = {}
        for one in (version for document in self._rows.rows() for version in document.versions):
            if one.checked_by is None or one.checked_at is None:
                continue
            if one.checked_by in accounts and one.checked_at >= since:
                found.setdefault(one.checked_by, []).append((one.checked_at - one.uploaded_at).total_seconds())
        return found

    async def unused(self, hashes: Sequence[str]) -> frozenset[str]:
        used = {version.stored_as for document in self._rows.rows() for version in document.versions}
        return frozenset(hashes) - used

    async def unsealed(self, after: DocumentId | None, limit: int) -> Sequence[Document]:
        plain = self._rows.rows(
            lambda one: (after is None or one.id > after) and any(not version.sealed_as for version in one.versions)
        )
        return sorted(plain, key=lambda document: document.id)[:limit]
