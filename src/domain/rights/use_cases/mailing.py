"""Mails about exports and erasures; each may be carried out again after a crash, and is sent under the same id then."""

from __future__ import annotations

from ....ports.mailbox import Mail, Mailbox
from ....ports.messages import Messages
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Account
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import EventId, StudentId
from ..erasure import Because
from ..events import ErasureAsked, ErasureCancelled, ExportReady


@dataclass(frozen=True)
class MailExport:
    """Tell a student that her data lies ready; the mail has no link to it, for mail is read by others too."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: ExportReady, event_id: EventId) -> None:
        """Hand over the mail, none where the export is gone; raise Unavailable when nobody answers."""
        async with self.transactions() as work:
            try:
                export = await work.exports.get(event.export_id)
            except NotFound:
                return
            account, messages = await _holder(work, event.student_id, self.messages)
        if export.until is None:
            return
        params = {"until": f"{export.until:%Y-%m-%d %H:%M} UTC", "given": str(export.id)}
        subject, text = (messages.sentence(f"mail.export_{part}", params) for part in ("subject", "text"))
        await self.mailbox.send(Mail(f"export-{event_id}", account.email, subject, text))


@dataclass(frozen=True)
class MailErasure:
    """Tell the holder of an account on which day it is erased and how that is cancelled, in case it was somebody
    else who asked."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: ErasureAsked, event_id: EventId) -> None:
        """Hand over the mail, none where it waits no more; raise Unavailable when nobody answers."""
        async with self.transactions() as work:
            erasure = await work.erasures.get(event.erasure_id)
            account, messages = await _holder(work, event.student_id, self.messages)
        if not erasure.is_open:
            return
        params = {"due": f"{erasure.due_at:%Y-%m-%d %H:%M} UTC"}
        which = "dormant" if erasure.because is Because.DORMANT else "erasure"
        subject, text = (messages.sentence(f"mail.{which}_{part}", params) for part in ("subject", "text"))
        await self.mailbox.send(Mail(f"erasure-{event_id}", account.email, subject, text))


@dataclass(frozen=True)
class MailCancelled:
    """Tell the holder of an account that it is not erased after all."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: ErasureCancelled, event_id: EventId) -> None:
        """Hand over the mail; raise Unavailable when nobody answers."""
        async with self.transactions() as work:
            account, messages = await _holder(work, event.student_id, self.messages)
        subject, text = (messages.sentence(f"mail.cancelled_{part}") for part in ("subject", "text"))
        await self.mailbox.send(Mail(f"cancelled-{event_id}", account.email, subject, text))


async def _holder(work: UnitOfWork, student_id: StudentId, messages: Messages) -> tuple[Account, Messages]:
    """Return the account behind the record, and sentences in the language that she prefers."""
    student = await work.students.get(student_id)
    return await work.accounts.get(student.account_id), messages.in_language(student.profile.preferred_language)
