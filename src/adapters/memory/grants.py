"""Grants in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime

from ...domain.identity.grant import Grant
from ...domain.shared.ids import AccountId, GrantId, StudentId
from .tables import Entities


class MemoryGrants:
    """The grants as the open unit sees them."""

    def __init__(self, rows: Entities[Grant]) -> None:
        self._rows = rows

    async def add(self, grant: Grant) -> None:
        self._rows.add(grant.id, grant)

    async def save(self, grant: Grant) -> None:
        self._rows.save(grant.id, grant)

    async def get(self, grant_id: GrantId) -> Grant:
        return self._rows.found(grant_id)

    async def of_student(self, student_id: StudentId) -> Sequence[Grant]:
        return self._those(lambda one: one.student_id == student_id)

    async def live_of(self, account_id: AccountId, now: datetime) -> Sequence[Grant]:
        return self._those(lambda one: one.account_id == account_id and one.is_live(now))

    async def every_of(self, account_id: AccountId, email: str | None) -> Sequence[Grant]:
        return self._those(
            lambda one: (
                one.account_id == account_id or (email is not None and (one.account_id, one.email) == (None, email))
            )
        )

    async def offered_to(self, email: str, now: datetime) -> Sequence[Grant]:
        return self._those(lambda one: one.email == email and one.accepted_at is None and one.is_open(now))

    def _those(self, where: Callable[[Grant], bool]) -> Sequence[Grant]:
        return sorted(self._rows.rows(where), key=lambda one: (one.given_at, one.id), reverse=True)
