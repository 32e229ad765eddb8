"""What somebody was told: reading it, and saying that she knows."""

from __future__ import annotations

from collections.abc import Sequence

from ....ports.letters import Letters, UnknownLetter
from ....ports.outgoing import Lying
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker
from ...shared.dataclass import dataclass
from ...shared.errors import Invalid, NotFound
from ...shared.ids import MessageId
from ..delivery import Delivery
from ..message import Message


@dataclass(frozen=True, slots=True)
class Told:
    """A message in words: its subject and its short form, and what became of it on its ways."""

    message: Message
    subject: str
    short: str
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True)
class ListMessages:
    """Lists what lies in the asker's inbox."""

    transactions: Transactions
    letters: Letters

    async def __call__(
        self, asker: Asker, after: MessageId | None, limit: int, *, unread: bool = False
    ) -> Sequence[Told]:
        """Return her own messages, newest first, from just after the given one."""
        async with self.transactions(asker.origin) as work:
            found = await work.outgoing.of_account(asker.account_id, after, limit, unread=unread)
        return [self._told(one) for one in found]

    def _told(self, lying: Lying) -> Told:
        return Told(lying.message, *in_words(self.letters, lying.message), lying.deliveries)


def in_words(letters: Letters, message: Message) -> tuple[str, str]:
    """Return the subject and the short form of the message; its kind alone where there are no words for it any more,
    so that one that cannot be said keeps no other from being read."""
    try:
        letter = letters.write(message.kind, message.language, {**message.params, "preferences_link": ""})
    except (Invalid, UnknownLetter):
        return message.kind, ""
    return letter.subject, letter.short


@dataclass(frozen=True)
class ReadMessage:
    """Notes that the asker has seen a message."""

    transactions: Transactions

    async def __call__(self, asker: Asker, message_id: MessageId) -> Message:
        """Return the message; raise NotFound for what is not hers."""
        async with self.transactions(asker.origin) as work:
            message = await _hers(work, asker, message_id)
            if message.read_at is None:
                message.read(work.now)
                await work.outgoing.save(message)
            return message


@dataclass(frozen=True)
class AcknowledgeMessage:
    """Notes that the asker knows and will see to it: nothing is repeated from then on."""

    transactions: Transactions

    async def __call__(self, asker: Asker, message_id: MessageId) -> Message:
        """Return the message; raise NotFound for what is not hers."""
        async with self.transactions(asker.origin) as work:
            message = await _hers(work, asker, message_id)
            event = message.acknowledge(work.now)
            if event is not None:
                await work.outgoing.save(message)
                work.record(event, message.version)
            return message


async def _hers(work: UnitOfWork, asker: Asker, message_id: MessageId) -> Message:
    message = await work.outgoing.get(message_id)
    if message.recipient.account_id != asker.account_id or message.rules.secret:
        raise NotFound
    return message
