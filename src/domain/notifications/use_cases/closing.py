"""Closing a way that leads nowhere, and saying so on the others."""

from __future__ import annotations

from ....ports.transactions import UnitOfWork
from ...shared.ids import AccountId
from ..channel import Channel
from ..message import Recipient
from ..way import Because, Way, masked
from .saying import Say, Saying

_SAID = {Because.BOUNCED: "bounce", Because.COMPLAINED: "complaint", Because.UNSUBSCRIBED: "unsubscribed"}


async def close_way(
    work: UnitOfWork, say: Say, account_id: AccountId, channel: Channel, because: Because, language: str
) -> None:
    """Let nothing go to the account on the channel any more, and tell its holder so; a closed one changes nothing."""
    account = await work.accounts.get(account_id)
    ways = {way.channel: way for way in (await work.ways.of([account_id])).get(account_id, ())}
    way = ways.get(channel)
    if channel is Channel.EMAIL and (way is None or way.address != account.email):
        way = Way(account_id, Channel.EMAIL, account.email, work.now)
    event = None if way is None else way.close(because, work.now)
    if way is None or event is None:
        return
    await work.ways.keep(way)
    work.record(event, account.version)
    params = {"channel": channel.value, "address": masked(way.address), "why": _SAID[because]}
    about = f"{channel.value}/{work.now.isoformat()}"
    await say(work, [Saying("channel_off", about, Recipient(account_id), params, language)])
