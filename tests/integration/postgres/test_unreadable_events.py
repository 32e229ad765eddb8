"""An event that nobody can read holds up neither the others nor their jobs."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.identity.events import AccountRegistered
from higherstudy.domain.shared.ids import AccountId, EventId, JobId
from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.relay import Relay
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.ports.jobs import Job, JobStatus, Priority


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[AsyncEngine]:
    """The owner of the tables, who may spoil a row."""
    engine = create_engine(owner_url)
    async with engine.begin() as connection:
        await connection.execute(text("TRUNCATE jobs, outbox"))
    yield engine
    await engine.dispose()


@pytest.fixture
async def transactions(database_url: str, owner: AsyncEngine) -> AsyncIterator[PostgresTransactions]:
    engine = create_engine(database_url)
    yield PostgresTransactions(engine, SystemIds())
    await engine.dispose()


async def record(transactions: PostgresTransactions) -> AccountId:
    account_id = AccountId(uuid4())
    async with transactions() as work:
        work.record(AccountRegistered(account_id), 1)
    return account_id


async def spoil(owner: AsyncEngine, account_id: AccountId) -> None:
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE outbox SET data = '{}' WHERE aggregate_id = :id"), {"id": account_id})


async def test_events_behind_an_unreadable_one_are_taken_and_it_is_not_looked_at_again(
    transactions: PostgresTransactions, owner: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        await spoil(owner, await record(transactions))
    good = await record(transactions)

    async with transactions() as work:
        taken = await work.outbox.take(2)
        await work.outbox.passed_on([envelope.id for envelope in taken])
    async with transactions() as work:
        again = await work.outbox.take(2)

    assert [envelope.event for envelope in taken] == [AccountRegistered(good)]
    assert list(again) == []
    assert len([line for line in caplog.messages if "cannot be read and is set aside" in line]) == 3


async def test_what_was_set_aside_is_taken_once_it_is_mended(
    transactions: PostgresTransactions, owner: AsyncEngine
) -> None:
    account_id = await record(transactions)
    await spoil(owner, account_id)
    relay = Relay(transactions, SystemIds(), {})
    spoilt = await relay.pass_on()

    async with owner.begin() as connection:
        await connection.execute(
            text(
                "UPDATE outbox SET passed_on_at = NULL, data = jsonb_build_object('account_id', aggregate_id)"
                " WHERE passed_on_at = '-infinity'"
            )
        )
    mended = await relay.pass_on()

    assert (spoilt, mended) == (0, 1)


async def test_a_job_whose_event_cannot_be_read_is_set_aside_with_the_reason(
    transactions: PostgresTransactions, owner: AsyncEngine
) -> None:
    account_id = await record(transactions)
    async with transactions() as work:
        [envelope] = await work.outbox.take(1)
        job = Job.following(JobId(uuid4()), "greet", envelope, work.now)
        await work.jobs.add(job)
        await work.outbox.passed_on([EventId(envelope.id)])
    await spoil(owner, account_id)

    await Worker(transactions, Duties()).carry_out(job.id)
    async with transactions() as work:
        offered = await work.jobs.offer(dict.fromkeys(Priority, 10), again_after=timedelta())
        parked = await work.jobs.parked(10)

    assert (list(offered), list(parked)) == ([], [])
    async with owner.connect() as connection:
        row = (await connection.execute(text("SELECT status, error FROM jobs"))).one()
    assert row.status == JobStatus.PARKED
    assert row.error == "its event cannot be read: ValidationError"
