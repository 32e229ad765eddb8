"""Whether and where a person is reached on a channel."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId
from .channel import Channel
from .events import WayClosed


class Because(StrEnum):
    """Why a way is closed."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    """The carrier or provider was told to stop, as by STOP in a text message."""
    REMOVED = "removed"
    """The holder took it away."""


@dataclass(slots=True)
class Way:
    """One channel of one account. An e-mail address has one only once it was closed; a number, from the beginning."""

    account_id: AccountId
    channel: Channel
    address: str
    confirmed_at: datetime | None = None
    closed_at: datetime | None = None
    because: Because | None = None

    @property
    def is_open(self) -> bool:
        """Whether something can be sent there: it was confirmed, and nothing speaks against it since."""
        return self.confirmed_at is not None and self.closed_at is None

    def close(self, because: Because, now: datetime) -> WayClosed | None:
        """Let nothing be sent there any more; return the event, None where it was closed before."""
        if self.closed_at is not None:
            return None
        self.closed_at, self.because = now, because
        return WayClosed(self.account_id, self.channel.value, because.value)

    def confirm(self, now: datetime) -> None:
        """Note that what is sent there reaches the holder; it is open again."""
        self.confirmed_at, self.closed_at, self.because = now, None, None


def masked(address: str) -> str:
    """Return the address as it is shown to whoever knows it, and to nobody else of use: its first and last signs."""
    name, at, host = address.partition("@")
    if at:
        return f"{name[:1]}***@{host}"
    return f"{address[:4]}***{address[-2:]}" if len(address) > 8 else "***"
