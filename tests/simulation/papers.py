"""How a student hands in papers: through the API or straight to the store, with care or without."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from simulation.desks import UploadSeen
from simulation.file_store import WORM
from simulation.wire import Line

from higherstudy.domain.documents.document import Stated
from higherstudy.domain.shared.errors import Conflict
from higherstudy.domain.shared.ids import DocumentId, UploadId
from higherstudy.ports.incoming import TicketPart

if TYPE_CHECKING:
    from simulation.clients import Student

NEEDED = (("passport", Stated(date(2022, 6, 1), date(2032, 5, 31))), ("transcript", Stated(date(2025, 8, 1))))
LONGEST_DECISION = 900.0
"""So many seconds after the report an upload must be decided, whatever fails meanwhile."""
PDF = b"%PDF-1.7\n" + b"paper " * 20


@dataclass
class Announced:
    """What a student knows of an upload that she announced."""

    id: UploadId
    document_id: DocumentId
    content: bytes
    stated: Stated
    part: TicketPart
    reported: bool = False
    """Whether the API has said that it has the bytes."""

    @property
    def must_become(self) -> str:
        """As what it must be decided in the end."""
        if not self.reported:
            return "expired"
        return "refused" if WORM in self.content else "accepted"


class Papers:
    """The papers of one student."""

    def __init__(self, student: Student) -> None:
        self._student = student
        self._world = student.world
        self._desk = student.desk
        self._number = 0
        self._left: list[tuple[DocumentId, bytes, Stated]] = []
        """Scans that did not become versions, and of which papers."""
        self._forgotten: list[Announced] = []
        """Uploads whose bytes were sent and never reported."""

    async def hand_in_all(self) -> None:
        """Hand in what an application needs."""
        for kind, stated in NEEDED:
            document_id = await self._add(kind)
            if self._student.chance.random() < 0.5:
                await self._through_the_api(document_id, kind, stated)
            else:
                await self._to_the_store(document_id, self._scan(kind), stated)
                await self._versions(document_id, 1)

    async def see_to_what_was_left(self) -> None:
        """Report what was forgotten, and hand in as a further version what did not become one."""
        for upload in self._forgotten:
            with suppress(Conflict):  # its bytes are gone by now
                seen = await self._complete(upload, "report late")
                upload.reported = seen.state != "expired"
        for document_id, content, stated in self._left:
            await self._to_the_store(document_id, content, stated)

    async def be_careless(self) -> None:
        """Announce a paper and do something wrong with it, or go away at some point."""
        chance = self._student.chance
        kind, stated = NEEDED[0]
        harmful = chance.random() < 0.3
        document_id = await self._add(kind, "another ")
        upload = await self._announce(document_id, self._scan(kind) + (WORM if harmful else b""), stated)
        if chance.random() < 0.2:
            return
        if chance.random() < 0.3:
            await self._report_too_early(upload)
        if chance.random() < 0.3:
            await self._send_something_else(upload)
        await self._send(upload)
        if chance.random() < 0.5:
            self._forgotten.append(upload)
            return
        await self._report(upload)
        if chance.random() < 0.5:
            await self._until_decided(upload)

    async def _add(self, kind: str, which: str = "") -> DocumentId:
        key = f"add {which}{kind}"
        return (await self._student.in_tabs(key, lambda line: self._desk.add_paper(line, key, kind), keyed=key))[0]

    async def _through_the_api(self, document_id: DocumentId, kind: str, stated: Stated) -> None:
        """Send the scan with the request; the other tab sends another scan of the same paper, and one is first."""
        scans = (self._scan(kind), self._scan(kind))
        await self._student.unless_done(
            f"hand in {kind}", *(partial(self._hand_in, document_id, scan, stated) for scan in scans)
        )
        [version] = await self._versions(document_id, 1)
        self._left += [(document_id, scan, stated) for scan in scans if _hash(scan) != version]

    async def _hand_in(self, document_id: DocumentId, scan: bytes, stated: Stated, line: Line) -> None:
        await self._desk.hand_in(line, document_id, scan, stated)

    async def _to_the_store(self, document_id: DocumentId, content: bytes, stated: Stated) -> None:
        upload = await self._announce(document_id, content, stated)
        await self._send(upload)
        await self._report(upload)
        await self._until_decided(upload)

    async def _announce(self, document_id: DocumentId, content: bytes, stated: Stated) -> Announced:
        self._number += 1
        key, parts = f"upload {self._number}", list[TicketPart]()

        async def ask(line: Line) -> UploadId:
            seen = await self._desk.request_upload(line, key, document_id, content, stated)
            parts.extend(seen.parts)
            return seen.id

        upload_id = (await self._student.in_tabs(key, ask, keyed=key))[0]
        upload = Announced(upload_id, document_id, content, stated, parts[-1])
        self._world.uploads[upload_id] = upload
        return upload

    async def _send(self, upload: Announced) -> None:
        """Send the bytes until the store has them."""
        taken = None
        while taken is None:
            with suppress(ConnectionError):
                taken = await self._world.incoming.take(upload.part, upload.content)
        self._demand(taken, "the store refused what was announced", upload.id)

    async def _send_something_else(self, upload: Announced) -> None:
        with suppress(ConnectionError):
            taken = await self._world.incoming.take(upload.part, upload.content + b"!")
            self._demand(not taken, "the store took something else than was announced", upload.id)

    async def _report(self, upload: Announced) -> None:
        await self._student.in_tabs("report", lambda line: self._desk.complete(line, upload.id))
        upload.reported = True

    async def _report_too_early(self, upload: Announced) -> None:
        try:
            seen = await self._complete(upload, "report too early")
        except Conflict:
            return
        self._demand(False, "an upload was taken for complete without its bytes", upload.id, seen.state)

    async def _complete(self, upload: Announced, what: str) -> UploadSeen:
        return await self._student.until_answered(what, lambda line: self._desk.complete(line, upload.id))

    async def _until_decided(self, upload: Announced) -> None:
        """Look again and again, as the page does; then look at the paper."""
        wait, until = 1.0, self._world.stage.time() + LONGEST_DECISION
        seen = UploadSeen(upload.id, "received")
        while seen.state == "received":
            self._demand(self._world.stage.time() < until, "an upload was never decided", upload.id)
            await asyncio.sleep(wait)
            wait = min(2 * wait, 16)
            seen = await self._student.until_answered(
                "look at the upload", lambda line: self._desk.look_at_upload(line, upload.id)
            )
        self._demand(
            seen.state == upload.must_become, "an upload was not decided as it must be", upload.id, *seen.reasons
        )
        if seen.state == "accepted":
            versions = await self._versions(upload.document_id)
            number = seen.number or 0
            if self._student.chance.random() < 0.2:
                await self._send(upload)  # from a tab that does not know yet
            self._demand(versions[number - 1 : number] == [_hash(upload.content)], "it is another version", upload.id)

    async def _versions(self, document_id: DocumentId, many: int | None = None) -> list[str]:
        versions = await self._student.until_answered(
            "look at the paper", lambda line: self._desk.versions(line, document_id)
        )
        self._demand(many in (None, len(versions)), "a paper has not so many versions", many, len(versions))
        return versions

    def _scan(self, kind: str) -> bytes:
        """Return a scan of the paper: some students send the same one, for instance an empty form."""
        self._number += 1
        which = self._student.chance.choice(("an empty form", f"{kind} of {self._student.number}, {self._number}"))
        return PDF + which.encode()

    def _demand(self, holds: bool, what: str, *about: object) -> None:
        self._world.stage.demand(holds, what, *about)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
