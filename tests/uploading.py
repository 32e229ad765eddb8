"""A small world in which a student uploads."""

import hashlib
from contextlib import suppress
from datetime import date

from worlds import PDF, World, owned

from higherstudy.domain.documents.document import Document, Stated
from higherstudy.domain.documents.upload import LIFE, Announced, Upload
from higherstudy.domain.documents.upload_events import UploadReceived
from higherstudy.domain.documents.use_cases.papers import AddDocument, GetDocument
from higherstudy.domain.documents.use_cases.scanning import ScanUpload
from higherstudy.domain.documents.use_cases.sealed import place_of
from higherstudy.domain.documents.use_cases.uploads import CompleteUpload, IssueTicket, RequestUpload
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.shared.ids import EventId
from higherstudy.ports.errors import Unreadable

STATED = Stated(date(2022, 6, 1), date(2032, 5, 31), "SAMPLE STUDENT")
WORM = PDF + b"worm"


class Uploading(World):
    """A world in which a student has a paper without a version."""

    async def begin(self) -> tuple[Asker, Document]:
        owner = await self.student()
        passport = await AddDocument(self.transactions, self.ids, self.rule_packs)(owner, owned(owner), "passport")
        self.scanner.known = {b"worm": "A worm"}
        return owner, passport

    async def requested(
        self, owner: Asker, document: Document, content: bytes = PDF, content_type: str = "application/pdf"
    ) -> Upload:
        announced = Announced(len(content), content_type, hashlib.sha256(content).hexdigest())
        request = RequestUpload(self.transactions, self.ids)
        return await request(owner, document.id, announced, "../cv\u202efdp.exe", STATED)

    async def handed_over(self, owner: Asker, upload: Upload, content: bytes) -> None:
        _, ticket = await IssueTicket(self.transactions, self.incoming)(owner, upload.id)
        assert ticket is not None
        for part in ticket.parts:
            self.incoming.put(part.url, part.headers, content[part.offset : part.offset + part.size])

    async def received(
        self, owner: Asker, document: Document, content: bytes = PDF, content_type: str = "application/pdf"
    ) -> Upload:
        upload = await self.requested(owner, document, content, content_type)
        await self.handed_over(owner, upload, content)
        return await CompleteUpload(self.transactions, self.incoming)(owner, upload.id)

    async def scanned(self, upload: Upload) -> Upload:
        scan = ScanUpload(self.transactions, self.incoming, self.files, self.vault, self.scanner)
        event = UploadReceived(upload.id, upload.document_id, upload.student_id)
        await scan(event, EventId(self.ids.new()))
        async with self.transactions() as work:
            return await work.uploads.get(upload.id)

    async def document(self, owner: Asker, document: Document) -> Document:
        return await GetDocument(self.transactions)(owner, document.id)

    async def left(self) -> list[str]:
        return [name async for name in self.incoming.left_before(self.clock.now() + LIFE)]

    async def kept(self, owner: Asker, document: Document) -> list[bytes]:
        """Return the contents that are kept and open for the paper, whether a version counts on them or not."""
        keys, found = await self.vault.keys_of(owned(owner)), []
        async for name in self.files.kept_before(self.clock.now() + LIFE):
            with suppress(Unreadable):
                found.append(keys.open(place_of(document.id), self.files.kept(name) or b""))
        return found


async def nobody(_: int) -> None:
    """Hears of progress and does nothing."""
