"""Mails that follow from events; each may be carried out again after a crash, and is sent under the same id then."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from ....ports.errors import RolledBack, Unavailable
from ....ports.identity_providers import IdentityProviders
from ....ports.mailbox import Mail, Mailbox
from ....ports.messages import Messages
from ....ports.transactions import Transactions, UnitOfWork
from ...applications.application import Receipt
from ...applications.events import ApplicationSubmitted
from ...identity.account import Account
from ...identity.confirmation import Purpose
from ...identity.events import (
    AccountRegistered,
    AccountSignedOut,
    CodeAsked,
    FactorsChanged,
    IdentityLinked,
    IdentityUnlinked,
    KeyMade,
    PasswordChanged,
    RoleGranted,
    RoleRevoked,
)
from ...identity.grant import Grant
from ...identity.grant_events import AccessTaken, GrantOffered
from ...identity.use_cases.confirming import MakeCode
from ...impacts.changes import ImpactChange
from ...impacts.events import PlanMoved
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import AccountId, EventId, PlanId


@dataclass(frozen=True)
class MailWelcome:
    """Greet somebody who has registered, with the code that confirms her address unless that is done."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages
    make_code: MakeCode
    page: str | None = None

    async def __call__(self, event: AccountRegistered, event_id: EventId) -> None:
        """Hand over the mail; raise Unavailable when the mailbox does not answer."""
        account, messages = await _holder(event.account_id, self.transactions, self.messages)
        subject = messages.sentence("mail.welcome_subject")
        parts = [messages.sentence("mail.welcome_text")]
        if account.email_confirmed_at is None:
            code = await self.make_code(event.account_id, Purpose.CONFIRM_EMAIL)
            parts.append(_with_code(Purpose.CONFIRM_EMAIL, code, self.page, messages))
        await self.mailbox.send(Mail(f"welcome-{event_id}", account.email, subject, "\n\n".join(parts)))


@dataclass(frozen=True)
class MailCode:
    """Send the code that somebody asked for to the address of the account.

    ``page`` is where a client takes codes, and a mail has a link to it in which the code stands behind the ``#``, for
    what stands there is sent to no server. Without a page the mail says the code itself, and the command that takes it.
    """

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages
    make_code: MakeCode
    page: str | None = None

    async def __call__(self, event: CodeAsked, event_id: EventId) -> None:
        """Hand over the mail, none where there is no such account; raise Unavailable when nobody answers."""
        try:
            account, messages = await _holder(event.account_id, self.transactions, self.messages)
        except NotFound:
            return
        purpose = Purpose(event.purpose)
        code = await self.make_code(event.account_id, purpose)
        subject, text = messages.sentence(f"mail.{purpose}_subject"), _with_code(purpose, code, self.page, messages)
        await self.mailbox.send(Mail(f"code-{event_id}", account.email, subject, text))


@dataclass(frozen=True)
class MailChangedPassword:
    """Tell the holder of an account that it has another password, in case it was somebody else."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: PasswordChanged, event_id: EventId) -> None:
        """Hand over the mail; raise Unavailable when the mailbox does not answer."""
        account, messages = await _holder(event.account_id, self.transactions, self.messages)
        subject, text = (messages.sentence(f"mail.password_{part}") for part in ("subject", "text"))
        await self.mailbox.send(Mail(f"password-{event_id}", account.email, subject, text))


@dataclass(frozen=True)
class MailChangedRole:
    """Tell the holder of an account which role it was given, or lost."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: RoleGranted | RoleRevoked, event_id: EventId) -> None:
        """Hand over the mail, none to a program; raise Unavailable when the mailbox does not answer."""
        account, messages = await _holder(event.account_id, self.transactions, self.messages)
        if account.is_service:
            return
        what = "granted" if isinstance(event, RoleGranted) else "revoked"
        subject = messages.sentence(f"mail.role_{what}_subject")
        text = messages.sentence(f"mail.role_{what}_text", {"role": event.role})
        await self.mailbox.send(Mail(f"role-{event_id}", account.email, subject, text))


@dataclass(frozen=True)
class MailSignedOut:
    """Tell the holder of an account that an administrator signed her out everywhere."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: AccountSignedOut, event_id: EventId) -> None:
        """Hand over the mail, none to a program; raise Unavailable when the mailbox does not answer.

        The stated reason stands in her activity, which is read behind a sign-in, and in no mail.
        """
        account, messages = await _holder(event.account_id, self.transactions, self.messages)
        if account.is_service:
            return
        parts = [
            messages.sentence("mail.signed_out_text", {"sessions": event.sessions}),
            messages.sentence("mail.signed_out_keys" if event.keys else "mail.signed_out_no_keys"),
            messages.sentence("mail.signed_out_why" if account.student_id else "mail.signed_out_ask"),
        ]
        subject = messages.sentence("mail.signed_out_subject")
        await self.mailbox.send(Mail(f"signed-out-{event_id}", account.email, subject, "\n\n".join(parts)))


@dataclass(frozen=True)
class MailNewKey:
    """Tell the holder of an account that it has a new API key, in case it was somebody else who made it."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: KeyMade, event_id: EventId) -> None:
        """Hand over the mail, none to a program; raise Unavailable when the mailbox does not answer."""
        account, messages = await _holder(event.account_id, self.transactions, self.messages)
        if account.is_service:
            return
        async with self.transactions() as work:
            key = await work.keys.get(event.key_id)
        subject = messages.sentence("mail.key_subject")
        text = messages.sentence("mail.key_text", {"name": key.name, "scopes": ", ".join(sorted(key.scopes))})
        await self.mailbox.send(Mail(f"key-{event_id}", account.email, subject, text))


@dataclass(frozen=True)
class MailOfferedGrant:
    """Tell whoever reads the mail of an address that a student asks for help with her record."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: GrantOffered, event_id: EventId) -> None:
        """Hand over the mail, none for an offer that is over or gone; raise Unavailable when nobody answers."""
        grant = await self._open(event)
        if grant is None:
            return
        student, messages = await _holder(event.owner, self.transactions, self.messages)
        params = {**_grant_params(grant, messages), "from": student.email, "grant": str(grant.id)}
        subject, text = (messages.sentence(f"mail.offered_grant_{part}", params) for part in ("subject", "text"))
        text = text.replace("\n\n\n\n", "\n\n")  # where she left no note
        await self.mailbox.send(Mail(f"grant-{event_id}", grant.email, subject, text))
        with suppress(Unavailable, RolledBack):  # it was handed over: who asks again would hand it over twice
            if await self._is_fenced(event):  # erased meanwhile: nothing that names her stays behind
                await self.mailbox.forget(student.email)

    async def _open(self, event: GrantOffered) -> Grant | None:
        try:
            async with self.transactions() as work:
                grant, now = await work.grants.get(event.grant_id), work.now
        except NotFound:  # either side was erased
            return None
        return grant if grant.is_open(now) and not await self._is_fenced(event) else None

    async def _is_fenced(self, event: GrantOffered) -> bool:
        async with self.transactions() as work:
            return await work.erasures.is_fenced(event.student_id)


@dataclass(frozen=True)
class MailTakenAccess:
    """Tell a student that an administrator took access to her record, to what, and why."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: AccessTaken, event_id: EventId) -> None:
        """Hand over the mail; raise Unavailable when the mailbox does not answer."""
        async with self.transactions() as work:
            grant = await work.grants.get(event.grant_id)
        student, messages = await _holder(event.owner, self.transactions, self.messages)
        params = {**_grant_params(grant, messages), "by": grant.email, "grant": str(grant.id)}
        subject, text = (messages.sentence(f"mail.taken_access_{part}", params) for part in ("subject", "text"))
        await self.mailbox.send(Mail(f"access-{event_id}", student.email, subject, text))


@dataclass(frozen=True)
class MailChangedFactors:
    """Tell the holder of an account what it can be signed in to with now, in case it was somebody else."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: FactorsChanged, event_id: EventId) -> None:
        """Hand over the mail; raise Unavailable when the mailbox does not answer."""
        account, messages = await _holder(event.account_id, self.transactions, self.messages)
        told = messages.sentence(
            f"mail.factors_{event.what}_{event.kind}" if event.kind else f"mail.factors_{event.what}"
        )
        subject, text = (
            messages.sentence("mail.factors_subject"),
            messages.sentence("mail.factors_text", {"told": told}),
        )
        await self.mailbox.send(Mail(f"factors-{event_id}", account.email, subject, text))


@dataclass(frozen=True)
class MailChangedIdentities:
    """Tell the holder of an account that another identity at a provider signs in to it, or one no more."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages
    providers: IdentityProviders

    async def __call__(self, event: IdentityLinked | IdentityUnlinked, event_id: EventId) -> None:
        """Hand over the mail; raise Unavailable when the mailbox does not answer."""
        account, messages = await _holder(event.account_id, self.transactions, self.messages)
        what = "identity_linked" if isinstance(event, IdentityLinked) else "identity_unlinked"
        offered = {one.issuer: one.name for one in self.providers.offered()}
        params = {"provider": offered.get(event.issuer, event.issuer)}
        subject, text = (messages.sentence(f"mail.{what}_{part}", params) for part in ("subject", "text"))
        await self.mailbox.send(Mail(f"identity-{event_id}", account.email, subject, text))


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
    """Tell a student that other rules are in force, and what of her plans is otherwise: one mail, however many move."""

    transactions: Transactions
    mailbox: Mailbox
    messages: Messages

    async def __call__(self, event: PlanMoved, event_id: EventId) -> None:
        """Hand over the mail for the first of the plans that move together, and nothing for the others, which it names
        too; raise NotFound for what is not there, Unavailable when nobody answers."""
        async with self.transactions() as work:
            student = await work.students.get(event.student_id)
            account = await work.accounts.get(student.account_id)
            found = await work.impacts.student(event.impact_id, event.student_id)
            if found is None:
                raise NotFound
            if event.plan_id not in found.plans[:1]:
                return
            messages = self.messages.in_language(student.profile.preferred_language)
            aims = {plan_id: await _aims_of(plan_id, work, messages) for plan_id in found.plans}
        told = "\n\n".join(_about_plan(aims[one], found.of_plan(one), messages) for one in found.plans)
        params = {"plans": len(found.plans)}
        subject = messages.sentence("impact.mail_subject" if len(found.plans) == 1 else "impact.mail_subjects", params)
        text = messages.sentence("impact.mail_text", {"changes": told})
        await self.mailbox.send(Mail(f"moved-{event_id}", account.email, subject, text))


async def _holder(account_id: AccountId, transactions: Transactions, messages: Messages) -> tuple[Account, Messages]:
    """Return the account, and sentences in the language that its holder prefers."""
    async with transactions() as work:
        account = await work.accounts.get(account_id)
        student = await work.students.get(account.student_id) if account.student_id else None
    return account, messages.in_language(student.profile.preferred_language) if student else messages


def _with_code(purpose: Purpose, code: str, page: str | None, messages: Messages) -> str:
    """Return what a mail says of the code: a link to the page, or the code itself and the command that takes it."""
    if page is None:
        return messages.sentence(f"mail.{purpose}_by_code", {"code": code})
    return messages.sentence(f"mail.{purpose}_by_link", {"link": f"{page}#purpose={purpose}&code={code}"})


def _grant_params(grant: Grant, messages: Messages) -> dict[str, str]:
    scopes = ", ".join(messages.sentence(f"grant.scope_{scope.value}") for scope in sorted(grant.scopes))
    return {"scopes": scopes, "until": f"{grant.until:%Y-%m-%d %H:%M} UTC", "reason": grant.reason}


async def _aims_of(plan_id: PlanId, work: UnitOfWork, messages: Messages) -> str:
    """Return what the plan aims at, by the names of its programmes and the days on which studies begin."""
    plan = await work.plans.get(plan_id)
    offered = await work.catalogue.programmes([ref.programme_id for ref in plan.targets])
    names = {one.id: f"{one.name}, {one.institution.name}" for one in offered}
    known = [ref for ref in plan.targets if ref.programme_id in names]
    aims = ({"aim": names[ref.programme_id], "starts_on": ref.starts_on.isoformat()} for ref in known)
    return "; ".join(messages.sentence("impact.mail_aim", aim) for aim in aims)


def _about_plan(aims: str, changes: Iterable[ImpactChange], messages: Messages) -> str:
    head = messages.sentence("impact.mail_plan", {"targets": aims})
    return "\n".join([head, *(f"- {messages.sentence(one.code, one.params)}" for one in changes)])


def _receipt_params(receipt: Receipt) -> dict[str, str]:
    return {
        "number": receipt.number,
        "submitted_at": f"{receipt.submitted_at:%Y-%m-%d %H:%M:%S} UTC",
        "sha256": receipt.snapshot_sha256,
    }
