"""The schema goes up and down, ends where the tables say, and gives the application no more than it needs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

import servers
from higherstudy.adapters.postgres import migrations
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.migrate import Moved, downgrade, upgrade
from higherstudy.adapters.postgres.reading import Reading
from higherstudy.adapters.postgres.revisions import is_current, known
from higherstudy.adapters.postgres.schema import metadata


@pytest.fixture
def empty(postgres: servers.Cluster) -> Iterator[servers.Database]:
    database = postgres.fresh("empty")
    yield database
    postgres.drop(database)


async def test_the_schema_goes_up_down_and_up_again(empty: servers.Database) -> None:
    await upgrade(empty.owner_url)
    await downgrade(empty.owner_url, "base")
    after_down = await _tables(empty.owner_url)
    await upgrade(empty.owner_url)
    after_up = await _tables(empty.owner_url)

    assert after_down == {"alembic_version"}
    assert after_up == {"alembic_version", *metadata.tables}


async def test_migrating_twice_changes_nothing(empty: servers.Database) -> None:
    await upgrade(empty.owner_url)
    await upgrade(empty.owner_url)

    assert await _tables(empty.owner_url) == {"alembic_version", *metadata.tables}


async def test_the_migrated_schema_is_what_the_tables_say(owner_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    engine = create_engine(owner_url)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()

    assert found == []


async def test_a_database_knows_whether_it_is_current(empty: servers.Database) -> None:
    reading = Reading(empty.owner_url)
    before = await is_current(reading)
    await upgrade(empty.owner_url)
    after = await is_current(reading)
    await reading.close()

    assert (before, after) == (False, True)


async def test_a_database_that_a_newer_release_has_migrated_is_used_and_left_as_it_is(
    empty: servers.Database,
) -> None:
    await upgrade(empty.owner_url)
    engine = create_engine(empty.owner_url)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    moved = await upgrade(empty.owner_url)
    reading = Reading(empty.owner_url)
    is_good = await is_current(reading)
    await reading.close()
    await engine.dispose()

    assert (moved, is_good) == (Moved("9999", "9999"), True)


def test_the_revisions_that_files_are_named_after_are_those_of_the_steps() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    steps = ScriptDirectory.from_config(config)

    assert [step.revision for step in reversed(list(steps.walk_revisions()))] == list(known())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE receipts SET number = 'another'",
        "DELETE FROM receipts",
        "UPDATE snapshots SET content = ''",
        "DELETE FROM snapshots",
        "UPDATE application_history SET note = ''",
        "DELETE FROM application_history",
        "UPDATE document_versions SET sha256 = ''",
        "DELETE FROM document_versions",
        "UPDATE outbox SET data = '{}'",
        "DELETE FROM outbox",
        "UPDATE answers SET fingerprint = ''",
        "CREATE TABLE mine (id int)",
        "DROP TABLE accounts",
        "UPDATE alembic_version SET version_num = ''",
    ],
)
async def test_the_application_may_not(database_url: str, statement: str) -> None:
    engine: AsyncEngine = create_engine(database_url)

    async with engine.connect() as connection:
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            await connection.execute(text(statement))
    await engine.dispose()


async def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda c: set(inspect(c).get_table_names()))
    await engine.dispose()
    return found
