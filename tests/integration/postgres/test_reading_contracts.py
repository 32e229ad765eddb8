"""What is read straight from rows of PostgreSQL says what is read through units of work."""

from collections.abc import AsyncIterator

import pytest

from higherstudy.adapters.postgres.application_list import PostgresApplicationList
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.reading import Reading
from higherstudy.adapters.postgres.standings import PostgresStandings
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.ports.contracts.reading import ApplicationListContract
from higherstudy.ports.contracts.standings import StandingsContract
from higherstudy.ports.reading import ApplicationList
from higherstudy.ports.standings import Standings
from higherstudy.ports.transactions import Transactions


@pytest.fixture
async def reading(database_url: str) -> AsyncIterator[Reading]:
    reading = Reading(database_url)
    yield reading
    await reading.close()


@pytest.fixture
async def transactions(database_url: str) -> AsyncIterator[Transactions]:
    engine = create_engine(database_url)
    yield PostgresTransactions(engine, SystemIds())
    await engine.dispose()


class TestPostgresApplicationList(ApplicationListContract):
    @pytest.fixture
    def transactions(self, transactions: Transactions) -> Transactions:
        return transactions

    @pytest.fixture
    def application_list(self, reading: Reading) -> ApplicationList:
        return PostgresApplicationList(reading)


class TestPostgresStandings(StandingsContract):
    @pytest.fixture
    def transactions(self, transactions: Transactions) -> Transactions:
        return transactions

    @pytest.fixture
    def standings(self, reading: Reading) -> Standings:
        return PostgresStandings(reading)
