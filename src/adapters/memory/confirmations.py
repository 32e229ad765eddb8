"""Codes that went out by mail, in memory."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from ...domain.identity.confirmation import Confirmation, Purpose
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId
from .tables import Entities


class MemoryConfirmations:
    """The codes as the open unit sees them."""

    def __init__(self, rows: Entities[Confirmation]) -> None:
        self._rows = rows

    async def add(self, confirmation: Confirmation) -> None:
        if self._rows.any(lambda one: one.digest == confirmation.digest):
            raise Conflict
        self._rows.add(confirmation.id, confirmation)

    async def save(self, confirmation: Confirmation) -> None:
        self._rows.save(confirmation.id, confirmation)

    async def find(self, digest: str) -> Confirmation:
        found = next(self._rows.rows(lambda one: one.digest == digest), None)
        if found is None:
            raise NotFound
        return found

    async def open_of(self, account_id: AccountId, purpose: Purpose, now: datetime) -> Sequence[Confirmation]:
        found = self._rows.rows(
            lambda one: (
                one.account_id == account_id and one.purpose is purpose and one.used_at is None and now < one.until
            )
        )
        return sorted(found, key=lambda one: (one.made_at, one.id))

    async def remove_over(self, before: datetime, limit: int) -> int:
        over = [one.id for one in islice(self._rows.rows(lambda one: one.until < before), limit)]
        for key in over:
            self._rows.remove(key)
        return len(over)
