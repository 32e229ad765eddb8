"""The catalogue and its imports in PostgreSQL do what every adapter must."""

from collections.abc import AsyncIterator

import pytest

from higherstudy.adapters.numpy.snapshots import NumpySnapshots
from higherstudy.adapters.postgres.editions import PostgresEditions
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.matching_rows import PostgresEntries
from higherstudy.adapters.postgres.reading import Reading
from higherstudy.adapters.postgres.snapshots import PostgresSnapshots
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.imports.catalogue_import import Table
from higherstudy.domain.shared.errors import Invalid
from higherstudy.ports.contracts.catalogue import CatalogueContract
from higherstudy.ports.contracts.catalogue_rows import Keeper, a_programme, an_institution
from higherstudy.ports.contracts.editions import EditionsContract
from higherstudy.ports.contracts.imports import ImportsContract
from higherstudy.ports.contracts.snapshots import SnapshotsContract
from higherstudy.ports.editions import Editions
from higherstudy.ports.snapshots import Snapshots
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
    async def test_a_row_that_cannot_be_kept_is_refused(self, keeper: Keeper) -> None:
        await keeper.add(Table.INSTITUTIONS, an_institution(keeper.origin))

        for name in ("Bot\x00any", "Bot\ud800any"):
            with pytest.raises(Invalid) as refusal:
                await keeper.add(Table.PROGRAMMES, a_programme(keeper.origin, name))

            assert [reason.code for reason in refusal.value.reasons] == ["data.cannot_be_kept"]


class TestPostgresEditions(_OnPostgres, EditionsContract):
    @pytest.fixture
    async def editions(self, database_url: str) -> AsyncIterator[Editions]:
        reading = Reading(database_url)
        yield PostgresEditions(reading)
        await reading.close()


class TestPostgresSnapshots(_OnPostgres, SnapshotsContract):
    @pytest.fixture
    async def snapshots(self, database_url: str) -> AsyncIterator[Snapshots]:
        reading = Reading(database_url)
        yield PostgresSnapshots(reading, PostgresEditions(reading))
        await reading.close()


class TestNumpySnapshotsOfPostgres(_OnPostgres, SnapshotsContract):
    """Arrays that are made from the rows of the database."""

    @pytest.fixture
    async def snapshots(self, database_url: str) -> AsyncIterator[Snapshots]:
        reading = Reading(database_url)
        yield NumpySnapshots(PostgresEditions(reading), PostgresEntries(reading))
        await reading.close()
