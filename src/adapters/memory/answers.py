"""Answers to requests with an idempotency key, in memory."""

from dataclasses import dataclass, replace

from ...ports.answers import IdempotencyKeyReused, Needed, RequestKey, StoredAnswer
from .tables import Table


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that was taken on, and its answer once there is one."""

    fingerprint: bytes
    answer: StoredAnswer | None = None


class MemoryAnswers:
    """The answers as the open unit sees them; units follow one another, so there is nothing to wait for."""

    def __init__(self, rows: Table[RequestKey, Claim]) -> None:
        self._rows = rows
        self._needed: Needed | None = None

    async def claim(self, request: RequestKey, fingerprint: bytes) -> StoredAnswer | None:
        claimed = self._rows.get(request)
        if claimed is None:
            self._rows.put(request, Claim(fingerprint))
            return None
        if claimed.fingerprint != fingerprint:
            raise IdempotencyKeyReused
        return claimed.answer

    def need(self, needed: Needed) -> None:
        self._needed = needed

    async def keep(self, request: RequestKey, answer: StoredAnswer) -> None:
        claimed = self._rows.get(request)
        if claimed is not None:
            self._rows.put(request, Claim(claimed.fingerprint, replace(answer, needed=self._needed)))
