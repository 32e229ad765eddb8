"""Calls of services outside, counted by service and outcome with how long they took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ...domain.shared.errors import DomainError
from ...ports.errors import Unavailable
from ...ports.mailbox import Mail, Mailbox
from ..watching.tallies import Tallies

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

    async def send(self, mail: Mail) -> None:
        """Hand the mail over."""
        with called(self.calls, self.provider):
            await self.mailbox.send(mail)

    async def forget(self, address: str) -> None:
        """Remove what still lies there for the address."""
        await self.mailbox.forget(address)
