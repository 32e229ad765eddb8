"""How each person is reached, and how she wants to be, in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.notifications.channel import Channel, Topic
from ...domain.notifications.preferences import Preferences
from ...domain.notifications.way import Because, Way
from ...domain.shared.errors import Conflict
from ...domain.shared.ids import AccountId
from .engine import translated
from .tables_messages import message_preferences, ways

_ADD = upsert(message_preferences).on_conflict_do_nothing().returning(message_preferences.c.account_id)


class PostgresWays:
    """Ways and preferences as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, account_ids: Collection[AccountId]) -> Mapping[AccountId, Sequence[Way]]:
        query = select(ways).where(ways.c.account_id == func.any(list(account_ids))).order_by(ways.c.channel)
        found: dict[AccountId, list[Way]] = {}
        with translated():
            for row in await self._connection.execute(query):
                found.setdefault(AccountId(row.account_id), []).append(_way(row))
        return found

    async def keep(self, way: Way) -> None:
        values = {
            "address": way.address,
            "confirmed_at": way.confirmed_at,
            "closed_at": way.closed_at,
            "because": None if way.because is None else way.because.value,
        }
        keep = upsert(ways).values(account_id=way.account_id, channel=way.channel.value, **values)
        with translated():
            await self._connection.execute(
                keep.on_conflict_do_update(index_elements=["account_id", "channel"], set_=values)
            )

    async def preferences(self, account_ids: Collection[AccountId]) -> Mapping[AccountId, Preferences]:
        query = select(message_preferences).where(message_preferences.c.account_id == func.any(list(account_ids)))
        with translated():
            return {AccountId(row.account_id): _preferences(row) for row in await self._connection.execute(query)}

    async def add_preferences(self, preferences: Sequence[Preferences]) -> None:
        if not preferences:
            return
        rows = [{"account_id": one.account_id, "secret": one.secret, **_said(one), "version": 1} for one in preferences]
        with translated():
            await self._connection.execute(_ADD, rows)
        for one in preferences:
            one.version = 1

    async def save_preferences(self, preferences: Preferences) -> None:
        c = message_preferences.c
        statement = (
            update(message_preferences)
            .where(c.account_id == preferences.account_id, c.version == preferences.version)
            .values(**_said(preferences), version=preferences.version + 1)
        )
        with translated():
            if (await self._connection.execute(statement)).rowcount != 1:
                raise Conflict
        preferences.version += 1

    async def find_by_secret(self, secret: str) -> Preferences | None:
        with translated():
            query = select(message_preferences).where(message_preferences.c.secret == secret)
            row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _preferences(row)


def _way(row: Row[Any]) -> Way:
    return Way(
        account_id=AccountId(row.account_id),
        channel=Channel(row.channel),
        address=row.address,
        confirmed_at=row.confirmed_at,
        closed_at=row.closed_at,
        because=None if row.because is None else Because(row.because),
    )


def _said(preferences: Preferences) -> dict[str, Any]:
    return {
        "quiet_from": preferences.quiet_from,
        "quiet_until": preferences.quiet_until,
        "digest_at": preferences.digest_at,
        "always_digest": preferences.always_digest,
        "zone": preferences.zone,
        "silenced": sorted(f"{topic.value}:{channel.value}" for topic, channel in preferences.silenced),
        "loud": sorted(topic.value for topic in preferences.loud),
    }


def _preferences(row: Row[Any]) -> Preferences:
    pairs = [one.split(":") for one in row.silenced]
    return Preferences(
        account_id=AccountId(row.account_id),
        secret=row.secret,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        digest_at=row.digest_at,
        always_digest=row.always_digest,
        zone=row.zone,
        silenced=frozenset((Topic(topic), Channel(channel)) for topic, channel in pairs),
        loud=frozenset(map(Topic, row.loud)),
        version=row.version,
    )
