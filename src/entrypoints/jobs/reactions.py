"""What follows from an event, and what else there is to do: one table."""

from ...domain.applications.events import ApplicationSubmitted
from ...domain.identity.events import AccountRegistered
from ...domain.notifications.use_cases import MailReceipt, MailWelcome
from ...domain.operations.use_cases import ClearAway
from ...ports.jobs import Job
from .duties import Duties, Task, on
from .progress import Progress
from .schedules import SCHEDULES


def table(*, mail_welcome: MailWelcome, mail_receipt: MailReceipt, clear_away: ClearAway) -> Duties:
    """Return the table, filled with these use cases."""
    return Duties(
        reactions={
            AccountRegistered.tag: {"mail_welcome": on(AccountRegistered, mail_welcome)},
            ApplicationSubmitted.tag: {"mail_receipt": on(ApplicationSubmitted, mail_receipt)},
        },
        tasks={"clear_away": _clearing_away(clear_away)},
        schedules=SCHEDULES,
    )


def _clearing_away(clear_away: ClearAway) -> Task:
    async def task(_: Job, progress: Progress) -> None:
        await clear_away(progress)

    return task
