"""The figures of the database are right, and none costs more because the tables have grown."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

import servers
from higherstudy.adapters.postgres import figures
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.reading import Reading
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.operations.invariants import Looked, Run
from higherstudy.domain.shared.ids import InvariantRunId, JobId
from higherstudy.ports.contracts.samples import AT, an_application
from higherstudy.ports.jobs import Job, Priority

MANY = 300_000


@pytest.fixture
async def transactions(database_url: str) -> AsyncIterator[PostgresTransactions]:
    engine = create_engine(database_url)
    yield PostgresTransactions(engine, SystemIds())
    await engine.dispose()


@pytest.fixture
async def reading(database_url: str) -> AsyncIterator[Reading]:
    reading = Reading(database_url)
    yield reading
    await reading.close()


async def test_what_is_open_is_told_by_name_priority_and_state(
    transactions: PostgresTransactions, reading: Reading
) -> None:
    ids = [JobId(uuid4()) for _ in range(4)]
    async with transactions() as work:
        due = work.now - timedelta(seconds=90)
        for number, job_id in enumerate(ids):
            later = work.now + timedelta(hours=1) if number == 3 else due
            await work.jobs.add(Job(job_id, "scan", later, priority=Priority.HIGH))
        [held] = await work.jobs.lease_many(ids[1:2], timedelta(minutes=1))
        [failed] = await work.jobs.lease_many(ids[2:3], timedelta(minutes=1))
        await work.jobs.park(failed, "the store did not answer")
    assert held.id == ids[1]

    numbers, ages = await figures.open_jobs(reading)

    assert numbers == {("scan", "high", state): 1 for state in ("waiting", "leased", "parked", "later")}
    assert ages.keys() == {("scan", "high", state) for state in ("waiting", "leased", "parked")}
    assert 90 <= ages["scan", "high", "waiting"] < 600
    assert ages["scan", "high", "parked"] < 90


async def test_the_rest_is_told_and_nothing_is_told_where_nobody_has_looked(
    transactions: PostgresTransactions, reading: Reading
) -> None:
    before = await figures.last_look(reading)
    looked = {"one": Looked(5, 2), "two": Looked(failure="Unavailable")}
    async with transactions() as work:
        await work.applications.add(an_application())
        await work.invariants.keep(Run(InvariantRunId(uuid4()), AT, AT, looked))

    assert before is None
    assert await figures.last_look(reading) == (AT.timestamp(), looked)
    assert await figures.applications_by_state(reading) == {"draft": 1}
    assert (await figures.counts(reading))["students"] == 0
    assert await figures.unfinished_erasures(reading) == {"waiting": 0, "erasing": 0}
    assert await figures.ready_exports(reading) == 0
    assert await figures.outbox(reading) == (0, 0)


async def test_large_tables_are_estimated_and_none_of_them_is_read_to_its_end(
    reading: Reading, database: servers.Database, postgres: servers.Cluster
) -> None:
    start, _, rest = postgres.admin_url.partition("?")
    admin = await asyncpg.connect(start.rpartition("/")[0] + f"/{database.name}" + (f"?{rest}" if rest else ""))
    await admin.execute("SET session_replication_role = replica")
    await admin.execute(
        "INSERT INTO applications (id, student_id, programme_id, term, starts_on, started_at, state, version) "
        "SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '', now(), now(), "
        f"CASE WHEN n % 10 = 0 THEN 'submitted' ELSE 'draft' END, 1 FROM generate_series(1, {MANY}) AS n"
    )
    await admin.execute(
        "INSERT INTO outbox (id, at, tag, aggregate, aggregate_id, aggregate_version, request_id, data, passed_on_at) "
        f"SELECT gen_random_uuid(), now(), '', '', gen_random_uuid(), 1, '', '{{}}', now() "
        f"FROM generate_series(1, {MANY})"
    )
    await admin.execute(
        "INSERT INTO jobs (id, reaction, status, due_at, attempts, token, error) "
        f"SELECT gen_random_uuid(), 'scan', 'done', now(), 1, 1, '' FROM generate_series(1, {MANY})"
    )
    await admin.execute("VACUUM ANALYZE")

    states = await figures.applications_by_state(reading)
    asked = (figures.JOBS, figures.OUTBOX, figures.COUNTS, figures.ERASURES, figures.EXPORTS, figures.INVARIANTS)
    plans = [json.loads(await admin.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {one}"))[0]["Plan"] for one in asked]
    states_plan = json.loads(await admin.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {figures.STATES}"))[0]["Plan"]
    await admin.close()

    assert abs(states["draft"] - 0.9 * MANY) < 0.03 * MANY
    assert abs(states["submitted"] - 0.1 * MANY) < 0.03 * MANY
    assert max(map(_rows_read, [*plans, states_plan])) < figures.MOST_COUNTED / 10


def _rows_read(node: dict[str, Any]) -> float:
    """Return the most rows that one part of the plan took up, those that it threw away included."""
    own: float = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return max([own, *map(_rows_read, node.get("Plans", ()))])
