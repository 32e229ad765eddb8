"""Sessions: each is one sign-in, kept alive by refresh tokens of which every one is good once.

A refresh token names its session and its turn. Using it begins the next turn. One of an earlier turn shows that two
hold what only one was given (RFC 9700, 4.14.2): the session ends, for the thief and for the owner, who signs in again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId, SessionId
from .account import Account, Role
from .events import SessionEnded

LONGEST_DEVICE = 200
MOST_AT_ONCE = 50
"""So many live sessions an account may have; beginning one more ends the one that was used longest ago."""


class Because(StrEnum):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed_out"
    ENDED = "ended"
    """The account's holder ended it from another session."""
    REUSED = "reused"
    TOO_MANY = "too_many"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason, no secret
    BY_ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long sessions last: from their beginning, for staff from theirs, and without a refresh.

    NIST SP 800-63B-4, 2.1.3 and 2.2.3: 30 days are the most that is recommended for one factor, 24 hours for two.
    ``again`` is how long the token of the turn before still gives the answer that was perhaps lost on the way.
    """

    most: timedelta = timedelta(days=30)
    most_of_staff: timedelta = timedelta(hours=12)
    unused: timedelta = timedelta(days=14)
    again: timedelta = timedelta(seconds=20)

    def until(self, account: Account, begun_at: datetime, used_at: datetime) -> datetime:
        """Return when a session of the account ends unless it is refreshed before."""
        is_staff = bool(account.roles & {Role.COUNSELLOR, Role.ADMIN, Role.AUDITOR})
        most = min(self.most, self.most_of_staff) if is_staff else self.most
        return min(begun_at + most, used_at + self.unused)


@dataclass(slots=True)
class Session:
    """One sign-in of an account, good until it ends or is ended; ``device`` is what the client called itself, which
    proves nothing. ``turn`` is that of the refresh token which is good next."""

    id: SessionId
    account_id: AccountId
    begun_at: datetime
    used_at: datetime
    until: datetime
    device: str = ""
    turn: int = 1
    ended_at: datetime | None = None
    ended_because: Because | None = None
    version: int = 0
    methods: frozenset[str] = frozenset()
    """By which methods the sign-in was made, those included by which it was proven again (``Method``)."""
    proved_at: datetime | None = None
    """When it was last shown that the account's holder sits there; None: before that was noted, or not yet here."""

    def is_live(self, now: datetime) -> bool:
        """Whether it has neither been ended nor come to its end."""
        return self.ended_at is None and now < self.until

    def is_reused(self, turn: int, now: datetime, lasting: Lasting) -> bool:
        """Whether a token of that turn was used before; the last one may be sent again for a moment.

        Whoever loses the answer to a refresh sends the same token once more, and gets the same turn again.
        """
        return turn != self.turn and not (turn == self.turn - 1 and now < self.used_at + lasting.again)

    def prove(self, methods: Iterable[str], now: datetime) -> None:
        """Note that the account's holder was shown to sit there, by these methods."""
        self.methods |= frozenset(methods)
        self.proved_at = now

    def is_proven(self, now: datetime, within: timedelta) -> bool:
        """Whether that was shown so recently that something may be changed by which it is shown."""
        return self.is_live(now) and self.proved_at is not None and now < self.proved_at + within

    def refresh(self, now: datetime, until: datetime) -> None:
        """Begin the next turn."""
        self.turn += 1
        self.used_at, self.until = now, until

    def end(self, because: Because, now: datetime) -> SessionEnded | None:
        """End it; return the event, None where it had ended before."""
        if self.ended_at is not None:
            return None
        self.ended_at, self.ended_because = now, because
        return SessionEnded(self.id, self.account_id, because.value)


def device_of(given: str) -> str:
    """Return what a client calls itself as a line that can be shown: printable, one space between words, cut."""
    printable = "".join(sign if sign.isprintable() else " " for sign in given)
    return " ".join(printable.split())[:LONGEST_DEVICE]
