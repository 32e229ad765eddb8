"""Second factors and recovery codes in memory."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from ...domain.identity.factor import Factor, FactorKind, RecoveryCodes
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, FactorId
from .tables import Entities


class MemoryFactors:
    """The factors as the open unit sees them."""

    def __init__(self, rows: Entities[Factor], codes: Entities[RecoveryCodes]) -> None:
        self._rows = rows
        self._codes = codes

    async def add(self, factor: Factor) -> None:
        if factor.credential is not None and self._rows.any(lambda one: one.credential == factor.credential):
            raise Conflict
        self._rows.add(factor.id, factor)

    async def save(self, factor: Factor) -> None:
        self._rows.save(factor.id, factor)

    async def remove(self, factor_id: FactorId) -> None:
        self._rows.remove(factor_id)

    async def of_account(self, account_id: AccountId) -> Sequence[Factor]:
        return sorted(self._rows.rows(lambda one: one.account_id == account_id), key=lambda one: (one.made_at, one.id))

    async def apps(self, after: FactorId | None, limit: int) -> Sequence[Factor]:
        apps = self._rows.rows(lambda one: one.kind is FactorKind.TOTP and (after is None or one.id > after))
        return sorted(apps, key=lambda one: one.id)[:limit]

    async def find_passkey(self, credential: bytes) -> Factor:
        found = next(self._rows.rows(lambda one: one.credential == credential), None)
        if found is None:
            raise NotFound
        return found

    async def recovery_codes(self, account_id: AccountId) -> RecoveryCodes | None:
        return self._codes.get(account_id)

    async def save_recovery_codes(self, codes: RecoveryCodes) -> None:
        kept = self._codes.get(codes.account_id)
        if (0 if kept is None else kept.version) != codes.version:
            raise Conflict
        codes.version += 1
        self._codes.put(codes.account_id, codes)

    async def remove_recovery_codes(self, account_id: AccountId) -> None:
        self._codes.remove(account_id)

    async def remove_unconfirmed(self, before: datetime, limit: int) -> int:
        old = self._rows.rows(lambda one: one.confirmed_at is None and one.made_at < before)
        over = [one.id for one in islice(old, limit)]
        for key in over:
            self._rows.remove(key)
        return len(over)
