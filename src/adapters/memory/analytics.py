"""Analytics in memory: what was told, once each."""

from __future__ import annotations

from collections.abc import Sequence

from ...domain.rights.tracking import Happening
from ...domain.shared.ids import EventId


class MemoryAnalytics:
    """Keeps what it was told, for tests and for teams that count by themselves."""

    def __init__(self) -> None:
        self.told: dict[EventId, Happening] = {}

    async def track(self, happenings: Sequence[Happening]) -> None:
        for one in happenings:
            self.told.setdefault(one.id, one)
