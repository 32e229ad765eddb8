"""What is going on in the database, in figures, for those who watch.

Every question is bounded: it walks an index over what is open, counts no further than a limit, or takes what the
server estimates. None may cost more because the tables have grown.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ...domain.operations.invariants import Looked
from ...ports.jobs import Priority
from .reading import Reading

MOST_COUNTED = 100_000
"""Rows are counted up to here; of larger tables the server's own estimate is taken."""

JOBS = f"""
SELECT name, priority, state, count(*) AS number, coalesce(extract(epoch FROM now() - min(since)), 0) AS age FROM (
    (SELECT reaction AS name, priority, CASE WHEN status = 'leased' THEN 'leased' WHEN due_at <= now() THEN 'waiting'
            ELSE 'later' END AS state, due_at AS since
     FROM jobs WHERE status IN ('waiting', 'leased') LIMIT {MOST_COUNTED})
    UNION ALL
    (SELECT reaction, priority, 'parked', ended_at FROM jobs WHERE status = 'parked' LIMIT {MOST_COUNTED})
) AS open_jobs GROUP BY name, priority, state
"""  # noqa: S608 - only our own figure goes in

OUTBOX = f"""
SELECT count(*) AS number, coalesce(extract(epoch FROM now() - min(at)), 0) AS age
FROM (SELECT at FROM outbox WHERE passed_on_at IS NULL ORDER BY position LIMIT {MOST_COUNTED}) AS waiting
"""  # noqa: S608

INVARIANTS = """
SELECT extract(epoch FROM finished_at) AS finished, looked::text FROM invariant_runs ORDER BY finished_at DESC LIMIT 1
"""

_COUNTED = {"students": "students", "plans": "plans", "documents": "documents", "programmes": "programmes"}
COUNTS = " UNION ALL ".join(
    f"""(SELECT '{word}' AS what, CASE WHEN c.reltuples > {MOST_COUNTED} THEN c.reltuples::bigint
    ELSE (SELECT count(*) FROM (SELECT FROM {table} LIMIT {MOST_COUNTED}) AS some_rows) END AS number
    FROM pg_class c WHERE c.oid = '{table}'::regclass)"""  # noqa: S608
    for word, table in _COUNTED.items()
)
STATES = f"""
WITH size AS (SELECT reltuples FROM pg_class WHERE oid = 'applications'::regclass)
SELECT state, count(*)::bigint AS number FROM (SELECT state FROM applications LIMIT {MOST_COUNTED}) AS some_rows
WHERE (SELECT reltuples FROM size) <= {MOST_COUNTED} GROUP BY state
UNION ALL SELECT state, (share * (SELECT reltuples FROM size))::bigint FROM pg_stats,
    unnest(most_common_vals::text::text[], most_common_freqs) AS common (state, share)
WHERE schemaname = current_schema() AND tablename = 'applications' AND attname = 'state'
  AND (SELECT reltuples FROM size) > {MOST_COUNTED}
"""  # noqa: S608
ERASURES = f"""
SELECT state, count(*) AS number FROM (
    SELECT state FROM erasures WHERE state IN ('waiting', 'erasing') LIMIT {MOST_COUNTED}) AS unfinished GROUP BY state
"""  # noqa: S608
PAYMENTS = f"""
SELECT (SELECT count(*) FROM (SELECT FROM payment_differences WHERE gone_at IS NULL LIMIT {MOST_COUNTED}) AS d)
           AS differences,
       (SELECT count(*) FROM (SELECT FROM refunds WHERE state IN ('asked', 'approved', 'sent', 'failed')
                              LIMIT {MOST_COUNTED}) AS r) AS refunds_running,
       (SELECT count(*) FROM (SELECT FROM refunds WHERE state IN ('asked', 'approved', 'sent', 'failed')
                              AND expected_by < current_date LIMIT {MOST_COUNTED}) AS l) AS refunds_late,
       (SELECT count(*) FROM (SELECT FROM payment_notices WHERE settled_at IS NULL AND
                              heard_at < now() - interval '15 minutes' LIMIT {MOST_COUNTED}) AS n) AS notices_unknown
"""  # noqa: S608
EXPORTS = f"""
SELECT count(*) AS number FROM (SELECT FROM exports WHERE state = 'ready' LIMIT {MOST_COUNTED}) AS ready
"""  # noqa: S608

JobKey = tuple[str, str, str]
"""A job's name, its priority and its state."""


async def open_jobs(reading: Reading) -> tuple[Mapping[JobKey, float], Mapping[JobKey, float]]:
    """Return how many jobs of each kind are open, and for how many seconds the oldest of each was due, or set aside.

    ``later`` are those that are not due yet.
    """
    rows = await reading.fetch(JOBS)
    keys = [(row["name"], Priority(row["priority"]).name.lower(), row["state"]) for row in rows]
    numbers = {key: float(row["number"]) for key, row in zip(keys, rows, strict=True)}
    ages = {key: max(0.0, float(row["age"])) for key, row in zip(keys, rows, strict=True) if key[2] != "later"}
    return numbers, ages


async def outbox(reading: Reading) -> tuple[float, float]:
    """Return how many events are still to be passed on, and for how many seconds the oldest has waited."""
    [row] = await reading.fetch(OUTBOX)
    return float(row["number"]), max(0.0, float(row["age"]))


async def last_look(reading: Reading) -> tuple[float, Mapping[str, Looked]] | None:
    """Return when what must hold was last looked at, in seconds since 1970, and what was found by sentence."""
    rows = await reading.fetch(INVARIANTS)
    if not rows:
        return None
    return float(rows[0]["finished"]), msgspec.json.decode(rows[0]["looked"], type=dict[str, Looked])


async def counts(reading: Reading) -> Mapping[str, float]:
    """Return about how many students, plans, papers and programmes there are."""
    return {row["what"]: float(row["number"]) for row in await reading.fetch(COUNTS)}


async def applications_by_state(reading: Reading) -> Mapping[str, float]:
    """Return about how many applications are in each state."""
    return {row["state"]: float(row["number"]) for row in await reading.fetch(STATES)}


async def unfinished_erasures(reading: Reading) -> Mapping[str, float]:
    """Return how many erasures wait or are under way."""
    found = {row["state"]: float(row["number"]) for row in await reading.fetch(ERASURES)}
    return {state: found.get(state, 0.0) for state in ("waiting", "erasing")}


async def payments(reading: Reading) -> Mapping[str, float]:
    """Return how many differences there are to the provider's books, how many refunds run and are late, and how many
    notices nobody has followed up in a quarter of an hour."""
    [row] = await reading.fetch(PAYMENTS)
    return {name: float(row[name]) for name in ("differences", "refunds_running", "refunds_late", "notices_unknown")}


async def ready_exports(reading: Reading) -> float:
    """Return how many exports lie ready."""
    return float((await reading.fetch(EXPORTS))[0]["number"])
