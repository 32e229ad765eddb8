"""Where the end of the audit trail is noted outside the database, so that a trail that was cut is found out."""

from collections.abc import AsyncIterator
from typing import Protocol

from ..domain.audit.chain import Head


class Anchors(Protocol):
    """Keeps heads of the chain; what was put is never changed or taken away by us."""

    async def put(self, head: Head) -> None:
        """Keep the head; one that is there already is kept once. Another one of the same number stands beside it.

        Raises Unavailable where it cannot be kept.
        """
        ...

    def heads(self, since: int = 0) -> AsyncIterator[Head]:
        """Yield those of that number or a later one, by their numbers; raise Unavailable where they cannot be read."""
        ...
