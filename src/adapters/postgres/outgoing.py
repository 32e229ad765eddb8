"""Where messages lie, and what becomes of each, in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.notifications.channel import Channel
from ...domain.notifications.delivery import Delivery, State
from ...domain.notifications.kinds import KINDS
from ...domain.notifications.message import Message, Recipient
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, DeliveryId, MessageId, StudentId
from ...ports.outgoing import Lying
from .engine import translated
from .tables_messages import FAILED, deliveries, delivery_reports, messages
from .versions import save_row

_SECRET = [kind for kind, rules in KINDS.items() if rules.secret]
_IN_ORDER = deliveries.c.id
_ADD = upsert(messages).on_conflict_do_nothing(index_elements=["key"]).returning(messages.c.id)
_ON_THEIR_WAY = insert(deliveries).returning(deliveries.c.id)  # many rows a statement, which only RETURNING gives
_HEARD = upsert(delivery_reports).on_conflict_do_nothing()


class PostgresOutgoing:
    """Messages and deliveries as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, said: Sequence[Message], on_their_way: Sequence[Delivery]) -> Collection[MessageId]:
        if not said:
            return frozenset()
        accounts = {message.id: message.recipient.account_id for message in said}
        with translated():
            added = await self._connection.execute(_ADD, [_message_row(message) for message in said])
            new = frozenset(MessageId(row.id) for row in added)
            ours = [delivery for delivery in on_their_way if delivery.message_id in new]
            if ours:
                rows = [_delivery_row(delivery, accounts[delivery.message_id]) for delivery in ours]
                await self._connection.execute(_ON_THEIR_WAY, rows)
        for message in said:
            message.version += message.id in new
        for delivery in ours:
            delivery.version += 1
        return new

    async def get(self, message_id: MessageId) -> Message:
        found = await self._messages(messages.c.id == message_id, 1)
        if not found:
            raise NotFound
        return found[0]

    async def save(self, message: Message) -> None:
        values = {
            "read_at": message.read_at,
            "acknowledged_at": message.acknowledged_at,
            "withdrawn_at": message.withdrawn_at,
        }
        message.version = await save_row(self._connection, messages, message.id, message.version, values)

    async def of_account(
        self, account_id: AccountId, after: MessageId | None, limit: int, *, unread: bool = False
    ) -> Sequence[Lying]:
        c = messages.c
        which = (c.account_id == account_id) & c.kind.not_in(_SECRET)
        if after is not None:
            which &= c.id < after
        if unread:
            which &= c.read_at.is_(None) & c.acknowledged_at.is_(None) & c.withdrawn_at.is_(None)
        found = await self._messages(which, limit)
        tried = await self._deliveries(deliveries.c.message_id.in_([message.id for message in found]))
        return [Lying(message, tuple(one for one in tried if one.message_id == message.id)) for message in found]

    async def said_about(self, account_id: AccountId, kinds: Collection[str], occasions: str) -> Sequence[Message]:
        c = messages.c
        which = (c.account_id == account_id) & c.kind.in_(kinds) & c.about.startswith(occasions, autoescape=True)
        return await self._messages(which)

    async def open_ones(self, account_ids: Collection[AccountId], kinds: Collection[str]) -> Sequence[Message]:
        c = messages.c
        which = (c.account_id == func.any(list(account_ids))) & c.kind.in_(kinds)
        return await self._messages(which & c.acknowledged_at.is_(None) & c.withdrawn_at.is_(None))

    async def delivery(self, delivery_id: DeliveryId) -> Delivery:
        found = await self._deliveries(deliveries.c.id == delivery_id)
        if not found:
            raise NotFound
        return found[0]

    async def delivery_taken_as(self, channel: Channel, provider_id: str) -> Delivery | None:
        c = deliveries.c
        which = (c.channel == channel.value) & (c.provider_id == provider_id) & (c.provider_id != "")
        found = await self._deliveries(which)
        return found[0] if found else None

    async def deliveries(self, message_id: MessageId) -> Sequence[Delivery]:
        return await self._deliveries(deliveries.c.message_id == message_id)

    async def add_delivery(self, delivery: Delivery) -> None:
        whose = select(messages.c.account_id).where(messages.c.id == delivery.message_id).scalar_subquery()
        with translated():
            await self._connection.execute(insert(deliveries).values(_delivery_row(delivery, whose)))
        delivery.version += 1

    async def save_delivery(self, delivery: Delivery) -> None:
        values = _progress(delivery)
        delivery.version = await save_row(self._connection, deliveries, delivery.id, delivery.version, values)

    async def gathered_for(self, account_id: AccountId, channel: Channel, until: datetime) -> Sequence[Delivery]:
        c = deliveries.c
        which = (c.account_id == account_id) & (c.channel == channel.value) & (c.due_at <= until)
        found = await self._deliveries(which & text("gathered AND state IN ('waiting', 'sending')"))
        return sorted(found, key=lambda one: (one.due_at, one.id))

    async def said_since(
        self, account_ids: Collection[AccountId], since: datetime, kinds: Collection[str]
    ) -> Mapping[AccountId, int]:
        c = messages.c
        which = (c.account_id == func.any(list(account_ids))) & (c.said_at >= since) & c.kind.in_(kinds)
        query = select(c.account_id, func.count()).where(which).group_by(c.account_id)
        with translated():
            found = await self._connection.execute(query)
            return {AccountId(account_id): count for account_id, count in found}

    async def heard(self, provider: str, event_id: str) -> bool:
        with translated():
            noted = await self._connection.execute(_HEARD, {"provider": provider, "event_id": event_id})
        return noted.rowcount == 1

    async def undelivered(self, after: DeliveryId | None, limit: int) -> Sequence[Delivery]:
        query = select(deliveries).where(text(FAILED)).order_by(deliveries.c.id.desc()).limit(limit)
        if after is not None:
            query = query.where(deliveries.c.id < after)
        with translated():
            return [_delivery(row) for row in await self._connection.execute(query)]

    async def _messages(self, which: ColumnElement[bool], limit: int | None = None) -> list[Message]:
        query = select(messages).where(which).order_by(messages.c.id.desc()).limit(limit)
        with translated():
            return [_message(row) for row in await self._connection.execute(query)]

    async def _deliveries(self, which: ColumnElement[bool]) -> list[Delivery]:
        with translated():
            found = await self._connection.execute(select(deliveries).where(which).order_by(_IN_ORDER))
            return [_delivery(row) for row in found]


def _message_row(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "key": message.key,
        "kind": message.kind,
        "about": message.about,
        "account_id": message.recipient.account_id,
        "address": message.recipient.address,
        "student_id": message.student_id,
        "language": message.language,
        "params": dict(message.params),
        "said_at": message.said_at,
        "read_at": message.read_at,
        "acknowledged_at": message.acknowledged_at,
        "withdrawn_at": message.withdrawn_at,
        "version": message.version + 1,
    }


def _message(row: Row[Any]) -> Message:
    return Message(
        id=MessageId(row.id),
        kind=row.kind,
        about=row.about,
        recipient=Recipient(None if row.account_id is None else AccountId(row.account_id), row.address),
        said_at=row.said_at,
        language=row.language,
        params=row.params,
        student_id=None if row.student_id is None else StudentId(row.student_id),
        read_at=row.read_at,
        acknowledged_at=row.acknowledged_at,
        withdrawn_at=row.withdrawn_at,
        version=row.version,
    )


def _delivery_row(delivery: Delivery, account_id: Any) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "message_id": delivery.message_id,
        "account_id": account_id,
        "channel": delivery.channel.value,
        **_progress(delivery),
        "version": delivery.version + 1,
    }


def _progress(delivery: Delivery) -> dict[str, Any]:
    return {
        "state": delivery.state.value,
        "due_at": delivery.due_at,
        "attempts": delivery.attempts,
        "unsure": delivery.unsure,
        "gathered": delivery.gathered,
        "provider_id": delivery.provider_id,
        "detail": delivery.detail,
        "changed_at": delivery.changed_at,
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=DeliveryId(row.id),
        message_id=MessageId(row.message_id),
        channel=Channel(row.channel),
        due_at=row.due_at,
        state=State(row.state),
        attempts=row.attempts,
        unsure=row.unsure,
        gathered=row.gathered,
        provider_id=row.provider_id,
        detail=row.detail,
        changed_at=row.changed_at,
        version=row.version,
    )
