"""One thing that is said once to one person."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId, MessageId, StudentId
from .events import MessageAcknowledged
from .kinds import KINDS, Kind

Said = str | int | Sequence[Mapping[str, str | int]]
"""What a letter is filled with: a text, a number, or rows of these."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: an account, or an address that need not have one."""

    account_id: AccountId | None = None
    address: str = ""

    @property
    def name(self) -> str:
        """A text that is the recipient's alone and tells no address."""
        if self.account_id is not None:
            return str(self.account_id)
        return hashlib.sha256(self.address.encode()).hexdigest()


@dataclass(slots=True)
class Message:
    """What is said, to whom, and what she did about it.

    ``about`` names the occasion, such as the event that it follows from: no recipient is told anything twice of one
    kind about one occasion. ``student_id`` is whose record it speaks of, with which it is erased.
    """

    id: MessageId
    kind: str
    about: str
    recipient: Recipient
    said_at: datetime
    language: str = ""
    params: Mapping[str, Said] = field(default_factory=dict)
    student_id: StudentId | None = None
    read_at: datetime | None = None
    acknowledged_at: datetime | None = None
    withdrawn_at: datetime | None = None
    version: int = 0

    @property
    def key(self) -> str:
        """What no two messages share."""
        return f"{self.kind}/{self.about}/{self.recipient.name}"

    @property
    def rules(self) -> Kind:
        """How its kind is to reach people."""
        return KINDS[self.kind]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be said: it was not withdrawn, and nobody has acknowledged it."""
        return self.withdrawn_at is None and self.acknowledged_at is None

    def read(self, now: datetime) -> None:
        """Note that she has seen it."""
        self.read_at = self.read_at or now

    def acknowledge(self, now: datetime) -> MessageAcknowledged | None:
        """Note that she knows and will see to it; return the event, None where that was known."""
        if self.acknowledged_at is not None:
            return None
        self.read_at, self.acknowledged_at = self.read_at or now, now
        return MessageAcknowledged(self.id, self.kind)

    def withdraw(self, now: datetime) -> None:
        """Let it be true no more."""
        self.withdrawn_at = self.withdrawn_at or now
