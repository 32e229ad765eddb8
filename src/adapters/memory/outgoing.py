"""Where messages lie, and what becomes of each, in memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from ...domain.notifications.channel import Channel
from ...domain.notifications.delivery import Delivery, State
from ...domain.notifications.message import Message
from ...domain.shared.ids import AccountId, DeliveryId, MessageId
from ...ports.outgoing import Lying
from .tables import Entities, Table

Reports = Table[tuple[str, str], tuple[tuple[str, str], datetime]]


class MemoryOutgoing:
    """Messages and deliveries as the open unit sees them."""

    def __init__(
        self, messages: Entities[Message], deliveries: Entities[Delivery], reports: Reports, now: datetime
    ) -> None:
        self._messages = messages
        self._deliveries = deliveries
        self._reports = reports
        self._now = now

    async def add(self, said: Sequence[Message], on_their_way: Sequence[Delivery]) -> Collection[MessageId]:
        new: set[MessageId] = set()
        for message in said:
            if not self._messages.any(lambda one, key=message.key: one.key == key):  # type: ignore[misc]
                self._messages.add(message.id, message)
                new.add(message.id)
        for delivery in on_their_way:
            if delivery.message_id in new:
                self._deliveries.add(delivery.id, delivery)
        return frozenset(new)

    async def get(self, message_id: MessageId) -> Message:
        return self._messages.found(message_id)

    async def save(self, message: Message) -> None:
        self._messages.save(message.id, message)

    async def of_account(
        self, account_id: AccountId, after: MessageId | None, limit: int, *, unread: bool = False
    ) -> Sequence[Lying]:
        def lies_there(one: Message) -> bool:
            if one.recipient.account_id != account_id or one.rules.secret:
                return False
            return (after is None or one.id < after) and not (unread and (one.read_at or not one.is_open))

        found = sorted(self._messages.rows(lies_there), key=lambda one: one.id, reverse=True)[:limit]
        return [Lying(message, tuple(await self.deliveries(message.id))) for message in found]

    async def said_about(self, account_id: AccountId, kinds: Collection[str], occasions: str) -> Sequence[Message]:
        found = self._messages.rows(
            lambda one: one.recipient.account_id == account_id and one.kind in kinds and one.about.startswith(occasions)
        )
        return sorted(found, key=lambda one: one.id, reverse=True)

    async def open_ones(self, account_ids: Collection[AccountId], kinds: Collection[str]) -> Sequence[Message]:
        found = self._messages.rows(
            lambda one: one.recipient.account_id in account_ids and one.kind in kinds and one.is_open
        )
        return sorted(found, key=lambda one: one.id, reverse=True)

    async def delivery(self, delivery_id: DeliveryId) -> Delivery:
        return self._deliveries.found(delivery_id)

    async def delivery_taken_as(self, channel: Channel, provider_id: str) -> Delivery | None:
        found = self._deliveries.rows(lambda one: one.channel is channel and one.provider_id == provider_id != "")
        return next(found, None)

    async def deliveries(self, message_id: MessageId) -> Sequence[Delivery]:
        return sorted(self._deliveries.rows(lambda one: one.message_id == message_id), key=lambda one: one.id)

    async def add_delivery(self, delivery: Delivery) -> None:
        self._deliveries.add(delivery.id, delivery)

    async def save_delivery(self, delivery: Delivery) -> None:
        self._deliveries.save(delivery.id, delivery)

    async def gathered_for(self, account_id: AccountId, channel: Channel, until: datetime) -> Sequence[Delivery]:
        def waits(one: Delivery) -> bool:
            is_due = one.gathered and one.channel is channel and one.due_at <= until
            return (
                is_due
                and one.state in (State.WAITING, State.SENDING)
                and self._messages.found(one.message_id).recipient.account_id == account_id
            )

        return sorted(self._deliveries.rows(waits), key=lambda one: (one.due_at, one.id))

    async def said_since(
        self, account_ids: Collection[AccountId], since: datetime, kinds: Collection[str]
    ) -> Mapping[AccountId, int]:
        found: dict[AccountId, int] = {}
        for message in self._messages.rows(lambda one: one.said_at >= since and one.kind in kinds):
            account_id = message.recipient.account_id
            if account_id is not None and account_id in account_ids:
                found[account_id] = found.get(account_id, 0) + 1
        return found

    async def heard(self, provider: str, event_id: str) -> bool:
        key = provider, event_id
        if self._reports.get(key) is not None:
            return False
        self._reports.put(key, (key, self._now))
        return True

    async def undelivered(self, after: DeliveryId | None, limit: int) -> Sequence[Delivery]:
        found = self._deliveries.rows(lambda one: one.has_failed and (after is None or one.id < after))
        return sorted(found, key=lambda one: one.id, reverse=True)[:limit]

    async def whole(self, message_ids: Collection[MessageId]) -> Mapping[MessageId, Lying]:
        found = self._messages.rows(lambda one: one.id in message_ids)
        return {one.id: Lying(one, tuple(await self.deliveries(one.id))) for one in found}
