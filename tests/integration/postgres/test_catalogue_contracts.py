"""The catalogue and its imports in PostgreSQL do what every adapter must."""

from collections.abc import AsyncIterator

import pytest

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.ports.contracts.catalogue import CatalogueContract
from higherstudy.ports.contracts.imports import ImportsContract
from higherstudy.ports.transactions import Transactions


class _OnPostgres:
    @pytest.fixture
    async def transactions(self, database_url: str) -> AsyncIterator[Transactions]:
        engine = create_engine(database_url)
        yield PostgresTransactions(engine, SystemIds())
        await engine.dispose()


class TestPostgresCatalogue(_OnPostgres, CatalogueContract):
    pass


class TestPostgresImports(_OnPostgres, ImportsContract):
    pass
