"""How a message leaves for somebody's e-mail address."""

import re
from typing import Protocol, runtime_checkable

from ..domain.shared.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A small file that goes with a message."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person; ``id`` is ours and stays the same when it is sent again after a crash."""

    id: str
    to: str
    """One address, without a name."""
    subject: str
    """May hold any letters; line breaks in it become blanks, so that they begin no header."""
    text: str
    """Plain text, its lines ended by a line feed."""
    attachments: tuple[Attachment, ...] = ()
    html: str = ""
    """The same said as accessible HTML, for programs that show it in the place of the text; blank for none."""
    unsubscribe: str = ""
    """The https address that ends mails of this kind at one click (RFC 8058); blank for what nobody can end."""


@runtime_checkable
class Mailbox(Protocol):
    """Hands mail over for delivery."""

    async def send(self, mail: Mail) -> str:
        """Return the service's own id of the mail, blank where it has none, once the mail has been taken over, so that
        it outlives this process; it may be delivered much later.

        Handing over the same id again changes nothing, as far as that can be known: where the service tells mails
        apart by no id of ours, one duplicate is possible after a crash between its answer and our note of it. Raises
        Unavailable when nobody knows that the mail was taken over, Refused when it will not be, as often as one tries.
        """
        ...

    async def forget(self, address: str) -> None:
        """Remove what still lies here for the address, or names it in its subject or text, as far as that can be known;
        what was delivered is delivered.

        Nothing there changes nothing. Raises Unavailable when nobody answers.
        """
        ...


def names(text: str, address: str) -> bool:
    """Whether the text has the address in it, and not merely a longer one that ends or begins like it."""
    return re.search(rf"(?<![\w.+%@-]){re.escape(address)}(?![\w@-]|\.\w)", text) is not None


def one_line(text: str) -> str:
    """Return what can stand in a header of a mail, where a line break would begin another header."""
    return " ".join(text.split())
