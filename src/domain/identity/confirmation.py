"""Codes that go out by mail, good once and for a while: who has one can read what comes to the account's address.

NIST SP 800-63B-4, 4.2: what comes by e-mail may be good for 24 hours at most, and once. Here it is an hour where it
resets a password. Only a hash is kept.

What comes to a telephone is typed, so it has six digits, the fewest that are allowed there, and is good for ten
minutes. Of a million codes one is found by trying: so tries are counted by account, and few are free.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Reason, RuleBroken
from ..shared.ids import AccountId, ConfirmationId

DIGITS = 6
"""So many has a code that goes to a telephone."""
MOST_AN_HOUR = 5
"""How many mails for one purpose an account gets within an hour."""


class Purpose(StrEnum):
    """What a code is good for."""

    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, no secret
    CONFIRM_EMAIL = "confirm_email"
    CONFIRM_PHONE = "confirm_phone"

    @property
    def lasts(self) -> timedelta:
        """How long such a code is good."""
        return _LASTS[self]

    def code_of(self, secret: str) -> str:
        """Return the code that is made of an unguessable text: the text itself, or six digits where it is typed."""
        if self is not Purpose.CONFIRM_PHONE:
            return secret
        drawn = int.from_bytes(hashlib.sha256(secret.encode()).digest()) % 10**DIGITS
        return f"{drawn:0{DIGITS}}"


_LASTS: Mapping[Purpose, timedelta] = {
    Purpose.RESET_PASSWORD: timedelta(hours=1),
    Purpose.CONFIRM_EMAIL: timedelta(days=1),
    Purpose.CONFIRM_PHONE: timedelta(minutes=10),
}


@dataclass(slots=True)
class Confirmation:
    """A code that was sent; ``digest`` is the SHA-256 of it in hex, and all that is kept of it."""

    id: ConfirmationId
    account_id: AccountId
    purpose: Purpose
    digest: str
    made_at: datetime
    until: datetime
    used_at: datetime | None = None
    version: int = 0

    @classmethod
    def of(
        cls, confirmation_id: ConfirmationId, account_id: AccountId, purpose: Purpose, code: str, now: datetime
    ) -> Confirmation:
        """Return it for a code that is made now."""
        return cls(confirmation_id, account_id, purpose, digest_of(code), now, now + purpose.lasts)

    def demand_good(self, purpose: Purpose, now: datetime) -> None:
        """Raise RuleBroken where it is good for something else, was used, or is too old; which, it does not say."""
        if self.purpose is not purpose or self.used_at is not None or now >= self.until:
            raise not_good()

    def use(self, now: datetime) -> None:
        """Let it be good no more."""
        self.used_at = now


def are_enough(made: Iterable[Confirmation], now: datetime) -> bool:
    """Whether so many were made within the last hour that no further one is to be."""
    return sum(one.made_at > now - timedelta(hours=1) for one in made) >= MOST_AN_HOUR


def not_good() -> RuleBroken:
    """Return what to raise for a code that is not good (any more)."""
    return RuleBroken(Reason("confirmation.not_good", {}, "code"))


def digest_of(code: str) -> str:
    """Return by what a code is found: it is so long that nobody finds it from this.

    That of a telephone can be found, by whoever reads the table within the minutes in which it is good.
    """
    return hashlib.sha256(code.strip().encode("utf-8", "replace")).hexdigest()
