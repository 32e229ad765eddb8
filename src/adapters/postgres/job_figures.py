"""How much work waits, for those who watch."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from .engine import translated

_FIGURES = text("""
SELECT count(*) FILTER (WHERE is_due) AS waiting,
       count(*) FILTER (WHERE status = 'leased') AS leased,
       coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE is_due)), 0) AS age,
       (SELECT count(*) FROM jobs WHERE status = 'parked') AS parked
FROM (SELECT status, due_at, status = 'waiting' AND due_at <= now() AS is_due
      FROM jobs WHERE status IN ('waiting', 'leased')) AS open
""")


@dataclass(frozen=True, slots=True)
class JobFigures:
    """How many jobs are due, how many somebody has, how many were set aside, and since when the oldest is due."""

    waiting: int
    leased: int
    parked: int
    oldest_waiting_seconds: float


async def job_figures(engine: AsyncEngine) -> JobFigures:
    """Return the figures of this moment, by the database's clock; raise Unavailable when it does not answer."""
    with translated():
        async with engine.connect() as connection:
            row = (await connection.execute(_FIGURES)).one()
    return JobFigures(row.waiting, row.leased, row.parked, max(0.0, float(row.age)))
