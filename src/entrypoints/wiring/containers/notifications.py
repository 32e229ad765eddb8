"""Makes what tells people."""

from __future__ import annotations

from ....domain.notifications.use_cases import mails as notifications
from .given import Given, providers
from .identity import IdentityUseCases


class NotificationUseCases(Given):
    """Makes what tells people."""

    mail_welcome = providers.Factory(
        notifications.MailWelcome,
        transactions=Given.transactions,
        mailbox=Given.mailbox,
        messages=Given.messages,
        make_code=IdentityUseCases.make_code,
        page=Given.code_page,
    )
    mail_code = providers.Factory(
        notifications.MailCode,
        transactions=Given.transactions,
        mailbox=Given.mailbox,
        messages=Given.messages,
        make_code=IdentityUseCases.make_code,
        page=Given.code_page,
    )
    mail_offered_grant = providers.Factory(
        notifications.MailOfferedGrant,
        transactions=Given.transactions,
        mailbox=Given.open_mailbox,
        messages=Given.messages,
    )
    mail_taken_access = providers.Factory(
        notifications.MailTakenAccess, transactions=Given.transactions, mailbox=Given.mailbox, messages=Given.messages
    )
    mail_changed_password = providers.Factory(
        notifications.MailChangedPassword,
        transactions=Given.transactions,
        mailbox=Given.mailbox,
        messages=Given.messages,
    )
    mail_changed_role = providers.Factory(
        notifications.MailChangedRole, transactions=Given.transactions, mailbox=Given.mailbox, messages=Given.messages
    )
    mail_signed_out = providers.Factory(
        notifications.MailSignedOut,
        transactions=Given.transactions,
        mailbox=Given.mailbox,
        messages=Given.messages,
    )
    mail_new_key = providers.Factory(
        notifications.MailNewKey, transactions=Given.transactions, mailbox=Given.mailbox, messages=Given.messages
    )
    mail_changed_factors = providers.Factory(
        notifications.MailChangedFactors,
        transactions=Given.transactions,
        mailbox=Given.mailbox,
        messages=Given.messages,
    )
    mail_changed_identities = providers.Factory(
        notifications.MailChangedIdentities,
        transactions=Given.transactions,
        mailbox=Given.mailbox,
        messages=Given.messages,
        providers=Given.identity_providers,
    )
    mail_receipt = providers.Factory(
        notifications.MailReceipt, transactions=Given.transactions, mailbox=Given.mailbox, messages=Given.messages
    )
    mail_moved_plan = providers.Factory(
        notifications.MailMovedPlan, transactions=Given.transactions, mailbox=Given.mailbox, messages=Given.messages
    )
