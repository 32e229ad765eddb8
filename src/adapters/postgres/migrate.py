"""Brings a database to a version of the schema, and gives the application's role what it needs and no more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from .engine import create_engine, translated
from .personal import erasing
from .revisions import is_newer
from .schema import metadata

APPLICATION_ROLE = "higherstudy_app"
_EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
_MIGRATIONS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = 0x68737564  # any number that nobody else uses for an advisory lock in this database


_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}')
       AND (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) THEN
        CREATE ROLE {APPLICATION_ROLE} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;  -- made meanwhile from another database
END $$
"""  # noqa: S608 - only our own constant goes in

_DEFINERS = """
SELECT oid::regprocedure::text FROM pg_proc
WHERE prosecdef AND pronamespace = current_schema()::regnamespace AND pg_get_userbyid(proowner) = current_user
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """At which revision a database was, None for an empty one, and at which it is."""

    before: str | None
    after: str | None


async def upgrade(url: str, to: str = "head") -> Moved:
    """Bring the database to that revision, as its owner, in one transaction; wait while another process does.

    One that a newer release has brought further is left as it is: every step leaves room for the release before.
    Raises Unavailable when the server does not answer or a table stays locked.
    """
    return await _migrate(url, lambda config: command.upgrade(config, to))


async def downgrade(url: str, to: str) -> None:
    """Take the database back to that revision (``base``: before the first); what the steps drop is lost."""
    await _migrate(url, lambda config: command.downgrade(config, to))


async def _migrate(url: str, go: Callable[[Config], None]) -> Moved:
    engine = create_engine(
        url, pool_size=1, overflow=0, statement_timeout=timedelta(minutes=10), name="higherstudy-migrations"
    )
    with translated():
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(_in_transaction, go)
        finally:
            await engine.dispose()


def _in_transaction(connection: Connection, go: Callable[[Config], None]) -> Moved:
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_AT_A_TIME})
    # A migration that waits for a table makes everybody behind it wait: rather give up and come back.
    connection.execute(text("SET LOCAL lock_timeout = '5s'"))
    before = _revision(connection)
    if is_newer(before):
        return Moved(before, before)
    config = _config()
    config.attributes["connection"] = connection
    go(config)
    _make_role(connection)
    for statement in _grants(connection):
        connection.execute(text(statement))
    for statement in _erasing(connection):
        connection.exec_driver_sql(statement)
    return Moved(before, _revision(connection))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["metadata"] = metadata
    return config


def _erasing(connection: Connection) -> Iterator[str]:
    """Yield what lets the role make a shell of a student's record, and reach those rows by nothing else."""
    known = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": APPLICATION_ROLE})
    yield from erasing(set(inspect(connection).get_table_names()), APPLICATION_ROLE if known else None)


def _make_role(connection: Connection) -> None:
    """Make the application's role, without a way to sign in, where it is missing and the owner may make roles."""
    connection.execute(text(_ROLE))


def _grants(connection: Connection) -> Iterator[str]:
    """Yield what sets the role's rights on every table that is there, as the tables' ``info`` says."""
    if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": APPLICATION_ROLE}):
        return
    there = set(inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in there:
            continue
        yield f"REVOKE ALL ON {table.name} FROM {APPLICATION_ROLE}"
        yield f"GRANT {table.info.get('rights', _EVERYTHING)} ON {table.name} TO {APPLICATION_ROLE}"
        if "changes" in table.info:
            yield f"GRANT UPDATE ({table.info['changes']}) ON {table.name} TO {APPLICATION_ROLE}"
    if "alembic_version" in there:
        yield f"GRANT SELECT ON alembic_version TO {APPLICATION_ROLE}"
    # Whoever may call one acts with the rights of the owner, and PostgreSQL lets everybody unless told otherwise.
    for definer in connection.scalars(text(_DEFINERS)).all():
        yield f"REVOKE ALL ON FUNCTION {definer} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {definer} TO {APPLICATION_ROLE}"
