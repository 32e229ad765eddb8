"""Fixtures that every test may ask for."""

import gc
import itertools
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import read_routes
import structlog

import servers

# A Redis that is not ours has 16 databases as a rule; the first one is left alone.
_NUMBERS = itertools.cycle(range(1, 16))

OF_OTHERS = ("S3_", "AWS_", "OTEL_", "MAIL_", "SMTP_", "SENDGRID_", "TWILIO_", "WEBHOOK_")


def pytest_collection_finish() -> None:
    """Let the collector leave alone what every test needs, and look seldom: its looks took a third of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def settings_of_this_machine() -> None:
    """Keep what the caller has set for a server of their own away from the tests."""
    for name in ("DATABASE_URL", "MIGRATION_DATABASE_URL", "HIGHERSTUDY_HOME", "HOST", "PORT", "REDIS_URL", "CLAMD"):
        os.environ.pop(name, None)
    for name in [name for name in os.environ if name.startswith(OF_OTHERS)]:
        del os.environ[name]


@pytest.fixture(scope="session", autouse=True)
def routes_are_read_once() -> Iterator[None]:
    """Make an application in half the time."""
    with pytest.MonkeyPatch.context() as patch:
        read_routes.read_once(patch)
        yield


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Take back what a test, or a tool that it runs, says about logging: the tests after it would be deaf."""
    ours, root = logging.getLogger("higherstudy"), logging.getLogger()
    levels, handlers, configured = (ours.level, root.level), list(root.handlers), structlog.get_config()
    yield
    ours.setLevel(levels[0])
    root.setLevel(levels[1])
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
    for logger in list(logging.Logger.manager.loggerDict.values()):
        if isinstance(logger, logging.Logger):
            logger.disabled = False  # the import linter's own logging switches off all others
    structlog.configure(**configured)


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
    database = postgres.fresh(_word(request), migrated)
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


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """One running Redis for the whole run: its URL without a database number."""
    with servers.redis() as url:
        yield url


@pytest.fixture(scope="module")
def redis_url(redis_server: str) -> Iterator[str]:
    """The URL of a Redis database of this module's own, empty at first; its tests share it."""
    import redis

    url = f"{redis_server}/{next(_NUMBERS)}"
    with redis.Redis.from_url(url) as connection:
        connection.flushdb()
    yield url
    with redis.Redis.from_url(url) as connection:
        connection.flushdb()


@pytest.fixture(scope="session")
def s3_store() -> Iterator[servers.Store]:
    """One running store that speaks S3 for the whole run."""
    with servers.seaweedfs() as store:
        yield store


@pytest.fixture(scope="module")
def s3_bucket(request: pytest.FixtureRequest, s3_store: servers.Store) -> Iterator[servers.Bucket]:
    """A bucket of this module's own, empty at first; its tests share it."""
    bucket = s3_store.fresh(_word(request))
    yield bucket
    s3_store.drop(bucket)


@pytest.fixture(scope="session")
def clamd() -> Iterator[str]:
    """One running clamd for the whole run, as the setting CLAMD names it."""
    if not servers.clamav.is_installed() and "TEST_CLAMD" not in os.environ:
        pytest.skip("clamd is not installed (Debian: clamav-daemon), and TEST_CLAMD names none that runs")
    with servers.clamd() as place:
        yield place


def _word(request: pytest.FixtureRequest) -> str:
    """Return what the module is called, as far as a name may hold it."""
    return re.sub(r"\W", "_", Path(str(request.path)).stem)[:30]
