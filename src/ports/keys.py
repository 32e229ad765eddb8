"""Where API keys are kept, as the hashes that they are known by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..domain.identity.key import ApiKey
from ..domain.shared.ids import AccountId, KeyId


class Keys(Protocol):
    """All API keys of this installation."""

    async def add(self, key: ApiKey) -> None:
        """Keep a new key at version 1; raise Conflict where the id is taken."""
        ...

    async def save(self, key: ApiKey) -> None:
        """Keep that the key was revoked and count its version up; raise Conflict when another writer was first."""
        ...

    async def get(self, key_id: KeyId) -> ApiKey:
        """Return the key, live or not; raise NotFound where there is none."""
        ...

    async def of(self, account_id: AccountId) -> Sequence[ApiKey]:
        """Return all keys of the account, live or not, the newest first, those of one moment by descending id."""
        ...

    async def note_use(self, key_id: KeyId, at: datetime, unless_since: datetime) -> None:
        """Note that the key was used then, unless it is noted to have been used since that other moment; its version
        stays. A key that is not there changes nothing."""
        ...
