"""Handing bytes straight to the store: announced, given a ticket, reported as complete, looked up."""

from __future__ import annotations

from ....ports.ids import Ids
from ....ports.incoming import Incoming, Ticket
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, Invalid, NotFound, Reason, RuleBroken
from ...shared.ids import DocumentId, UploadId
from ...shared.texts import demand_texts
from ..document import Stated
from ..policies import LARGEST_FILE
from ..upload import Announced, Upload, UploadState
from .papers import admitted_document

MOST_WAITING = 20
LONGEST_GIVEN_NAME = 400


@dataclass(frozen=True)
class RequestUpload:
    """Announce a file for a paper."""

    transactions: Transactions
    ids: Ids
    largest: int = LARGEST_FILE

    async def __call__(
        self,
        asker: Asker,
        document_id: DocumentId,
        announced: Announced,
        file_name: str,
        stated: Stated = Stated(),  # noqa: B008 - frozen
    ) -> Upload:
        """Return the new upload; its bytes are handed over with a ticket.

        Raises NotFound for what is not the asker's, Invalid for a name that is none, RuleBroken for too large a file,
        a paper with no room for another version, or MOST_WAITING uploads of hers that are not decided yet.
        """
        demand_texts((file_name, "file_name", LONGEST_GIVEN_NAME))
        if announced.size > self.largest:
            raise Invalid(Reason("file.too_large", {"at_most": self.largest}, "size"))
        async with self.transactions(asker.origin) as work:
            document = await admitted_document(work, asker, document_id, Doing.ADD_PAPERS)
            document.demand_room()
            if await work.uploads.count_waiting(document.student_id) >= MOST_WAITING:
                raise RuleBroken(Reason("upload.too_many_waiting", {"at_most": MOST_WAITING}))
            upload = Upload(
                id=UploadId(self.ids.new()),
                document_id=document.id,
                student_id=document.student_id,
                requested_by=asker.account_id,
                announced=announced,
                file_name=file_name,
                stated=stated,
                requested_at=work.now,
            )
            await work.uploads.add(upload)
            work.record(upload.requested(), upload.version)
        return upload


@dataclass(frozen=True)
class IssueTicket:
    """Say how the bytes of an announced upload are handed to the store."""

    transactions: Transactions
    incoming: Incoming

    async def __call__(self, asker: Asker, upload_id: UploadId) -> tuple[Upload, Ticket | None]:
        """Return the upload, and a ticket while it may be used; asked again, one that does the same.

        Raises NotFound for what is not the asker's, Unavailable when the store does not answer.
        """
        async with self.transactions(asker.origin) as work:
            upload = await _own_upload(work, asker, upload_id)
            now = work.now
        if upload.state is not UploadState.REQUESTED or now >= upload.ticket_until:
            return upload, None
        return upload, await self.incoming.ticket(upload.name, upload.announced, upload.ticket_until)


@dataclass(frozen=True)
class CompleteUpload:
    """Take the client's word that all bytes are there, and look whether they are."""

    transactions: Transactions
    incoming: Incoming

    async def __call__(self, asker: Asker, upload_id: UploadId) -> Upload:
        """Return the upload, received now and looked at soon; one that was reported before is returned as it stands.

        Raises NotFound for what is not the asker's, Conflict(upload.not_arrived) while bytes are missing,
        RuleBroken(file.not_as_announced) for others, Unavailable when the store does not answer.
        """
        async with self.transactions(asker.origin) as work:
            upload = await _own_upload(work, asker, upload_id)
        if upload.state is not UploadState.REQUESTED:
            return upload
        try:
            await self.incoming.arrived(upload.name, upload.announced)
        except NotFound as missing:
            await self._demand_decided(asker, upload_id, missing)
        async with self.transactions(asker.origin) as work:
            upload = await _own_upload(work, asker, upload_id)
            if upload.state is UploadState.REQUESTED:  # otherwise somebody reported it, or gave it up, meanwhile
                event = upload.receive(work.now)
                await work.uploads.save(upload)
                work.record(event, upload.version)
        return upload

    async def _demand_decided(self, asker: Asker, upload_id: UploadId, missing: NotFound) -> None:
        """Return where somebody else reported it and its bytes are on their way already; raise Conflict otherwise."""
        async with self.transactions(asker.origin) as work:
            upload = await _own_upload(work, asker, upload_id)
        if upload.state is UploadState.REQUESTED:
            raise Conflict(Reason("upload.not_arrived")) from missing


@dataclass(frozen=True)
class GetUpload:
    """Show where an upload stands."""

    transactions: Transactions

    async def __call__(self, asker: Asker, upload_id: UploadId) -> Upload:
        """Return the upload; raise NotFound for what is not the asker's."""
        async with self.transactions(asker.origin) as work:
            return await _own_upload(work, asker, upload_id)


async def _own_upload(work: UnitOfWork, asker: Asker, upload_id: UploadId) -> Upload:
    upload = await work.uploads.get(upload_id)
    admit(work, asker, upload.student_id, Doing.ADD_PAPERS)
    return upload
