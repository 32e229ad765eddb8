"""Sign-ins at providers that are under way, in memory."""

from datetime import datetime
from itertools import islice

from ...domain.identity.provider_sign_in import ProviderSignIn
from ...domain.shared.errors import Conflict, NotFound
from .tables import Entities


class MemoryProviderSignIns:
    """The sign-ins as the open unit sees them."""

    def __init__(self, rows: Entities[ProviderSignIn]) -> None:
        self._rows = rows

    async def add(self, way: ProviderSignIn) -> None:
        if self._rows.any(lambda one: one.digest == way.digest):
            raise Conflict
        self._rows.add(way.id, way)

    async def save(self, way: ProviderSignIn) -> None:
        self._rows.save(way.id, way)

    async def find(self, digest: str) -> ProviderSignIn:
        found = next(self._rows.rows(lambda one: one.digest == digest), None)
        if found is None:
            raise NotFound
        return found

    async def remove_over(self, before: datetime, limit: int) -> int:
        over = [one.id for one in islice(self._rows.rows(lambda one: one.until < before), limit)]
        for key in over:
            self._rows.remove(key)
        return len(over)
