"""How much work waits, for those who watch."""

from dataclasses import dataclass

from .reading import Reading

_FIGURES = """
SELECT count(*) FILTER (WHERE is_due) AS waiting,
       count(*) FILTER (WHERE status = 'leased') AS leased,
       coalesce(extract(epoch FROM now() - min(due_at) FILTER (WHERE is_due)), 0) AS age,
       (SELECT count(*) FROM jobs WHERE status = 'parked') AS parked
FROM (SELECT status, due_at, status = 'waiting' AND due_at <= now() AS is_due
      FROM jobs WHERE status IN ('waiting', 'leased')) AS open
"""


@dataclass(frozen=True, slots=True)
class JobFigures:
    """How many jobs are due, how many somebody has, how many were set aside, and since when the oldest is due."""

    waiting: int
    leased: int
    parked: int
    oldest_waiting_seconds: float


async def job_figures(reading: Reading) -> JobFigures:
    """Return the figures of this moment, by the database's clock; raise Unavailable when it does not answer."""
    waiting, leased, age, parked = (await reading.fetch(_FIGURES))[0]
    return JobFigures(waiting, leased, parked, max(0.0, float(age)))
