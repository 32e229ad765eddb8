"""What a client holds between two steps, and what makes a device known: signed by us, and kept by nobody but it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId
from .factor import Method


class TicketFor(StrEnum):
    """What a ticket is good for, and for nothing else."""

    SECOND_STEP = "second_step"
    """To show a second factor after the first. It is no session, and opens nothing else."""
    PASSKEY = "passkey"
    """To sign in by a passkey alone."""
    ADD_PASSKEY = "add_passkey"
    PROOF = "proof"
    """To prove by a passkey, within a session, who one is."""
    DEVICE = "device"
    """To be known as a device that has signed in before, by the methods it says; opens nothing, and may be shown as
    often as one likes."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """``id`` is a secret of 128 bits or more, by which it is good once; ``methods`` are those shown already."""

    id: str
    purpose: TicketFor
    until: datetime
    account_id: AccountId | None = None
    methods: frozenset[Method] = frozenset()

    @property
    def challenge(self) -> bytes:
        """What a passkey has to sign: nobody can choose it, and it is good for as long as the ticket is."""
        return hashlib.sha256(f"passkey challenge:{self.id}".encode()).digest()


@dataclass(frozen=True, slots=True)
class TicketLasting:
    """How long tickets are good: ``step`` from one step to the next, and ``device`` for a device that is known.

    ``step`` is also how long it counts that somebody has just shown who she is.
    """

    step: timedelta = timedelta(minutes=5)
    device: timedelta = timedelta(days=180)

    def of(self, purpose: TicketFor) -> timedelta:
        """Return how long a ticket for the purpose is good."""
        return self.device if purpose is TicketFor.DEVICE else self.step
