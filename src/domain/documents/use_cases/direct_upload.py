"""Taking in a version whose bytes come through us, within one request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta

from ....ports.files import Files
from ....ports.scanner import Scanner
from ....ports.transactions import Transactions
from ....ports.vault import Vault
from ...identity.account import Asker
from ...identity.scopes import Doing
from ...shared.dataclass import dataclass
from ...shared.errors import Reason, RuleBroken
from ...shared.ids import DocumentId, StudentId
from ...shared.versions import demand_version
from ..document import Document, Stated, Version
from ..policies import LARGEST_FILE, clean_file_name, content_type_of
from .looking import Watched, demand_harmless
from .papers import admitted_document
from .sealed import store_sealed

COUNTS_WITHIN = timedelta(hours=12)
"""A file that no version counts on is swept away a day after it was stored; well before, it is too late to begin."""


@dataclass(frozen=True)
class UploadVersion:
    """Take in a new version of a paper: the bytes first, looked at, then one transaction that makes them count."""

    transactions: Transactions
    files: Files
    vault: Vault
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
        asked_now: Callable[[], Awaitable[Asker]] | None = None,
    ) -> Document:
        """Return the document with the new version.

        ``asked_now`` returns the asker with the rights of that moment: the bytes may take minutes, and count only for
        whom they still count at their end.

        Raises NotFound for what is not the asker's, Conflict when it was changed meanwhile, FileRefused for content
        that is no PDF, PNG, JPEG or HEIC or that the scanner knows as harmful, RuleBroken for an empty or too large
        file, Unavailable when the store or the scanner does not answer. What is refused for its content was never
        kept; what was kept and counts for nothing is swept away.
        """
        begun, student_id = await self._demand_may_upload(asker, document_id, expected_version)
        keys = await self.vault.keys_of(student_id)
        came = Watched(content, at_most=self.largest)

        async def look(kept: Watched) -> None:
            self._demand_acceptable(came)
            await demand_harmless(self.scanner, kept)

        sealed_as = await store_sealed(self.files, keys, document_id, came, look)
        if asked_now is not None:
            asker = await asked_now()
        async with self.transactions(asker.origin) as work:
            document = await admitted_document(work, asker, document_id, Doing.ADD_PAPERS)
            demand_version(document.version, expected_version)
            demand_still_counts(work.now - begun)
            content_type = content_type_of(came.head)
            version = Version(
                number=len(document.versions) + 1,
                sha256=came.sha256,
                size=came.size,
                content_type=content_type,
                file_name=clean_file_name(file_name, content_type),
                uploaded_at=work.now,
                uploaded_by=asker.account_id,
                stated=stated,
                sealed_as=sealed_as,
            )
            event = document.upload(version)
            await work.documents.save(document)
            work.record(event, document.version)
        return document

    async def _demand_may_upload(
        self, asker: Asker, document_id: DocumentId, expected_version: int | None
    ) -> tuple[datetime, StudentId]:
        async with self.transactions(asker.origin) as work:
            document = await admitted_document(work, asker, document_id, Doing.ADD_PAPERS)
            demand_version(document.version, expected_version)
            document.demand_room()
            return work.now, document.student_id

    def _demand_acceptable(self, came: Watched) -> None:
        if not came.size:
            raise RuleBroken(Reason("file.empty", {}, "file"))
        if came.size > self.largest:
            raise RuleBroken(Reason("file.too_large", {"at_most": self.largest}, "file"))
        content_type_of(came.head)


def demand_still_counts(since_stored: timedelta) -> None:
    """Raise RuleBroken when the bytes were stored so long ago that a sweep may be about to take them away."""
    if since_stored > COUNTS_WITHIN:
        raise RuleBroken(Reason("file.upload_again", {}, "file"))
