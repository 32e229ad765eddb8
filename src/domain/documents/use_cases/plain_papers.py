"""Sealing the files that an earlier release kept as they came."""

from __future__ import annotations

from contextlib import suppress

from ....ports.files import Files
from ....ports.transactions import Transactions
from ....ports.vault import Report, Vault
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound, Reason
from ...shared.ids import DocumentId
from ..document import Document, Version
from .direct_upload import demand_still_counts
from .looking import Watched
from .sealed import store_sealed

_AT_A_TIME = 50


@dataclass(frozen=True)
class SealPapers:
    """Keep each file that was kept as it came once more, sealed, and let its version count on that one.

    What no version counts on any more is swept away like any other file.
    """

    transactions: Transactions
    files: Files
    vault: Vault

    async def __call__(self, report: Report) -> int:
        """Return how many were sealed; may be repeated or cut short at any point.

        What cannot be sealed now (its file is gone, its paper is being changed) is left for the next time. Raises
        Unavailable when the store does not answer.
        """
        done, after = 0, None
        while documents := await self._unsealed(after):
            for document in documents:
                for version in document.versions:
                    if not version.sealed_as:
                        with suppress(NotFound, Conflict):
                            await self._seal(document, version)
                            done += 1
                await report(done)
            after = documents[-1].id
        return done

    async def _unsealed(self, after: DocumentId | None) -> list[Document]:
        async with self.transactions() as work:
            return list(await work.documents.unsealed(after, _AT_A_TIME))

    async def _seal(self, document: Document, version: Version) -> None:
        async with self.transactions() as work:
            begun = work.now
        keys = await self.vault.keys_of(document.student_id)
        content = Watched(self.files.read(version.sha256))

        async def look(_: Watched) -> None:
            if content.sha256 != version.sha256:  # sealing it would hide that it is not what was uploaded
                raise NotFound(Reason("file.unknown"))

        sealed_as = await store_sealed(self.files, keys, document.id, content, look)
        async with self.transactions() as work:
            demand_still_counts(work.now - begun)
            now = await work.documents.get(document.id)
            now.seal(version.number, sealed_as)
            await work.documents.save(now)
