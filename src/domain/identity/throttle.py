"""Waits that grow with each failure, so that guessing gets nowhere and its holder still gets in.

What is tried with an address from anywhere counts together, whether the address has an account or not. A device that
has signed in before has a count of its own, so that nobody else's failures make its holder wait. An attempt counts
as failed before it is looked at, and no more once it has succeeded: whoever tries many at once gets no more of them.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId, FactorId, SessionId
from .errors import SlowedDown
from .factor import are_two_factors
from .ticket import Ticket


@dataclass(frozen=True, slots=True)
class Pace:
    """How attempts are slowed: ``free`` of them at once, then waits from ``first`` on that double up to ``longest``.

    After ``most`` failures in a row no wait is short of ``forgotten``, when all is forgotten that was counted: NIST SP
    800-63B-4, 3.2.2 allows 100. Whoever has a device that is known, or the account's mail, does not have to wait.
    """

    free: int = 10
    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(days=1)
    most: int = 100
    forgotten: timedelta = timedelta(days=30)

    def after(self, failures: int) -> timedelta:
        """Return how long to wait after so many failures in a row."""
        if failures < self.free:
            return timedelta(0)
        if failures >= self.most:
            return self.forgotten
        doublings = min(failures - self.free, 30)
        wait: timedelta = self.first * 2**doublings
        return min(self.longest, wait)


@dataclass(slots=True)
class Throttle:
    """What has failed in a row; ``key`` says of what, and holds nothing personal."""

    key: str
    failures: int = 0
    failed_at: datetime | None = None

    def claim(self, now: datetime, pace: Pace) -> None:
        """Count an attempt that begins now as failed until it succeeds; raise SlowedDown where it comes too early."""
        if self.failed_at is None or now >= self.failed_at + pace.forgotten:
            self.failures, self.failed_at = 0, now
        wait = pace.after(self.failures)
        # Of two at once, the one that was opened first may come second: its moment is then before the last failure.
        if wait and now < self.failed_at + wait:
            raise SlowedDown(self.failed_at + wait - now)
        self.failures += 1
        self.failed_at = max(now, self.failed_at)


def password_key(email: str, account_id: AccountId | None, device: Ticket | None) -> str:
    """Return under what tries with a password count: the device's own where the account knows it."""
    if device is not None and account_id is not None and device.account_id == account_id:
        return f"password-device:{device.id}"
    return password_key_of_strangers(email)


def password_key_of_strangers(email: str) -> str:
    """Return under what the tries of all count that the account does not know; for nobody's address too."""
    return f"password:{hashlib.sha256(email.encode()).hexdigest()}"


def factor_key(account_id: AccountId, device: Ticket | None) -> str:
    """Return under what tries with a second factor count: the device's own where one was shown on it before.

    A device that is known by less, such as a new password by mail, shares its count with all of those: whoever reads
    the mail has as many such devices as he likes, and is not to guess anew with each.
    """
    if device is None or device.account_id != account_id:
        return f"factor:{account_id}"
    return f"factor-device:{device.id}" if are_two_factors(device.methods) else factor_key_of_known(account_id)


def factor_key_of_known(account_id: AccountId) -> str:
    """Return under what tries with a second factor count on all devices that are known, and have shown none yet."""
    return f"factor-known:{account_id}"


def phone_key(account_id: AccountId) -> str:
    """Return under what tries count with codes that went to the account's telephone."""
    return f"phone:{account_id}"


def proof_key(session_id: SessionId | None, account_id: AccountId) -> str:
    """Return under what tries count to prove within a session who one is; under the account where there is none."""
    return f"proof:{session_id or account_id}"


def enrol_key(factor_id: FactorId) -> str:
    """Return under what tries count to show the first code of an app."""
    return f"enrol:{factor_id}"
