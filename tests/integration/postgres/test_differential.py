"""Memory and PostgreSQL are given the same random work and come to the same results, refusals and rows."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from differential.catalogue_steps import A_CATALOGUE, CATALOGUE, NAMES, ORIGINS, by_id, get_import, problems, standing
from differential.records import (
    APPLICATIONS,
    PAPERS,
    PEOPLE,
    PLANS,
    SOME_APPLICATIONS,
    SOME_PAPERS,
    SOME_PEOPLE,
    SOME_PLANS,
    get_account,
    get_application,
    get_document,
    get_plan,
    get_student,
    snapshot,
)
from differential.steps import Memo, Refusal, Step, run
from differential.upload_steps import SOME_UPLOADS, UPLOADS, get_upload
from differential.work_steps import ANSWERS, JOBS, SOME_JOBS, get_job, parked, take
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.metadata import metadata
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.domain.imports.catalogue_import import Table
from higherstudy.domain.shared.errors import DomainError
from higherstudy.ports.transactions import Transactions

# A larger run: DIFFERENTIAL_EXAMPLES=2000 make test ARGS="tests/integration/postgres/test_differential.py".
# It draws anew each time, while the small one is the same in every run.
_MORE = int(os.environ.get("DIFFERENTIAL_EXAMPLES", "0"))
COMPARED = settings(
    max_examples=_MORE or 25,
    derandomize=not _MORE,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass(frozen=True)
class Unit:
    """Some steps in one unit of work, kept or discarded at its end; a refusal discards it in any case."""

    steps: Sequence[Step]
    kept: bool


class _Discarded(Exception):
    """Leaves a unit whose changes are not wanted."""


def programmes(
    *steps: st.SearchStrategy[Step], most: int = 6, at_first: Sequence[Step] = ()
) -> st.SearchStrategy[list[Unit]]:
    """Return random programmes of units over these steps, after a first one that keeps something to begin with."""
    unit = st.builds(Unit, st.lists(st.one_of(*steps), min_size=1, max_size=most), st.sampled_from((True, True, False)))
    return st.lists(unit, min_size=3, max_size=10).map(lambda units: [Unit(at_first, kept=True), *units])


LAST_LOOK: tuple[Step, ...] = (
    *(
        Step(look, (number,))
        for look in (
            get_account,
            get_student,
            get_document,
            get_upload,
            get_application,
            snapshot,
            get_plan,
            get_import,
        )
        for number in range(3)
    ),
    *(Step(get_job, (number,)) for number in range(6)),
    *(Step(problems, (number, 0, 100)) for number in range(3)),
    *(Step(standing, (o, t)) for o in ORIGINS for t in (Table.INSTITUTIONS, Table.CAMPUSES, Table.PROGRAMMES)),
    *(Step(by_id, (origin, number)) for origin in ORIGINS for number in range(len(NAMES))),
    Step(take, (100,)),
    Step(parked, (100, None)),
)


@pytest.fixture
async def engines(database_url: str, owner_url: str) -> AsyncIterator[tuple[AsyncEngine, AsyncEngine]]:
    """One engine with the application's rights, one that may empty the tables."""
    app, owner = create_engine(database_url), create_engine(owner_url)
    yield app, owner
    await app.dispose()
    await owner.dispose()


Engines = tuple[AsyncEngine, AsyncEngine]


@given(programmes(*PEOPLE, at_first=SOME_PEOPLE))
@COMPARED
async def test_accounts_and_students_are_kept_alike(engines: Engines, units: list[Unit]) -> None:
    await _compare(engines, units)


@given(programmes(*PAPERS, at_first=SOME_PAPERS))
@COMPARED
async def test_documents_are_kept_alike(engines: Engines, units: list[Unit]) -> None:
    await _compare(engines, units)


@given(programmes(*UPLOADS, at_first=SOME_UPLOADS))
@COMPARED
async def test_uploads_are_kept_alike(engines: Engines, units: list[Unit]) -> None:
    await _compare(engines, units)


@given(programmes(*APPLICATIONS, at_first=SOME_APPLICATIONS))
@COMPARED
async def test_applications_are_kept_alike(engines: Engines, units: list[Unit]) -> None:
    await _compare(engines, units)


@given(programmes(*PLANS, at_first=SOME_PLANS))
@COMPARED
async def test_plans_are_kept_alike(engines: Engines, units: list[Unit]) -> None:
    await _compare(engines, units)


@given(programmes(*JOBS, at_first=SOME_JOBS))
@settings(COMPARED, max_examples=_MORE or 60)
async def test_events_and_jobs_are_kept_alike(engines: Engines, units: list[Unit]) -> None:
    await _compare(engines, units)


@given(programmes(*ANSWERS, most=3))
@COMPARED
async def test_answers_are_kept_alike(engines: Engines, units: list[Unit]) -> None:
    await _compare(engines, units)


@given(programmes(*CATALOGUE, at_first=A_CATALOGUE))
@settings(COMPARED, max_examples=_MORE or 30)
async def test_imports_and_the_catalogue_are_kept_alike(engines: Engines, units: list[Unit]) -> None:
    await _compare(engines, units)


@given(
    programmes(
        *PEOPLE,
        *PAPERS,
        *UPLOADS,
        *APPLICATIONS,
        *PLANS,
        *JOBS,
        *ANSWERS,
        most=10,
        at_first=(*SOME_PEOPLE, *SOME_PAPERS, *SOME_UPLOADS, *SOME_APPLICATIONS, *SOME_PLANS, *SOME_JOBS),
    )
)
@COMPARED
async def test_everything_together_is_kept_alike(engines: Engines, units: list[Unit]) -> None:
    await _compare(engines, units)


async def _compare(engines: Engines, units: list[Unit]) -> None:
    app, owner = engines
    await _empty(owner)
    clock = MemoryClock(datetime.now(UTC))

    in_memory = await _played(MemoryTransactions(clock, MemoryIds(seed=1)), units, clock)
    in_postgres = await _played(PostgresTransactions(app, MemoryIds(seed=1)), units, None)

    for ours, theirs in zip(in_memory, in_postgres, strict=True):
        assert ours == theirs


async def _empty(owner: AsyncEngine) -> None:
    async with owner.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            await connection.execute(text(f"DELETE FROM {table.name}"))


async def _played(transactions: Transactions, units: list[Unit], clock: MemoryClock | None) -> list[Any]:
    """Return what each step came to, and at last what is kept, each thing looked at in a unit of its own."""
    memo = Memo()
    outcomes: list[Any] = []
    for unit in units:
        outcomes.append(await _unit(transactions, memo, unit))
        if clock is not None:
            clock.move(timedelta(milliseconds=1))
    return outcomes + await _last_look(transactions, memo)


async def _last_look(transactions: Transactions, memo: Memo) -> list[Any]:
    """Return all that is kept, read in one unit: looking at what is not there ends no transaction."""
    found: list[Any] = []
    async with transactions() as work:
        for one in LAST_LOOK:
            found.append([one, await run(work, memo, one)])  # noqa: PERF401 - an asynchronous one reads worse
    return found


async def _unit(transactions: Transactions, memo: Memo, unit: Unit) -> list[Any]:
    outcomes: list[Any] = []
    leased, seen = list(memo.leased), list(memo.seen)
    try:
        async with transactions() as work:
            for one in unit.steps:
                outcomes.append([one, await run(work, memo, one)])  # noqa: PERF401 - what came before a refusal counts
            if not unit.kept:
                raise _Discarded
    except _Discarded:
        memo.leased, memo.seen = leased, seen
    except DomainError as error:
        outcomes.append(Refusal.of(error))
        memo.leased, memo.seen = leased, seen
    return outcomes
