"""Where events wait, in PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ...domain.shared.events import Envelope
from ...domain.shared.ids import EventId
from .engine import translated
from .events import TAGS, envelope_row, read_envelope
from .tables import outbox

DOORBELL = "outbox"
"""The channel on which a transaction that wrote events says so when it commits (LISTEN, NOTIFY)."""


class PostgresOutbox:
    """The outbox as one transaction sees it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, envelopes: Sequence[Envelope]) -> None:
        """Write the events, and ring the doorbell when the transaction commits."""
        with translated():
            await self._connection.execute(insert(outbox), [envelope_row(envelope) for envelope in envelopes])
            await self._connection.execute(select(func.pg_notify(DOORBELL, "")))

    async def take(self, limit: int) -> Sequence[Envelope]:
        older = outbox.alias("older")
        older_waits = exists().where(
            older.c.passed_on_at.is_(None),
            older.c.aggregate_id == outbox.c.aggregate_id,
            older.c.position < outbox.c.position,
        )
        query = (
            select(outbox)
            # An event that only newer code knows waits for a relay with that code, and so do its followers.
            .where(outbox.c.passed_on_at.is_(None), outbox.c.tag.in_(TAGS), ~older_waits)
            .order_by(outbox.c.position)
            .limit(limit)
            .with_for_update(skip_locked=True, of=outbox)
        )
        with translated():
            rows = (await self._connection.execute(query)).mappings().all()
        return [read_envelope(row) for row in rows]

    async def passed_on(self, ids: Sequence[EventId]) -> None:
        with translated():
            await self._connection.execute(
                update(outbox).where(outbox.c.id.in_(ids)).values(passed_on_at=func.transaction_timestamp())
            )
