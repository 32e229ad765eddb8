"""Where it is kept which sign-ins at providers are under way, for all processes."""

from datetime import datetime
from typing import Protocol

from ..domain.identity.provider_sign_in import ProviderSignIn


class ProviderSignIns(Protocol):
    """All of this installation."""

    async def add(self, way: ProviderSignIn) -> None:
        """Keep a new one at version 1; raise Conflict where the id or the digest is taken."""
        ...

    async def save(self, way: ProviderSignIn) -> None:
        """Keep the changed one and count its version up; raise Conflict when another writer was first."""
        ...

    async def find(self, digest: str) -> ProviderSignIn:
        """Return the one with the digest, good or not; raise NotFound where there is none."""
        ...

    async def remove_over(self, before: datetime, limit: int) -> int:
        """Remove at most so many that were over before the moment; return how many that were."""
        ...
