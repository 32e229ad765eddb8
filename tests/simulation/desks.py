"""What a student can ask for, and one way to ask: by use cases, without HTTP between."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar
from uuid import UUID

from simulation.processes import answered_by
from simulation.wire import Line

from builders import a_profile
from higherstudy.domain.applications.application import Receipt
from higherstudy.domain.documents.document import Stated
from higherstudy.domain.documents.upload import Announced, Upload
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.identity.use_cases.accounts import asker_of
from higherstudy.domain.shared.errors import DomainError
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import AccountId, ApplicationId, DocumentId, ProgrammeId, StudentId, UploadId
from higherstudy.ports.answers import RequestKey, StoredAnswer
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.incoming import TicketPart
from higherstudy.ports.transactions import Transactions, joined

if TYPE_CHECKING:
    from simulation.world import World

PASSWORD = "a long enough password"
TERM, STARTS_ON = "winter", date(2027, 10, 1)
PDF_TYPE = "application/pdf"

T = TypeVar("T")
Effect = Callable[[Transactions], Awaitable[str]]


class Later(Unavailable):
    """Not now; the answer said when."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__()


class Refused(DomainError):
    """An answer that the student did not expect."""


@dataclass(frozen=True)
class UploadSeen:
    """What a student sees of her upload."""

    id: UploadId
    state: str
    number: int | None = None
    reasons: tuple[str, ...] = ()
    parts: tuple[TicketPart, ...] = ()
    """Where the bytes go, while they may."""


class Desk(Protocol):
    """Where one student asks; each question goes to one process and is answered once or not at all."""

    who: Asker
    """Who she is, from registration on."""

    async def register(self, line: Line, email: str) -> str: ...

    async def look_at_account(self, line: Line) -> None: ...

    async def fill_profile(self, line: Line) -> None: ...

    async def start(self, line: Line, key: str) -> ApplicationId: ...

    async def add_paper(self, line: Line, key: str, kind: str) -> DocumentId: ...

    async def hand_in(self, line: Line, document_id: DocumentId, content: bytes, stated: Stated) -> None: ...

    async def versions(self, line: Line, document_id: DocumentId) -> list[str]: ...

    async def request_upload(
        self, line: Line, key: str, document_id: DocumentId, content: bytes, stated: Stated
    ) -> UploadSeen: ...

    async def complete(self, line: Line, upload_id: UploadId) -> UploadSeen: ...

    async def look_at_upload(self, line: Line, upload_id: UploadId) -> UploadSeen: ...

    async def submit(self, line: Line, key: str, application_id: ApplicationId) -> str: ...

    async def receipt(self, line: Line, application_id: ApplicationId) -> str: ...

    async def withdraw(self, line: Line, key: str, application_id: ApplicationId) -> str: ...


async def once(world: World, account_id: AccountId | None, key: str, effect: Effect) -> str:
    """Answer once for each key, as the API does: the effect and its answer are kept in one unit."""
    async with world.transactions(Origin(actor=account_id, request_id=key)) as work:
        claim = RequestKey(account_id, key, key)
        before = await work.answers.claim(claim, hashlib.sha256(key.encode()).digest())
        if before is None:
            before = StoredAnswer(201, {}, (await effect(joined(work))).encode())
            await work.answers.keep(claim, before)
    return before.body.decode()


class Direct:
    """Calls use cases, as a program does that has them within itself."""

    who: Asker

    def __init__(self, world: World) -> None:
        self._world = world
        self._use = world.use

    async def register(self, line: Line, email: str) -> str:
        async def ask() -> str:
            registration = await self._use.register().prepare(email, PASSWORD)

            async def effect(transactions: Transactions) -> str:
                return str((await self._use.register(transactions=transactions).keep(registration)).id)

            return await self.once(None, f"register {email}", effect)

        account_id = AccountId(UUID(await _of(line, ask)))
        self.who = Asker(account_id, frozenset())
        return str(account_id)

    async def look_at_account(self, line: Line) -> None:
        who = self.who
        self.who = asker_of(await _of(line, lambda: self._use.get_account()(who, who.account_id)))

    async def fill_profile(self, line: Line) -> None:
        async def ask() -> None:
            async with self._world.transactions(self.who.origin) as work:
                student = await work.students.get(self._record)
                student.change_profile(a_profile())
                await work.students.save(student)

        await _of(line, ask)

    async def start(self, line: Line, key: str) -> ApplicationId:
        async def effect(transactions: Transactions) -> str:
            start, programme = self._use.start_application(transactions=transactions), self._world.programme_id
            return str((await start(self.who, self._record, ProgrammeId(programme), TERM, STARTS_ON)).id)

        return ApplicationId(UUID(await self._keyed(line, key, effect)))

    async def add_paper(self, line: Line, key: str, kind: str) -> DocumentId:
        async def effect(transactions: Transactions) -> str:
            return str((await self._use.add_document(transactions=transactions)(self.who, self._record, kind)).id)

        return DocumentId(UUID(await self._keyed(line, key, effect)))

    async def hand_in(self, line: Line, document_id: DocumentId, content: bytes, stated: Stated) -> None:
        upload = self._use.upload_version()
        await _of(line, lambda: upload(self.who, document_id, _pieces(content), "paper.pdf", stated, 1))

    async def versions(self, line: Line, document_id: DocumentId) -> list[str]:
        document = await _of(line, lambda: self._use.get_document()(self.who, document_id))
        return [version.sha256 for version in document.versions]

    async def request_upload(
        self, line: Line, key: str, document_id: DocumentId, content: bytes, stated: Stated
    ) -> UploadSeen:
        announced = Announced(len(content), PDF_TYPE, hashlib.sha256(content).hexdigest())

        async def effect(transactions: Transactions) -> str:
            request = self._use.request_upload(transactions=transactions)
            return str((await request(self.who, document_id, announced, "paper.pdf", stated)).id)

        async def ask() -> UploadSeen:
            upload_id = UploadId(UUID(await self.once(self.who.account_id, key, effect)))
            upload, ticket = await self._use.issue_ticket()(self.who, upload_id)
            return _seen(upload, ticket.parts if ticket else ())

        return await _of(line, ask)

    async def complete(self, line: Line, upload_id: UploadId) -> UploadSeen:
        return _seen(await _of(line, lambda: self._use.complete_upload()(self.who, upload_id)))

    async def look_at_upload(self, line: Line, upload_id: UploadId) -> UploadSeen:
        return _seen(await _of(line, lambda: self._use.get_upload()(self.who, upload_id)))

    async def submit(self, line: Line, key: str, application_id: ApplicationId) -> str:
        async def effect(transactions: Transactions) -> str:
            submit = self._use.submit_application(transactions=transactions)
            return _said(await submit(self.who, application_id, self._world.stage.now()))

        return await self._keyed(line, key, effect)

    async def receipt(self, line: Line, application_id: ApplicationId) -> str:
        return _said(await _of(line, lambda: self._use.get_receipt()(self.who, application_id)))

    async def withdraw(self, line: Line, key: str, application_id: ApplicationId) -> str:
        async def effect(transactions: Transactions) -> str:
            withdraw = self._use.withdraw(transactions=transactions)
            return (await withdraw(self.who, application_id, "another offer")).state.value

        return await self._keyed(line, key, effect)

    async def once(self, account_id: AccountId | None, key: str, effect: Effect) -> str:
        return await once(self._world, account_id, key, effect)

    async def _keyed(self, line: Line, key: str, effect: Effect) -> str:
        return await _of(line, lambda: self.once(self.who.account_id, key, effect))

    @property
    def _record(self) -> StudentId:
        assert self.who.student_id is not None
        return self.who.student_id


async def _of(line: Line, ask: Callable[[], Awaitable[T]]) -> T:
    return await answered_by(line.process, ask, line.within)


def _said(receipt: Receipt) -> str:
    return f"{receipt.number} {receipt.snapshot_sha256}"


def _seen(upload: Upload, parts: tuple[TicketPart, ...] = ()) -> UploadSeen:
    codes = tuple(reason.code for reason in upload.reasons)
    return UploadSeen(upload.id, upload.state.value, upload.number, codes, parts)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content
