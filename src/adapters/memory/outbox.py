"""Events that wait, in memory."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ...domain.shared.events import Envelope
from ...domain.shared.ids import EventId
from .tables import Table


class MemoryOutbox:
    """The outbox as the open unit sees it."""

    def __init__(self, rows: Table[EventId, Envelope]) -> None:
        self._rows = rows

    def add(self, envelope: Envelope) -> None:
        """Let the event wait."""
        self._rows.put(envelope.id, envelope)

    async def take(self, limit: int) -> Sequence[Envelope]:
        first: dict[tuple[str, UUID], Envelope] = {}
        for envelope in self._rows.rows():
            first.setdefault((envelope.event.aggregate, envelope.event.aggregate_id), envelope)
        return list(first.values())[:limit]

    async def passed_on(self, ids: Sequence[EventId]) -> None:
        for event_id in ids:
            self._rows.remove(event_id)

    async def remove_passed_on(self, before: datetime, limit: int) -> int:
        return 0  # none is kept here
