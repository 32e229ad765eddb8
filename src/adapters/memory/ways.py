"""How each person is reached, and how she wants to be, in memory."""

from collections.abc import Collection, Mapping, Sequence

from ...domain.notifications.channel import Channel
from ...domain.notifications.preferences import Preferences
from ...domain.notifications.way import Way
from ...domain.shared.ids import AccountId
from .tables import Entities, Table


class MemoryWays:
    """Ways and preferences as the open unit sees them."""

    def __init__(self, ways: Table[tuple[AccountId, Channel], Way], preferences: Entities[Preferences]) -> None:
        self._ways = ways
        self._preferences = preferences

    async def of(self, account_ids: Collection[AccountId]) -> Mapping[AccountId, Sequence[Way]]:
        found: dict[AccountId, list[Way]] = {}
        for way in sorted(self._ways.rows(lambda one: one.account_id in account_ids), key=lambda one: one.channel):
            found.setdefault(way.account_id, []).append(way)
        return found

    async def keep(self, way: Way) -> None:
        self._ways.put((way.account_id, way.channel), way)

    async def preferences(self, account_ids: Collection[AccountId]) -> Mapping[AccountId, Preferences]:
        found = {account_id: self._preferences.get(account_id) for account_id in account_ids}
        return {account_id: one for account_id, one in found.items() if one is not None}

    async def add_preferences(self, preferences: Sequence[Preferences]) -> None:
        for one in preferences:
            if self._preferences.get(one.account_id) is None:
                self._preferences.add(one.account_id, one)

    async def save_preferences(self, preferences: Preferences) -> None:
        self._preferences.save(preferences.account_id, preferences)

    async def find_by_secret(self, secret: str) -> Preferences | None:
        return next(self._preferences.rows(lambda one: one.secret == secret), None)
