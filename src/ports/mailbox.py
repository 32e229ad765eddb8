"""How a message leaves for somebody's e-mail address."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


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
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()


@runtime_checkable
class Mailbox(Protocol):
    """Hands mail over for delivery."""

    async def send(self, mail: Mail) -> None:
        """Hand over the mail; handing over the same id again changes nothing. Raise Unavailable when it cannot."""
        ...
