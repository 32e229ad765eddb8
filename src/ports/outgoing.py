"""Where messages lie, and what becomes of each on its way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ..domain.notifications.channel import Channel
from ..domain.notifications.delivery import Delivery
from ..domain.notifications.message import Message
from ..domain.shared.dataclass import dataclass
from ..domain.shared.ids import AccountId, DeliveryId, MessageId


@dataclass(frozen=True, slots=True)
class Lying:
    """A message with everything that was tried to bring it to her, the first attempt first."""

    message: Message
    deliveries: tuple[Delivery, ...]


class Outgoing(Protocol):
    """All messages to people, and their deliveries."""

    async def add(self, messages: Sequence[Message], deliveries: Sequence[Delivery]) -> Collection[MessageId]:
        """Keep those messages of which none is there yet of the same kind, occasion and recipient, with their
        deliveries, at version 1; return the ids of those that are new."""
        ...

    async def get(self, message_id: MessageId) -> Message:
        """Return the message; raise NotFound where there is none."""
        ...

    async def save(self, message: Message) -> None:
        """Keep what was done about the message and count its version up; raise Conflict when another was first."""
        ...

    async def of_account(
        self, account_id: AccountId, after: MessageId | None, limit: int, *, unread: bool = False
    ) -> Sequence[Lying]:
        """Return the account's messages, newest first, from just after the given one, but no secret ones: at most
        ``limit``; with ``unread`` only those that are open and unread."""
        ...

    async def said_about(self, account_id: AccountId, kinds: Collection[str], occasions: str) -> Sequence[Message]:
        """Return the account's messages of these kinds whose occasion begins with the words, newest first."""
        ...

    async def open_ones(self, account_ids: Collection[AccountId], kinds: Collection[str]) -> Sequence[Message]:
        """Return these accounts' messages of these kinds that were neither acknowledged nor withdrawn."""
        ...

    async def delivery(self, delivery_id: DeliveryId) -> Delivery:
        """Return the delivery; raise NotFound where there is none."""
        ...

    async def delivery_taken_as(self, channel: Channel, provider_id: str) -> Delivery | None:
        """Return the delivery that the channel's provider knows by its id, or None."""
        ...

    async def deliveries(self, message_id: MessageId) -> Sequence[Delivery]:
        """Return the message's deliveries in the order in which they were added."""
        ...

    async def add_delivery(self, delivery: Delivery) -> None:
        """Keep a further delivery at version 1."""
        ...

    async def save_delivery(self, delivery: Delivery) -> None:
        """Keep the changed delivery and count its version up; raise Conflict when another writer was first."""
        ...

    async def gathered_for(self, account_id: AccountId, channel: Channel, until: datetime) -> Sequence[Delivery]:
        """Return the account's deliveries that wait for a digest on the channel and are due by then, or went into one
        of which it is not noted how it ended; the oldest due first."""
        ...

    async def said_since(
        self, account_ids: Collection[AccountId], since: datetime, kinds: Collection[str]
    ) -> Mapping[AccountId, int]:
        """Return how many messages of these kinds were said since then to each of the accounts, if any were."""
        ...

    async def heard(self, provider: str, event_id: str) -> bool:
        """Note the report of the provider with that id; return False where it was noted before."""
        ...

    async def undelivered(self, after: DeliveryId | None, limit: int) -> Sequence[Delivery]:
        """Return deliveries that failed, the newest first, from just after the given one."""
        ...

    async def whole(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, Lying]:
        """Return those of the messages that there are, secret ones too, each with its deliveries."""
        ...
