"""What adapters say when the world does not answer, or says no."""

from datetime import timedelta
from enum import StrEnum

from ..domain.shared.errors import Conflict, DomainError, ParamValue, Reason


class Unavailable(DomainError):
    """A part that this needs does not answer now; trying again later may help."""

    code = "unavailable"

    def __init__(self, *reasons: Reason, again_after: timedelta | None = None, **params: ParamValue) -> None:
        """``again_after`` is how long to wait before trying again, where whoever does not answer has said so."""
        self.again_after = again_after
        super().__init__(*reasons, **params)


class NotKept(Unavailable):
    """The connection was lost before anything was kept; the whole unit of work may be tried anew."""


class PerhapsKept(Unavailable):
    """The connection was lost while the unit of work was being kept: it may have been, or not."""


class RolledBack(Conflict):
    """Another unit of work stood in the way, and this one was undone; the whole of it may be tried anew."""


class Unreadable(Unavailable):
    """What is kept cannot be read: it was changed, cut short, or belongs elsewhere."""

    code = "unreadable"


class Refusal(StrEnum):
    """Why a message is refused for good; each is the code of a sentence."""

    NO_SUCH_ADDRESS = "message.no_such_address"
    """The address or the number cannot exist, or nobody has it: nothing that is sent there will ever arrive."""
    UNSUBSCRIBED = "message.unsubscribed"
    """Whoever has it has told the service to take no more messages from us."""
    BLOCKED = "message.blocked"
    """The service or whoever receives for it will not take this from us; the address may well live."""
    TOO_LARGE = "message.too_large"
    NOT_TAKEN = "message.not_taken"
    """For another reason, which the service's code tells."""


class Refused(DomainError):
    """The service refuses this message for good: sending it again as it is will not help."""

    code = "message_refused"

    def __init__(self, because: Refusal, detail: str = "") -> None:
        """``detail`` is the service's own code for it, never its words: they may name the person."""
        self.because = because
        super().__init__(Reason(because, {"detail": detail}))
