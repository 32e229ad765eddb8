"""How a short message leaves for somebody's telephone."""

from typing import Protocol, runtime_checkable

from ..domain.shared.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One message to one person; ``id`` is ours and stays the same when it is sent again after a crash."""

    id: str
    to: str
    """The number as E.164 writes it: a plus and up to fifteen digits, whatever it goes over."""
    text: str


@runtime_checkable
class TextMessages(Protocol):
    """Hands short messages over for delivery by one service, such as SMS or WhatsApp."""

    async def send(self, text: Text) -> str:
        """Return the service's own id of the message, blank where it has none, once it has been taken over.

        Handing over the same id again changes nothing, as far as that can be known: where the service tells messages
        apart by no id of ours, one duplicate is possible after a crash between its answer and our note of it. Raises
        Unavailable when nobody knows that it was taken over, Refused when it will not be, as often as one tries.
        """
        ...

    async def forget(self, number: str) -> None:
        """Remove what still lies at the service for the number, as far as that can be known; what was delivered is
        delivered.

        Nothing there changes nothing. Raises Unavailable when nobody answers, and where the service keeps a message
        that is still on its way: trying again later takes it away too.
        """
        ...
