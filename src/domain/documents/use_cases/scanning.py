"""Looking at what arrived, and deciding whether it becomes a version."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from ....ports.errors import Unavailable
from ....ports.files import Files
from ....ports.incoming import Incoming
from ....ports.scanner import Scanner
from ....ports.transactions import Transactions
from ....ports.vault import Vault
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound, Reason, RuleBroken
from ...shared.ids import EventId, UploadId
from ..errors import FileRefused
from ..upload import Upload, UploadState
from ..upload_events import UploadReceived
from .direct_upload import demand_still_counts
from .looking import Watched, demand_harmless
from .sealed import store_sealed
from .sweeping import Report

_ATTEMPTS = 3
LOOKED_AT_WITHIN = timedelta(minutes=5)
_AT_A_TIME = 200


@dataclass(frozen=True)
class ScanUpload:
    """Read what arrived once, judge and scan it, and let it become a version or refuse it; doing it again is safe."""

    transactions: Transactions
    incoming: Incoming
    files: Files
    vault: Vault
    scanner: Scanner | None = None

    async def __call__(self, event: UploadReceived, _: EventId) -> None:
        """Return once the upload is decided; raises as ``decide`` does."""
        await self.decide(event.upload_id)

    async def decide(self, upload_id: UploadId) -> None:
        """Return once the upload is decided, by us or by somebody before us.

        Raises Unavailable when the store or the scanner does not answer: nothing is decided then, and somebody has to
        come back. Raises Conflict when others kept changing the paper.
        """
        upload = await self._get(upload_id)
        if upload.state is UploadState.RECEIVED:
            try:
                begun, sealed_as = await self._keep(upload)
            except (FileRefused, NotFound) as refused:
                reasons = refused.reasons if isinstance(refused, FileRefused) else (Reason("upload.bytes_gone"),)
                await self._refuse(upload.id, reasons)
            else:
                await self._accept(upload, begun, sealed_as)
        await self.incoming.drop(upload.name)

    async def _get(self, upload_id: UploadId) -> Upload:
        async with self.transactions() as work:
            return await work.uploads.get(upload_id)

    async def _keep(self, upload: Upload) -> tuple[datetime, str]:
        """Keep the content, sealed, when it is what was announced and harmless; return when that began and the name
        under which it is kept. Raises FileRefused with every reason, NotFound when the bytes are gone."""
        async with self.transactions() as work:
            begun = work.now
        keys = await self.vault.keys_of(upload.student_id)
        content = Watched(self.incoming.read(upload.name), at_most=upload.announced.size)

        async def look(kept: Watched) -> None:
            await demand_harmless(self.scanner, kept)
            self._demand_as_announced(upload, content)

        return begun, await store_sealed(self.files, keys, upload.document_id, content, look)

    def _demand_as_announced(self, upload: Upload, came: Watched) -> None:
        reasons = [*upload.announced.against(size=came.size, sha256=came.sha256, head=came.head)]
        if reasons:
            raise FileRefused(*reasons)

    async def _accept(self, upload: Upload, begun: datetime, sealed_as: str) -> None:
        """Let the file, which is kept, count in one transaction: no version is ever without its bytes."""
        try:
            await self._in_turn(upload.id, begun, sealed_as)
        except NotFound:
            await self._refuse(upload.id, (Reason("upload.paper_gone"),))
        except RuleBroken as broken:
            await self._refuse(upload.id, broken.reasons)

    async def _in_turn(self, upload_id: UploadId, begun: datetime, sealed_as: str) -> Upload:
        """Let it count; where another upload of the same paper was first, after that one."""
        for _ in range(_ATTEMPTS - 1):
            with suppress(Conflict):
                return await self._let_count(upload_id, begun, sealed_as)
        return await self._let_count(upload_id, begun, sealed_as)

    async def _let_count(self, upload_id: UploadId, begun: datetime, sealed_as: str) -> Upload:
        async with self.transactions() as work:
            demand_still_counts(work.now - begun)
            upload = await work.uploads.get(upload_id)
            if upload.state is UploadState.RECEIVED:  # otherwise another worker has decided it
                document = await work.documents.get(upload.document_id)
                number = len(document.versions) + 1
                uploaded = document.upload(upload.as_version(number, sealed_as))
                accepted = upload.accept(number, work.now)
                await work.documents.save(document)
                await work.uploads.save(upload)
                work.record(uploaded, document.version)
                work.record(accepted, upload.version)
        return upload

    async def _refuse(self, upload_id: UploadId, reasons: tuple[Reason, ...]) -> None:
        async with self.transactions() as work:
            upload = await work.uploads.get(upload_id)
            if upload.state is UploadState.RECEIVED:  # otherwise another worker has decided it
                event = upload.refuse(reasons, work.now)
                await work.uploads.save(upload)
                work.record(event, upload.version)


@dataclass(frozen=True)
class ScanForgotten:
    """Look at what was received and that nobody has decided: the scanner was away for longer than anybody waited."""

    transactions: Transactions
    scan: ScanUpload

    async def __call__(self, report: Report) -> int:
        """Return how many were decided; raise Unavailable when one of them still could not be."""
        async with self.transactions() as work:
            waiting = await work.uploads.not_looked_at(work.now - LOOKED_AT_WITHIN, _AT_A_TIME)
        decided, away = 0, None
        for upload in waiting:
            try:
                await self.scan.decide(upload.id)
            except Unavailable as error:  # the next one may be small enough, or the scanner back
                away = error
            else:
                decided += 1
                await report(decided)
        if away is not None:
            raise Unavailable from away
        return decided
