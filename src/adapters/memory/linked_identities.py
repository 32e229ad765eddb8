"""Which identity at a provider signs in to which account, in memory."""

from collections.abc import Sequence

from ...domain.identity.errors import IdentityTaken
from ...domain.identity.linked_identity import LinkedIdentity
from ...domain.shared.ids import AccountId
from .tables import Entities


class MemoryLinkedIdentities:
    """The linked identities as the open unit sees them."""

    def __init__(self, rows: Entities[LinkedIdentity]) -> None:
        self._rows = rows

    async def add(self, linked: LinkedIdentity) -> None:
        if await self.find(linked.issuer, linked.subject) is not None:
            raise IdentityTaken
        self._rows.add(linked.id, linked)

    async def find(self, issuer: str, subject: str) -> LinkedIdentity | None:
        return next(self._rows.rows(lambda one: (one.issuer, one.subject) == (issuer, subject)), None)

    async def of_account(self, account_id: AccountId) -> Sequence[LinkedIdentity]:
        found = self._rows.rows(lambda one: one.account_id == account_id)
        return sorted(found, key=lambda one: (one.linked_at, one.id))

    async def remove(self, linked: LinkedIdentity) -> None:
        self._rows.remove(linked.id)
