"""What services tell us of messages that they have taken over, in requests that they sign."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

from ..domain.shared.dataclass import dataclass
from ..domain.shared.errors import Forbidden

LASTING = timedelta(minutes=10)
"""For how long a signed request counts: whoever comes by one later cannot tell us again what it says."""
OFF = timedelta(minutes=1)
"""So far may the service's clock be ahead of ours."""


class NotSigned(Forbidden):
    """This was not signed by whom it should come from, or not lately."""

    code = "not_signed"


class Heard(StrEnum):
    """What became of a message."""

    DELIVERED = "delivered"
    """Whoever receives for the address or the number has it."""
    DEFERRED = "deferred"
    """Not yet; the service tries again by itself."""
    BOUNCED = "bounced"
    """Nobody has the address or the number, now or later."""
    BLOCKED = "blocked"
    """Turned away this time; the address or the number may well live."""
    COMPLAINED = "complained"
    """Whoever got it says that it is spam."""
    UNSUBSCRIBED = "unsubscribed"
    """Whoever has the address or the number wants no more from us."""
    FAILED = "failed"
    """The service gave up for a reason of its own."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """One thing that became of one message."""

    event_id: str
    """By which the same report is known when it comes again."""
    message_id: str
    """Our own id of the message, blank where the service does not give it back."""
    provider_id: str
    """What sending the message returned, blank where the service does not say it."""
    heard: Heard
    at: datetime
    """When it happened, or when we heard of it where the service does not say."""
    detail: str = ""
    """The service's own code for it, never its words: they may name the person."""


@runtime_checkable
class DeliveryReports(Protocol):
    """Reads the requests by which one service reports."""

    def read(self, url: str, headers: Mapping[str, str], body: bytes) -> Sequence[DeliveryReport]:
        """Return what the request reports, in its order, without what is no news of ours, such as that a mail was
        opened. ``url`` is what was asked for, with its query; ``headers`` may be written in any case.

        Remembers nothing: the same request gives the same again, and requests may come in any order. Raises NotSigned
        for one that the service has not signed, or whose signature is older than ten minutes or of a time to come,
        where signatures tell; Invalid for one that is signed and cannot be understood. Nothing else, whatever it is.
        """
        ...


def demand_fresh(signed_at: datetime, now: datetime) -> None:
    """Raise NotSigned for a moment that is too long ago or to come."""
    if not now - LASTING <= signed_at <= now + OFF:
        raise NotSigned
