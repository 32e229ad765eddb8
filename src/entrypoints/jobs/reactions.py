"""What follows from an event: one table, from the event's tag to the names of its reactions and what they call.

A name is kept with its jobs, so it stays for as long as a job with it may wait.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from ...domain.applications.events import ApplicationSubmitted
from ...domain.identity.events import AccountRegistered
from ...domain.notifications.use_cases import MailReceipt, MailWelcome
from ...domain.shared.events import Envelope, Event
from ...domain.shared.ids import EventId

Reaction = Callable[[Envelope], Awaitable[None]]
Reactions = Mapping[str, Mapping[str, Reaction]]

E = TypeVar("E", bound=Event)


def table(*, mail_welcome: MailWelcome, mail_receipt: MailReceipt) -> Reactions:
    """Return the table, filled with these use cases."""
    return {
        AccountRegistered.tag: {"mail_welcome": on(AccountRegistered, mail_welcome)},
        ApplicationSubmitted.tag: {"mail_receipt": on(ApplicationSubmitted, mail_receipt)},
    }


def on(kind: type[E], react: Callable[[E, EventId], Awaitable[None]]) -> Reaction:
    """Return the reaction to an envelope that calls ``react`` with the event and the event's id."""

    async def reaction(envelope: Envelope) -> None:
        if not isinstance(envelope.event, kind):
            raise TypeError(f"{type(envelope.event).__name__} is no {kind.__name__}")
        await react(envelope.event, envelope.id)

    return reaction
