"""Sessions in memory."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from ...domain.identity.session import Session
from ...domain.shared.ids import AccountId, SessionId
from .tables import Entities, Table


class MemorySessions:
    """The sessions as the open unit sees them."""

    def __init__(self, rows: Entities[Session], uses: Table[AccountId, datetime]) -> None:
        self._rows = rows
        self._uses = uses

    async def add(self, session: Session) -> None:
        self._rows.add(session.id, session)

    async def save(self, session: Session) -> None:
        self._rows.save(session.id, session)

    async def get(self, session_id: SessionId) -> Session:
        return self._rows.found(session_id)

    async def live_of(self, account_id: AccountId, now: datetime) -> Sequence[Session]:
        live = self._rows.rows(lambda one: one.account_id == account_id and one.is_live(now))
        return sorted(live, key=lambda one: (one.used_at, one.id), reverse=True)

    async def whose_are_live(self, begun_by: datetime, now: datetime, limit: int) -> Sequence[AccountId]:
        live = self._rows.rows(lambda one: one.begun_at <= begun_by and one.is_live(now))
        return sorted({one.account_id for one in live})[:limit]

    async def every_of(self, account_id: AccountId) -> Sequence[Session]:
        return sorted(self._rows.rows(lambda one: one.account_id == account_id), key=lambda one: (one.begun_at, one.id))

    async def last_use_of(self, account_id: AccountId) -> datetime | None:
        kept = [one.used_at for one in self._rows.rows(lambda one: one.account_id == account_id)]
        removed = self._uses.get(account_id)
        return max(kept if removed is None else [*kept, removed], default=None)

    async def remove_over(self, before: datetime, limit: int) -> int:
        over = list(islice(self._rows.rows(lambda one: one.until < before), limit))
        for one in over:
            self._rows.remove(one.id)
            self._uses.put(one.account_id, max(one.used_at, self._uses.get(one.account_id) or one.used_at))
        return len(over)
