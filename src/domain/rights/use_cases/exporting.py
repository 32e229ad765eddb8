"""Asking for everything that is kept, making it in the background, and handing it over."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from ....ports.errors import Unreadable
from ....ports.files import Files
from ....ports.ids import Ids
from ....ports.jobs import Job, Priority
from ....ports.messages import Messages
from ....ports.paper_links import LinkedPaper, PaperLinks
from ....ports.transactions import Transactions
from ....ports.vault import StudentKeys, Vault
from ...applications.application import Application
from ...applications.use_cases.keeping import opened_snapshot
from ...audit.deed import Deed
from ...documents.use_cases.looking import Watched
from ...documents.use_cases.papers import Link
from ...documents.use_cases.sealed import place_of, version_content
from ...identity.account import Asker
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound, Reason, RuleBroken
from ...shared.ids import ApplicationId, DocumentId, ExportId, JobId, StudentId
from ..export import CONTENT_TYPE, FILE_NAME, Export, State
from ..policies import demand_herself
from ..record import Listed, index_bytes, listed_papers, listed_sent, page_bytes
from ..zipped import Entry, zipped
from .gathering import Gathered, gathered

MAKE = "make_export"
"""The name of the job that makes the file."""
GIVEN_UP = timedelta(hours=6)
"""An export that takes longer than that is not made any more: its job was set aside."""
_AT_A_TIME = 100
Report = Callable[[int], Awaitable[None]]
"""Hears how much is done, as that grows."""


@dataclass(frozen=True)
class AskForExport:
    """Have everything about oneself put into one file."""

    transactions: Transactions
    ids: Ids

    async def __call__(self, asker: Asker, student_id: StudentId, language: str = "") -> Export:
        """Return the export that has begun, or the one that is being made already; NotFound for somebody else's."""
        demand_herself(asker, student_id)
        async with self.transactions(asker.origin) as work:
            if await work.erasures.is_fenced(student_id):
                raise Conflict
            known = await work.exports.of_student(student_id)
            if known and known[0].state is State.MAKING:
                if known[0].asked_at > work.now - GIVEN_UP:
                    return known[0]
                known[0].remove()
                await work.exports.save(known[0])
            export = Export(ExportId(self.ids.new()), student_id, asker.account_id, work.now, language)
            await work.exports.add(export)
            await work.jobs.add(
                Job(
                    JobId(self.ids.new()),
                    MAKE,
                    work.now,
                    arguments={"export": str(export.id)},
                    key=f"export {export.id}",
                    priority=Priority.NORMAL,
                    origin=asker.origin,
                )
            )
            work.note(Deed("export.asked", "export", export.id, student_id))
        return export


@dataclass(frozen=True)
class ListExports:
    """See which exports there are, and how far they are."""

    transactions: Transactions

    async def __call__(self, asker: Asker, student_id: StudentId) -> Sequence[Export]:
        """Return them, the newest first; raise NotFound for somebody else's."""
        demand_herself(asker, student_id)
        async with self.transactions(asker.origin) as work:
            return await work.exports.of_student(student_id)


@dataclass(frozen=True)
class LinkToExport:
    """Hand out a link to the file; that it was handed out is on record."""

    transactions: Transactions
    paper_links: PaperLinks
    lasting: timedelta = timedelta(seconds=60)

    async def __call__(self, asker: Asker, student_id: StudentId, export_id: ExportId) -> Link:
        """Return the link; raise NotFound for somebody else's and for one that is gone, RuleBroken while it is made."""
        demand_herself(asker, student_id)
        async with self.transactions(asker.origin) as work:
            export = await work.exports.get(export_id)
            if export.student_id != student_id:
                raise NotFound
            export.demand_there(work.now)
            until = min(work.now + self.lasting, export.until or work.now)
            work.note(Deed("export.opened", "export", export.id, student_id))
        paper = LinkedPaper(
            student_id, DocumentId(export.id), export.sha256, export.content_sha256, FILE_NAME, CONTENT_TYPE
        )
        return Link(self.paper_links.link(paper, until), until)


@dataclass(frozen=True)
class MakeExport:
    """Put everything about a student into one file; it may be broken off at any point and begun again.

    The file counts once it is published, in a unit during which no erasure of hers can begin. Whoever is too late for
    that takes away what was made.
    """

    transactions: Transactions
    files: Files
    vault: Vault
    messages: Messages
    at_most: int
    lasting: timedelta

    async def __call__(self, export_id: ExportId) -> None:
        """Return once it can be had, or is not wanted any more; raise Unavailable when a store does not answer."""
        try:
            async with self.transactions() as work:
                student_id = (await work.exports.get(export_id)).student_id
            keys = await self.vault.keys_of(student_id)
            async with self.transactions() as work:
                export = await work.exports.get(export_id)
                if export.state is not State.MAKING or await work.erasures.is_fenced(student_id):
                    return
                found = await gathered(work, export, keys)
        except NotFound:  # erased meanwhile
            return
        content = Watched(zipped(self._entries(export, found, keys), export.asked_at), at_most=self.at_most)
        sealed = keys.sealing(place_of(DocumentId(export.id)), content.pieces())
        stored = await self.files.store(sealed, at_most=sys.maxsize)
        if not content.ended:
            await self.files.delete(stored.sha256)
            raise RuleBroken(Reason("file.too_large", {"at_most": self.at_most}))
        if not await self._publish(export_id, stored.sha256, content.size, content.sha256):
            await self.files.delete(stored.sha256)

    async def _publish(self, export_id: ExportId, sha256: str, size: int, content_sha256: str) -> bool:
        async with self.transactions() as work:
            try:
                export = await work.exports.get(export_id)
            except NotFound:
                return False
            if await work.erasures.is_fenced(export.student_id):
                return False
            if export.state is State.MAKING:
                event = export.publish(sha256, size, work.now, self.lasting, content_sha256)
                await work.exports.save(export)
                work.record(event, export.version)
            return export.sha256 == sha256

    async def _entries(self, export: Export, found: Gathered, keys: StudentKeys) -> AsyncIterator[Entry]:
        papers, missing = listed_papers(found.documents), list[Listed]()
        sent = [one async for one in self._listed_sent(found.applications, keys, missing)]
        files: list[Listed] = [one for one, _ in papers] + [one for one, _ in sent]
        messages = self.messages.in_language(found.language or export.language)
        page = page_bytes(files, messages.language, messages.sentence, export.asked_at)
        for path, content in (("index.html", page), ("index.json", index_bytes(files)), ("record.json", found.record)):
            yield Entry(path, _whole(content), pack=True)
        for listed, version in papers:
            document_id = DocumentId(UUID(str(listed.about["document_id"])))
            pieces = version_content(self.files, keys, document_id, version)
            try:
                first = await anext(pieces, b"")
            except (NotFound, Unreadable):
                missing.append(listed)
                continue
            yield Entry(listed.path, _from(first, pieces, listed, missing))
        for listed, application_id in sent:
            yield Entry(listed.path, _whole(await self._sent(application_id, keys)), pack=True)
        if missing:  # told rather than passed over
            yield Entry("missing.json", _whole(index_bytes(missing)), pack=True)

    async def _listed_sent(
        self, applications: Sequence[Application], keys: StudentKeys, missing: list[Listed]
    ) -> AsyncIterator[tuple[Listed, ApplicationId]]:
        for one in applications:
            if one.receipt is not None:
                try:
                    yield listed_sent(one, await self._sent(one.id, keys)), one.id
                except Unreadable:
                    missing.append(listed_sent(one, b""))

    async def _sent(self, application_id: ApplicationId, keys: StudentKeys) -> bytes:
        async with self.transactions() as work:
            kept = await work.applications.snapshot(application_id)
        return opened_snapshot(application_id, kept, keys)


@dataclass(frozen=True)
class RemoveExports:
    """Take away the files of exports whose time is over."""

    transactions: Transactions
    files: Files

    async def __call__(self, report: Report) -> int:
        """Return how many were taken away; raise Unavailable when the store does not answer."""
        removed = 0
        while over := await self._over():
            for export in over:
                await self.files.delete(export.sha256)
                if await self._note(export.id):
                    removed += 1
            await report(removed)
        return removed

    async def _over(self) -> Sequence[Export]:
        async with self.transactions() as work:
            return await work.exports.over(work.now, _AT_A_TIME)

    async def _note(self, export_id: ExportId) -> bool:
        with suppress(Conflict, NotFound):  # another sweep was first, or she was erased
            async with self.transactions() as work:
                export = await work.exports.get(export_id)
                export.remove()
                await work.exports.save(export)
            return True
        return False


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _from(
    first: bytes, rest: AsyncIterator[bytes], listed: Listed, missing: list[Listed]
) -> AsyncIterator[bytes]:
    """Yield the content as far as it can be read; what is damaged further on counts as missing too."""
    yield first
    try:
        async for piece in rest:
            yield piece
    except Unreadable:
        missing.append(listed)
