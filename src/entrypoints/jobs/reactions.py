"""What follows from an event, and what else there is to do: one table."""

from ...domain.applications.events import ApplicationSubmitted
from ...domain.identity.events import AccountRegistered
from ...domain.notifications.use_cases import MailReceipt, MailWelcome
from .duties import Duties, on


def table(*, mail_welcome: MailWelcome, mail_receipt: MailReceipt) -> Duties:
    """Return the table, filled with these use cases."""
    return Duties(
        reactions={
            AccountRegistered.tag: {"mail_welcome": on(AccountRegistered, mail_welcome)},
            ApplicationSubmitted.tag: {"mail_receipt": on(ApplicationSubmitted, mail_receipt)},
        },
        tasks={},
    )
