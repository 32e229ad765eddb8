"""Whether what must hold does, asked of PostgreSQL, and what was found by earlier looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, bindparam, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.operations.invariants import MOST_ROWS, Breach, Found, Looked, Run
from ...domain.shared.ids import ApplicationId, DocumentId, InvariantRunId
from ...ports.invariants import Stated
from .engine import translated
from .invariant_questions import QUESTIONS
from .questions import Question
from .tables import document_versions, snapshots
from .tables_invariants import invariant_breaches as breaches
from .tables_invariants import invariant_runs as runs

MOST_COUNTED = 10_000
"""More rows than this that break one sentence are counted as so many."""
_FIRST = UUID(int=0)


class PostgresInvariants:
    """The questions, and the runs and breaches as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def look(self, invariant: str) -> Found | None:
        question = QUESTIONS.get(invariant)
        if question is None:
            return None
        with translated():
            row = (await self._connection.exec_driver_sql(_asked(question))).one()
        return Found(row.looked or 0, tuple(row.named or ()), row.broken)

    async def sent(self, after: str, limit: int) -> Sequence[ApplicationId]:
        place = snapshots.c.application_id
        query = select(place).where(place > _place(after)).order_by(place).limit(limit)
        with translated():
            return [ApplicationId(found) for found in (await self._connection.execute(query)).scalars()]

    async def papers(self, after: str, limit: int) -> Sequence[DocumentId]:
        place = document_versions.c.document_id
        query = select(place).where(place > _place(after)).distinct().order_by(place).limit(limit)
        with translated():
            return [DocumentId(found) for found in (await self._connection.execute(query)).scalars()]

    async def stated(self, what: str, after: str, limit: int) -> Sequence[Stated]:
        query = text(_STATED[what]).bindparams(bindparam("after", int(after or 0)), bindparam("most", limit))
        with translated():
            return [Stated(str(row.id), row.details) for row in await self._connection.execute(query)]

    async def note(self, invariant: str, found: Found, at: datetime) -> int:
        b = breaches.c
        with translated():
            if found.rows:
                seen = upsert(breaches).values([_breach(invariant, row, at) for row in dict.fromkeys(found.rows)])
                seen = seen.on_conflict_do_update(
                    index_elements=["invariant", "row"],
                    index_where=text("gone_at IS NULL"),
                    set_={"last_seen": seen.excluded.last_seen},
                )
                await self._connection.execute(seen)
            query = select(b.row).where(b.invariant == invariant, b.gone_at.is_(None))
            known = list((await self._connection.execute(query)).scalars())
            over = [row for row in known if found.is_over(row)]
            if over:
                gone = update(breaches).where(b.invariant == invariant, b.gone_at.is_(None), b.row.in_(over))
                await self._connection.execute(gone.values(gone_at=at))
        return len(known) - len(over)

    async def keep(self, run: Run) -> None:
        looked = {name: msgspec.to_builtins(one) for name, one in run.looked.items()}
        row = {"id": run.id, "started_at": run.started_at, "finished_at": run.finished_at, "looked": looked}
        with translated():
            await self._connection.execute(insert(runs).values(row))

    async def last_run(self) -> Run | None:
        query = select(runs).order_by(runs.c.finished_at.desc(), runs.c.id.desc()).limit(1)
        with translated():
            row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _run(row)

    async def breaches(self, limit: int) -> Sequence[Breach]:
        b = breaches.c
        query = select(breaches).where(b.gone_at.is_(None)).order_by(b.invariant, b.row).limit(limit)
        with translated():
            return [
                Breach(row.invariant, row.row, row.first_seen, row.last_seen)
                for row in await self._connection.execute(query)
            ]

    async def broken(self, invariant: str, limit: int) -> Sequence[str]:
        b = breaches.c
        query = select(b.row).where(b.invariant == invariant, b.gone_at.is_(None)).order_by(b.last_seen, b.row)
        with translated():
            return list((await self._connection.execute(query.limit(limit))).scalars())


_STATED = {
    what: f"""
SELECT s.id, s.details FROM {what} s WHERE s.id > :after AND EXISTS (
    SELECT FROM programmes p WHERE p.{column} = s.id AND NOT p.expired AND NOT p.withdrawn) ORDER BY s.id LIMIT :most
"""  # noqa: S608 - only our own names go in
    for what, column in (("requirements", "requirement_id"), ("schedules", "schedule_id"))
}


def _asked(question: Question) -> str:
    return f"""
WITH broken ("row") AS MATERIALIZED (SELECT * FROM ({question.broken}) AS found LIMIT {MOST_COUNTED})
SELECT ({question.looked}) AS looked, (SELECT count(*) FROM broken) AS broken,
       ARRAY(SELECT "row" FROM broken ORDER BY "row" LIMIT {MOST_ROWS}) AS named
"""  # noqa: S608 - only our own questions go in


def _place(after: str) -> UUID:
    return UUID(after) if after else _FIRST


def _breach(invariant: str, row: str, at: datetime) -> Mapping[str, Any]:
    return {"invariant": invariant, "row": row, "first_seen": at, "last_seen": at, "gone_at": None}


def _run(row: Row[Any]) -> Run:
    looked = {name: msgspec.convert(one, Looked) for name, one in row.looked.items()}
    return Run(InvariantRunId(row.id), row.started_at, row.finished_at, looked)
