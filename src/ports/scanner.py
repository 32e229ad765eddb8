"""Who looks into files for what could harm whoever opens them."""

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable


@runtime_checkable
class Scanner(Protocol):
    """Scans content for malware."""

    async def scan(self, content: AsyncIterator[bytes]) -> str | None:
        """Return the name of what was found, or None for clean content; all of it was looked at, in bounded memory.

        Raises Unavailable when nobody can tell, also for content that is larger than can be looked at: such a file is
        not accepted until somebody has looked. What ``content`` raises is raised as it is.
        """
        ...
