"""Who looks into files for what could harm whoever opens them."""

from collections.abc import AsyncIterator
from typing import Protocol, runtime_checkable


@runtime_checkable
class Scanner(Protocol):
    """Scans content for malware."""

    async def scan(self, content: AsyncIterator[bytes]) -> str | None:
        """Return the name of what was found, or None for clean content. Raise Unavailable when nobody can tell: such
        a file is not accepted until somebody has looked."""
        ...
