"""Where it is kept how each person is reached, and how she wants to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from ..domain.notifications.preferences import Preferences
from ..domain.notifications.way import Way
from ..domain.shared.ids import AccountId


class Ways(Protocol):
    """Every account's ways and preferences."""

    async def of(self, account_ids: Collection[AccountId]) -> Mapping[AccountId, Sequence[Way]]:
        """Return the ways of each of these accounts that has any, by channel."""
        ...

    async def keep(self, way: Way) -> None:
        """Keep the way in place of what there was of this account on this channel."""
        ...

    async def preferences(self, account_ids: Collection[AccountId]) -> Mapping[AccountId, Preferences]:
        """Return what each of these accounts has said, as far as there is anything."""
        ...

    async def add_preferences(self, preferences: Sequence[Preferences]) -> None:
        """Keep these at version 1; where an account has some already, they stay as they are."""
        ...

    async def save_preferences(self, preferences: Preferences) -> None:
        """Keep the changed preferences and count their version up; raise Conflict when another writer was first."""
        ...

    async def find_by_secret(self, secret: str) -> Preferences | None:
        """Return the preferences with that secret, or None."""
        ...
