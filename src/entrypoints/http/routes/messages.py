"""What somebody was told, and how she wants to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter

from ....domain.notifications.channel import Channel, Topic
from ....domain.notifications.preferences import Preferences
from ....domain.notifications.use_cases.inbox import Told
from ....domain.notifications.use_cases.wishes import Wishes
from ....domain.notifications.way import Way, masked
from ....domain.shared.errors import Invalid, Reason
from ....domain.shared.ids import MessageId
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..etags import etag, wanted_version
from ..given import ETAG, V1, Cursor, IfMatch, PageSize, Use, Who, refusals
from ..wire import NOT_BLANK, Given, Id

_Clock = Annotated[str, msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["21:30"])]
_Topic = Annotated[str, msgspec.Meta(extra_json_schema={"enum": [one.value for one in Topic]})]
_Channel = Annotated[str, msgspec.Meta(extra_json_schema={"enum": [one.value for one in Channel]})]


class DeliveryRow(msgspec.Struct, frozen=True):
    """What became of a message on one way."""

    channel: str
    state: Annotated[str, msgspec.Meta(examples=["delivered"])]
    due_at: datetime
    changed_at: datetime | None


class MessageRow(msgspec.Struct, frozen=True):
    """One thing that you were told."""

    id: Id
    kind: Annotated[str, msgspec.Meta(examples=["reminder"])]
    topic: str
    subject: str
    short: Annotated[str, msgspec.Meta(description="The same in one line.")]
    said_at: datetime
    read_at: datetime | None
    acknowledged_at: datetime | None
    withdrawn_at: Annotated[datetime | None, msgspec.Meta(description="From when on it was so no more.")]
    until_acknowledged: Annotated[
        bool, msgspec.Meta(description="Whether it is repeated until you say that you know (`.../acknowledgement`).")
    ]
    deliveries: list[DeliveryRow]


class MessagePage(msgspec.Struct, frozen=True):
    """Some messages, the newest first; hand ``next`` back as ``cursor`` for more."""

    items: list[MessageRow]
    next: str | None


class MessageState(msgspec.Struct, frozen=True):
    """What you have done about a message."""

    id: Id
    read_at: datetime | None
    acknowledged_at: datetime | None


class Silenced(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A topic that is not wanted on a channel."""

    topic: _Topic
    channel: _Channel


class WayRow(msgspec.Struct, frozen=True):
    """A way on which you are reached besides the mail of your account, or one that is closed."""

    channel: str
    address: Annotated[str, msgspec.Meta(examples=["+880***78"])]
    confirmed_at: datetime | None
    closed_at: datetime | None
    because: Annotated[str | None, msgspec.Meta(examples=["bounced"])]


class PreferencesBody(msgspec.Struct, frozen=True):
    """How you want to be told. What is needed for your safety or by law comes in any case."""

    version: int
    quiet_from: _Clock | None
    quiet_until: _Clock
    digest_at: _Clock
    always_digest: bool
    zone: str
    silenced: list[Silenced]
    loud: Annotated[list[str], msgspec.Meta(description="Topics that come to your telephone too.")]
    ways: list[WayRow]


class PreferencesGiven(Given):
    """Everything at once, in place of what was there."""

    quiet_from: Annotated[_Clock | None, msgspec.Meta(description="From when on, null: at no time.")]
    quiet_until: _Clock
    digest_at: _Clock
    always_digest: bool
    zone: Annotated[str, msgspec.Meta(max_length=60, examples=["Asia/Dhaka"], description="Blank: your profile's.")] = (
        ""
    )
    silenced: Annotated[list[Silenced], msgspec.Meta(max_length=50)] = msgspec.field(default_factory=list)
    loud: Annotated[list[_Topic], msgspec.Meta(max_length=20)] = msgspec.field(default_factory=list)


class NumberGiven(Given):
    """A telephone number with its country code."""

    number: Annotated[str, msgspec.Meta(max_length=40, extra_json_schema=NOT_BLANK, examples=["+880 1712-345678"])]


class NumberConfirmed(Given):
    """The code that came to the number."""

    code: Annotated[str, msgspec.Meta(max_length=200, extra_json_schema=NOT_BLANK)]
    whatsapp: Annotated[bool, msgspec.Meta(description="Whether messages may come there by WhatsApp too.")] = False


@get("/messages", operation_id="list_messages", summary="My messages", responses=refusals(401, 422))
async def list_messages(
    who: Who,
    use: Use,
    unread: Annotated[bool, QueryParameter(name="unread", required=False)] = False,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> MessagePage:
    """List what you were told, the newest first, and what became of it on each way; mails with codes are left out."""
    after = position(cursor, UUID)
    found = await use.list_messages()(who, None if after is None else MessageId(after), limit + 1, unread=unread)
    more = len(found) > limit
    return MessagePage([_row(one) for one in found[:limit]], cursor_of(found[limit - 1].message.id) if more else None)


@post(
    "/messages/{message_id:str}/reading",
    status_code=200,
    operation_id="read_message",
    summary="Mark a message as read",
    responses=refusals(401, 404, 409, 422),
)
async def read_message(message_id: FromPath[UUID], who: Who, use: Use) -> MessageState:
    """Note that you have seen it."""
    found = await use.read_message()(who, MessageId(message_id))
    return MessageState(str(found.id), found.read_at, found.acknowledged_at)


@post(
    "/messages/{message_id:str}/acknowledgement",
    status_code=200,
    operation_id="acknowledge_message",
    summary="Say that you know",
    responses=refusals(401, 404, 409, 422),
)
async def acknowledge_message(message_id: FromPath[UUID], who: Who, use: Use) -> MessageState:
    """Say that you know and will see to it: it is not repeated any more."""
    found = await use.acknowledge_message()(who, MessageId(message_id))
    return MessageState(str(found.id), found.read_at, found.acknowledged_at)


@get(
    "/me/message-preferences",
    operation_id="get_message_preferences",
    summary="How I am told",
    response_headers=ETAG,
    responses=refusals(401),
)
async def get_message_preferences(who: Who, use: Use) -> Response[PreferencesBody]:
    """Show how you are told, and on which ways."""
    return _preferences(*await use.see_preferences()(who))


@put(
    "/me/message-preferences",
    operation_id="change_message_preferences",
    summary="Say how I want to be told",
    response_headers=ETAG,
    responses=refusals(401, 409, 412, 413, 415, 422, 428),
)
async def change_message_preferences(
    data: JSONBody[PreferencesGiven], who: Who, use: Use, if_match: IfMatch = None
) -> Response[PreferencesBody]:
    """Take the place of what you said before. A topic of which all is needed cannot be silenced."""
    wishes = Wishes(
        quiet_from=None if data.quiet_from is None else time.fromisoformat(data.quiet_from),
        quiet_until=time.fromisoformat(data.quiet_until),
        digest_at=time.fromisoformat(data.digest_at),
        always_digest=data.always_digest,
        zone=data.zone,
        silenced=[(_topic(one.topic, "silenced"), _channel(one.channel)) for one in data.silenced],
        loud=[_topic(one, "loud") for one in data.loud],
    )
    await use.change_preferences()(who, wishes, wanted_version(if_match))
    return _preferences(*await use.see_preferences()(who))


@put(
    "/me/number", operation_id="give_number", summary="Give my number", responses=refusals(401, 403, 409, 413, 415, 422)
)
async def give_number(data: JSONBody[NumberGiven], who: Who, use: Use) -> WayRow:
    """Give the number of your telephone; a code goes there, and nothing else until you have sent it back."""
    return _way(await use.give_number()(who, data.number))


@post(
    "/me/number/confirmation",
    status_code=200,
    operation_id="confirm_number",
    summary="Confirm my number",
    responses=refusals(401, 403, 409, 413, 415, 422),
)
async def confirm_number(data: JSONBody[NumberConfirmed], who: Who, use: Use) -> WayRow:
    """Send back the code that came to the number."""
    return _way(await use.confirm_number()(who, data.code, whatsapp=data.whatsapp))


@delete("/me/number", operation_id="take_number_away", summary="Remove my number", responses=refusals(401, 409))
async def take_number_away(who: Who, use: Use) -> None:
    """Let nothing come to your telephone any more."""
    await use.take_number_away()(who)


def _row(told: Told) -> MessageRow:
    message = told.message
    return MessageRow(
        id=str(message.id),
        kind=message.kind,
        topic=message.rules.topic.value,
        subject=told.subject,
        short=told.short,
        said_at=message.said_at,
        read_at=message.read_at,
        acknowledged_at=message.acknowledged_at,
        withdrawn_at=message.withdrawn_at,
        until_acknowledged=message.rules.until_seen,
        deliveries=[
            DeliveryRow(one.channel.value, one.state.value, one.due_at, one.changed_at) for one in told.deliveries
        ],
    )


def _preferences(preferences: Preferences, ways: Sequence[Way]) -> Response[PreferencesBody]:
    body = PreferencesBody(
        version=preferences.version,
        quiet_from=None if preferences.quiet_from is None else f"{preferences.quiet_from:%H:%M}",
        quiet_until=f"{preferences.quiet_until:%H:%M}",
        digest_at=f"{preferences.digest_at:%H:%M}",
        always_digest=preferences.always_digest,
        zone=preferences.zone,
        silenced=[Silenced(topic.value, channel.value) for topic, channel in sorted(preferences.silenced)],
        loud=sorted(topic.value for topic in preferences.loud),
        ways=[_way(way) for way in ways],
    )
    return Response(body, headers={"ETag": etag(preferences.version)})


def _way(way: Way) -> WayRow:
    because = None if way.because is None else way.because.value
    return WayRow(
        way.channel.value, masked(way.address) if way.address else "", way.confirmed_at, way.closed_at, because
    )


def _topic(given: str, where: str) -> Topic:
    try:
        return Topic(given)
    except ValueError:
        known = ", ".join(one.value for one in Topic)
        raise Invalid(Reason("preferences.unknown_topic", {"given": given[:60], "known": known}, where)) from None


def _channel(given: str) -> Channel:
    try:
        return Channel(given)
    except ValueError:
        known = ", ".join(one.value for one in Channel)
        raise Invalid(
            Reason("preferences.unknown_channel", {"given": given[:60], "known": known}, "silenced")
        ) from None


router: Any = Router(
    V1,
    route_handlers=[
        list_messages,
        read_message,
        acknowledge_message,
        get_message_preferences,
        change_message_preferences,
        give_number,
        confirm_number,
        take_number_away,
    ],
    tags=["Messages"],
)
