"""API keys in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ...domain.identity.key import ApiKey
from ...domain.shared.ids import AccountId, KeyId
from .tables import Entities


class MemoryKeys:
    """The keys as the open unit sees them."""

    def __init__(self, rows: Entities[ApiKey]) -> None:
        self._rows = rows

    async def add(self, key: ApiKey) -> None:
        self._rows.add(key.id, key)

    async def save(self, key: ApiKey) -> None:
        kept = self._rows.found(key.id)
        self._rows.save(key.id, replaced := replace(kept, revoked_at=key.revoked_at, version=key.version))
        key.version = replaced.version

    async def get(self, key_id: KeyId) -> ApiKey:
        return self._rows.found(key_id)

    async def of(self, account_id: AccountId) -> Sequence[ApiKey]:
        found = self._rows.rows(lambda one: one.account_id == account_id)
        return sorted(found, key=lambda one: (one.made_at, one.id), reverse=True)

    async def note_use(self, key_id: KeyId, at: datetime, unless_since: datetime) -> None:
        kept = self._rows.get(key_id)
        if kept is not None and (kept.used_at is None or kept.used_at <= unless_since):
            self._rows.put(key_id, replace(kept, used_at=at))
