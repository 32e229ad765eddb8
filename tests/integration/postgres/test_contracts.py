"""The PostgreSQL adapters do what every adapter must."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.ports.contracts.answers import AnswersContract
from higherstudy.ports.contracts.jobs import JobsContract
from higherstudy.ports.contracts.outbox import OutboxContract
from higherstudy.ports.transactions import Transactions


@pytest.fixture
async def engine(database_url: str, owner_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine with the application's rights, on a database in which nothing waits."""
    owner = create_engine(owner_url)
    async with owner.begin() as connection:
        await connection.execute(text("TRUNCATE jobs, outbox"))
    await owner.dispose()
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


class _OnPostgres:
    @pytest.fixture
    def transactions(self, engine: AsyncEngine) -> Transactions:
        return PostgresTransactions(engine, SystemIds())


class TestPostgresJobs(_OnPostgres, JobsContract):
    pass


class TestPostgresOutbox(_OnPostgres, OutboxContract):
    pass


class TestPostgresAnswers(_OnPostgres, AnswersContract):
    pass
