"""Calls of services outside, counted by service and outcome with how long they took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from ...domain.shared.errors import DomainError
from ...ports.errors import Unavailable
from ...ports.mailbox import Mail, Mailbox
from ...ports.text_messages import Text, TextMessages
from ..watching.tallies import Tallies
from .channels import Channels

CALL_LABELS = ("provider", "outcome")
"""``ok``; ``unavailable`` where nobody answered in time; ``refused`` where the answer was no; else ``error``."""


def no_calls() -> Tallies:
    """Return what calls are counted in."""
    return Tallies(CALL_LABELS)


@contextmanager
def called(tallies: Tallies, provider: str) -> Iterator[None]:
    """Count the call that is made inside; what it raises is raised."""
    begun, outcome = time.perf_counter(), "error"
    try:
        yield
        outcome = "ok"
    except Unavailable:
        outcome = "unavailable"
        raise
    except DomainError:
        outcome = "refused"
        raise
    finally:
        tallies.add((provider, outcome), time.perf_counter() - begun)


@dataclass(frozen=True)
class CountedMailbox:
    """Hands mail over as the mailbox inside does, and counts how that went."""

    mailbox: Mailbox
    provider: str
    calls: Tallies

    async def send(self, mail: Mail) -> str:
        """Hand the mail over; return the service's id of it."""
        with called(self.calls, self.provider):
            return await self.mailbox.send(mail)

    async def forget(self, address: str) -> None:
        """Remove what still lies there for the address."""
        await self.mailbox.forget(address)


@dataclass(frozen=True)
class CountedTexts:
    """Hands short messages over as the service inside does, and counts how that went."""

    service: TextMessages
    provider: str
    calls: Tallies

    async def send(self, text: Text) -> str:
        """Hand the message over; return the service's id of it."""
        with called(self.calls, self.provider):
            return await self.service.send(text)

    async def forget(self, number: str) -> None:
        """Remove what still lies there for the number."""
        await self.service.forget(number)


def counted(channels: Channels, mail: str, calls: Tallies) -> Channels:
    """Return the same channels, each of which counts what goes out on it; ``mail`` is the name of that for mail."""
    sms, whatsapp = channels.text_messages, channels.whatsapp
    return replace(
        channels,
        mailbox=CountedMailbox(channels.mailbox, mail, calls),
        text_messages=None if sms is None else CountedTexts(sms, "sms", calls),
        whatsapp=None if whatsapp is None else CountedTexts(whatsapp, "whatsapp", calls),
    )
