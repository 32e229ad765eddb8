"""Where events wait, in PostgreSQL."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Integer,
    RowMapping,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.audit.entry import Entry
from ...domain.shared.errors import DomainError
from ...domain.shared.events import Envelope
from ...domain.shared.ids import EventId
from .answers import KEEP
from .audit_entries import ADD as ENTRIES
from .audit_entries import written
from .engine import translated
from .events import COLUMNS, TAGS, envelope_row, read_envelope
from .often import Often
from .tables import outbox

log = logging.getLogger(__name__)

UNREADABLE = (msgspec.MsgspecError, DomainError, LookupError, TypeError, ValueError)
"""What reading a row raises that holds no event of ours: fields of another time, or none."""

_SET_ASIDE = text("'-infinity'::timestamptz")
"""When an event was passed on that nobody could read: never. Set back to null, it is tried again."""


_INSERT = insert(outbox).values({name: bindparam(name) for name in COLUMNS})
_EVENT = _INSERT.cte("event")
_ADD = Often(ENTRIES.add_cte(_EVENT))
_ADD_AND_ANSWER = Often(ENTRIES.add_cte(_EVENT, KEEP.cte("answer")))
"""The event, its entry in the audit trail and the answer of the same request, which are the last that most units of
work write."""
_ENTRIES_ALONE = Often(ENTRIES)


def _waiting() -> Select[Any]:
    older = outbox.alias("older")
    older_waits = exists().where(
        older.c.passed_on_at.is_(None),
        older.c.aggregate_id == outbox.c.aggregate_id,
        older.c.position < outbox.c.position,
    )
    return (
        select(outbox)
        # An event that only newer code knows waits for a relay with that code, and so do its followers.
        .where(outbox.c.passed_on_at.is_(None), outbox.c.tag == any_(literal(sorted(TAGS), ARRAY(Text))), ~older_waits)
        .order_by(outbox.c.position)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True, of=outbox)
    )


_WAITING = _waiting()


class PostgresOutbox:
    """The outbox as one transaction sees it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, envelopes: Sequence[Envelope], entries: Sequence[Entry], answer: Mapping[str, Any] | None = None
    ) -> None:
        """Write the events, entries of the audit trail, and with a single event the answer to the request, as the
        answers' own ``KEEP`` takes it."""
        if len(envelopes) == 1:
            row = envelope_row(envelopes[0])
            data = msgspec.json.encode(row["data"]).decode()
            together = _ADD_AND_ANSWER if answer else _ADD
            given = {**row, **(answer or {}), "data": data, "entries": written(entries)}
            await together.rows(self._connection, **given)
            return
        if envelopes:
            with translated():
                await self._connection.execute(insert(outbox), [envelope_row(envelope) for envelope in envelopes])
        await _ENTRIES_ALONE.rows(self._connection, entries=written(entries))

    async def take(self, limit: int) -> Sequence[Envelope]:
        """As the port says. An event that cannot be read is set aside, so that it holds up no other."""
        while rows := await self._waiting(limit):
            taken, unreadable = _read(rows)
            if unreadable:
                await self._mark(unreadable, _SET_ASIDE)
            if taken:
                return taken
        return []

    async def passed_on(self, ids: Sequence[EventId]) -> None:
        await self._mark(ids, func.transaction_timestamp())

    async def remove_passed_on(self, before: datetime, limit: int) -> int:
        # The application may not delete here; a function of the owner's does it, and keeps to the port's 7 days.
        with translated():
            removed = await self._connection.execute(select(func.remove_passed_on(before, limit)))
        return int(removed.scalar_one())

    async def _waiting(self, limit: int) -> Sequence[RowMapping]:
        with translated():
            found = await self._connection.execute(_WAITING, {"most": limit})
        rows: Sequence[RowMapping] = found.mappings().all()
        return rows

    async def _mark(self, ids: Sequence[EventId], moment: Any) -> None:
        marked = outbox.c.id == any_(literal(list(ids), ARRAY(Uuid)))
        with translated():
            await self._connection.execute(update(outbox).where(marked).values(passed_on_at=moment))


def _read(rows: Sequence[RowMapping]) -> tuple[list[Envelope], list[EventId]]:
    """Return the events, and the ids of rows that hold none."""
    taken: list[Envelope] = []
    unreadable: list[EventId] = []
    for row in rows:
        try:
            taken.append(read_envelope(row))
        except UNREADABLE:
            log.exception("event %s (%s) cannot be read and is set aside", row["id"], row["tag"])
            unreadable.append(EventId(row["id"]))
    return taken, unreadable
