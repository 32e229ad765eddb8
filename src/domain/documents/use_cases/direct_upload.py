"""Taking in a version whose bytes come through us, within one request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from ....ports.files import Files, StoredFile
from ....ports.scanner import Scanner
from ....ports.transactions import Transactions
from ...identity.account import Asker
from ...identity.scopes import Doing
from ...shared.dataclass import dataclass
from ...shared.errors import Reason, RuleBroken
from ...shared.ids import DocumentId
from ...shared.versions import demand_version
from ..document import Document, Stated, Version
from ..policies import LARGEST_FILE, clean_file_name, content_type_of
from .looking import Watched, demand_harmless
from .papers import admitted_document

COUNTS_WITHIN = timedelta(hours=12)
"""A file that no version counts on is swept away a day after it was stored; well before, it is too late to begin."""


@dataclass(frozen=True)
class UploadVersion:
    """Take in a new version of a paper: the bytes first, looked at, then one transaction that makes them count."""

    transactions: Transactions
    files: Files
    scanner: Scanner | None = None
    largest: int = LARGEST_FILE

    async def __call__(
        self,
        asker: Asker,
        document_id: DocumentId,
        content: AsyncIterator[bytes],
        file_name: str,
        stated: Stated = Stated(),  # noqa: B008 - frozen
        expected_version: int | None = None,
    ) -> Document:
        """Return the document with the new version.

        Raises NotFound for what is not the asker's, Conflict when it was changed meanwhile, FileRefused for content
        that is no PDF, PNG, JPEG or HEIC or that the scanner knows as harmful, RuleBroken for an empty or too large
        file, Unavailable when the store or the scanner does not answer. What is refused for its content was never
        kept; what was kept and counts for nothing is swept away.
        """
        begun = await self._demand_may_upload(asker, document_id, expected_version)
        stored = await self.files.store(content, at_most=self.largest, look=self._look)
        async with self.transactions(asker.origin) as work:
            document = await admitted_document(work, asker, document_id, Doing.ADD_PAPERS)
            demand_version(document.version, expected_version)
            demand_still_counts(work.now - begun)
            content_type = content_type_of(stored.head)
            version = Version(
                number=len(document.versions) + 1,
                sha256=stored.sha256,
                size=stored.size,
                content_type=content_type,
                file_name=clean_file_name(file_name, content_type),
                uploaded_at=work.now,
                uploaded_by=asker.account_id,
                stated=stated,
            )
            event = document.upload(version)
            await work.documents.save(document)
            work.record(event, document.version)
        return document

    async def _demand_may_upload(self, asker: Asker, document_id: DocumentId, expected_version: int | None) -> datetime:
        async with self.transactions(asker.origin) as work:
            document = await admitted_document(work, asker, document_id, Doing.ADD_PAPERS)
            demand_version(document.version, expected_version)
            document.demand_room()
            return work.now

    async def _look(self, stored: StoredFile, content: AsyncIterator[bytes]) -> None:
        content_type_of(stored.head)
        await demand_harmless(self.scanner, Watched(content))


def demand_still_counts(since_stored: timedelta) -> None:
    """Raise RuleBroken when the bytes were stored so long ago that a sweep may be about to take them away."""
    if since_stored > COUNTS_WITHIN:
        raise RuleBroken(Reason("file.upload_again", {}, "file"))
