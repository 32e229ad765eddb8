"""Fixtures that every test may ask for."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import servers


@pytest.fixture(scope="session", autouse=True)
def settings_of_this_machine() -> None:
    """Keep what the caller has set for a server of their own away from the tests."""
    for name in ("DATABASE_URL", "HIGHERSTUDY_HOME", "HOST", "PORT"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Cluster]:
    """One running PostgreSQL for the whole run."""
    with servers.postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def migrated(postgres: servers.Cluster) -> Iterator[servers.Database]:
    """A migrated database that is only ever copied."""
    database = postgres.fresh("template")
    servers.migrate(database)
    yield database
    postgres.drop(database)


@pytest.fixture(scope="module")
def database(
    request: pytest.FixtureRequest, postgres: servers.Cluster, migrated: servers.Database
) -> Iterator[servers.Database]:
    """A migrated database of this module's own, empty at first; its tests share it."""
    word = re.sub(r"\W", "_", Path(str(request.path)).stem)[:30]
    database = postgres.fresh(word, migrated)
    yield database
    postgres.drop(database)


@pytest.fixture(scope="module")
def database_url(database: servers.Database) -> str:
    """The URL of this module's database with the application's rights."""
    return database.app_url


@pytest.fixture(scope="module")
def owner_url(database: servers.Database) -> str:
    """The URL of this module's database as the owner of its tables."""
    return database.owner_url
