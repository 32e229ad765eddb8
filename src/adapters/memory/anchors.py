"""Heads of the audit trail that were noted elsewhere, in memory."""

from collections.abc import AsyncIterator

from ...domain.audit.chain import Head


class MemoryAnchors:
    """Keeps heads for as long as the process lives."""

    def __init__(self) -> None:
        self._heads: dict[tuple[int, str], Head] = {}

    async def put(self, head: Head) -> None:
        self._heads.setdefault((head.number, head.hash), head)

    async def heads(self, since: int = 0) -> AsyncIterator[Head]:
        for _, head in sorted(self._heads.items()):
            if head.number >= since:
                yield head
