"""For administrators: messages that failed for good, and trying one again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.params import FromPath

from ....domain.notifications.use_cases.undelivered import Undelivered, may_be_tried
from ....domain.shared.ids import DeliveryId
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..given import V1, Cursor, PageSize, Use, Who, refusals
from ..wire import Id


class InsteadBody(msgspec.Struct, frozen=True, kw_only=True):
    """Another delivery of the same message, which has come or may still come."""

    id: Id
    channel: str
    state: Annotated[str, msgspec.Meta(examples=["waiting"])]
    due_at: datetime


class UndeliveredRow(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that failed. What the message says, and to which address it went, is not shown."""

    id: Id
    message_id: Id
    kind: Annotated[str, msgspec.Meta(examples=["reminder"])]
    needed: Annotated[bool, msgspec.Meta(description="Whether it must be known for her safety or by law.")]
    channel: Annotated[str, msgspec.Meta(examples=["email"])]
    state: Annotated[str, msgspec.Meta(description="How it failed.", examples=["bounced"])]
    why: Annotated[str, msgspec.Meta(description="The codes that the provider gave.", examples=["5.1.1"])]
    since: datetime | None
    attempts: int
    said_at: datetime
    account_id: Annotated[Id | None, msgspec.Meta(description="Null for an address that need not have an account.")]
    instead: Annotated[InsteadBody | None, msgspec.Meta(description="Null where nothing else brings it.")]
    may_be_tried: Annotated[bool, msgspec.Meta(description="False for codes, and for what is known or true no more.")]


class UndeliveredPage(msgspec.Struct, frozen=True):
    """Some of them, the newest first; hand ``next`` back as ``cursor`` for more."""

    items: list[UndeliveredRow]
    next: str | None


@get(
    "/undelivered-messages",
    operation_id="list_undelivered",
    summary="List messages that failed",
    description="For administrators: what nobody took over, or could not be brought; why, and since when.",
    responses=refusals(401, 403, 422),
)
async def list_undelivered(who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 50) -> UndeliveredPage:
    """Return a page of them."""
    after = position(cursor, UUID)
    found = await use.list_undelivered()(who, limit + 1, None if after is None else DeliveryId(after))
    more = len(found) > limit
    return UndeliveredPage(
        [_row(one) for one in found[:limit]], cursor_of(found[limit - 1].delivery.id) if more else None
    )


@post(
    "/undelivered-messages/{delivery_id:str}/repetition",
    status_code=200,
    operation_id="try_delivery_again",
    summary="Try to deliver a message again",
    description="It goes out on the way on which it failed, at once or after the quiet hours; it is noted who asked.",
    responses=refusals(401, 403, 404, 409, 422),
)
async def try_delivery_again(delivery_id: FromPath[UUID], who: Who, use: Use) -> UndeliveredRow:
    """Return what failed, with the delivery that is under way now."""
    return _row(await use.try_delivery_again()(who, DeliveryId(delivery_id)))


def _row(one: Undelivered) -> UndeliveredRow:
    delivery, message, instead = one.delivery, one.message, one.instead
    account_id = message.recipient.account_id
    return UndeliveredRow(
        id=str(delivery.id),
        message_id=str(message.id),
        kind=message.kind,
        needed=message.rules.needed,
        channel=delivery.channel.value,
        state=delivery.state.value,
        why=delivery.detail,
        since=delivery.changed_at,
        attempts=delivery.attempts,
        said_at=message.said_at,
        account_id=None if account_id is None else str(account_id),
        instead=None
        if instead is None
        else InsteadBody(
            id=str(instead.id), channel=instead.channel.value, state=instead.state.value, due_at=instead.due_at
        ),
        may_be_tried=may_be_tried(one),
    )


router: Any = Router(V1, route_handlers=[list_undelivered, try_delivery_again], tags=["Messages"])
