"""Mails that follow from events; each may be carried out again after a crash, and is sent under the same id then."""

from __future__ import annotations

from ...ports.mailbox import Mail, Mailbox
from ...ports.messages import Messages
from ...ports.transactions import Transactions
from ..applications.application import Receipt
from ..applications.events import ApplicationSubmitted
from ..identity.events import AccountRegistered
from ..impacts.events import PlanMoved
from ..shared.dataclass import dataclass
from ..shared.errors import NotFound
from ..shared.ids import EventId


@dataclass(frozen=True)
class MailWelcome:
    """Greet somebody who has registered."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: AccountRegistered, event_id: EventId) -> None:
        """Hand over the mail; raise Unavailable when the mailbox does not answer."""
        async with self.transactions() as work:
            account = await work.accounts.get(event.account_id)
            student = await work.students.get(account.student_id) if account.student_id else None
        messages = self.messages.in_language(student.profile.preferred_language) if student else self.messages
        subject = messages.sentence("mail.welcome_subject")
        text = messages.sentence("mail.welcome_text")
        await self.mailbox.send(Mail(f"welcome-{event_id}", account.email, subject, text))


@dataclass(frozen=True)
class MailReceipt:
    """Send the student the receipt of what she submitted."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: ApplicationSubmitted, event_id: EventId) -> None:
        """Hand over the mail; raise NotFound for a receipt that is not there, Unavailable when nobody answers."""
        async with self.transactions() as work:
            application = await work.applications.get(event.application_id)
            student = await work.students.get(event.student_id)
            account = await work.accounts.get(student.account_id)
            programme = await work.catalogue.programme(application.programme_id)
        if application.receipt is None:
            raise NotFound
        params = {
            "programme": programme.name,
            "institution": programme.institution.name,
            "term": application.term,
            "starts_on": application.starts_on.isoformat(),
            **_receipt_params(application.receipt),
        }
        messages = self.messages.in_language(student.profile.preferred_language)
        subject = messages.sentence("mail.receipt_subject", params)
        text = messages.sentence("mail.receipt_text", params)
        await self.mailbox.send(Mail(f"receipt-{event_id}", account.email, subject, text))


@dataclass(frozen=True)
class MailMovedPlan:
    """Tell a student that other rules are in force, and what of her plan is otherwise."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: PlanMoved, event_id: EventId) -> None:
        """Hand over the mail; raise NotFound for what is not there, Unavailable when nobody answers."""
        async with self.transactions() as work:
            student = await work.students.get(event.student_id)
            account = await work.accounts.get(student.account_id)
            found = await work.impacts.student(event.impact_id, event.student_id)
        if found is None:
            raise NotFound
        told = [self.messages.sentence(one.code, one.params) for one in found.of_plan(event.plan_id)]
        subject = self.messages.sentence("impact.mail_subject")
        text = self.messages.sentence("impact.mail_text", {"changes": "\n".join(f"- {one}" for one in told)})
        await self.mailbox.send(Mail(f"moved-{event_id}", account.email, subject, text))


def _receipt_params(receipt: Receipt) -> dict[str, str]:
    return {
        "number": receipt.number,
        "submitted_at": f"{receipt.submitted_at:%Y-%m-%d %H:%M:%S} UTC",
        "sha256": receipt.snapshot_sha256,
    }
