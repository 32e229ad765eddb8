"""One PostgreSQL a run, and copies of one migrated database."""

import asyncio
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from higherstudy.adapters.embedded_postgres.cluster import APP, OWNER
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres

T = TypeVar("T")

# Faster than a server may be whose data matters; no test reads these.
FOR_TESTS = {"max_connections": "200", "wal_level": "minimal", "max_wal_senders": "0", "shared_buffers": "64MB"}


@dataclass(frozen=True)
class Database:
    """One database and the two ways in: as the owner of the tables, and with the application's rights."""

    name: str
    owner_url: str
    app_url: str


@dataclass(frozen=True)
class Cluster:
    """A running server on which databases may be made; ``run`` marks the names of this run."""

    admin_url: str
    passwords: dict[str, str]
    run: str

    def database(self, name: str) -> Database:
        """Return how to reach the database of that name."""
        return Database(name, self._url(OWNER, name), self._url(APP, name))

    def fresh(self, word: str, template: Database | None = None) -> Database:
        """Make a database, empty or as a copy of ``template`` (to which nobody may be connected)."""
        name = f"test_{self.run}_{word}_{secrets.token_hex(3)}"[:63]
        copy = f' TEMPLATE "{template.name}"' if template else ""
        self._do(f'CREATE DATABASE "{name}" OWNER {OWNER}{copy}')
        # As the embedded server does: nobody has more than what is granted.
        self._do(f'REVOKE CONNECT, TEMPORARY ON DATABASE "{name}" FROM PUBLIC')
        self._do(f'GRANT CONNECT, TEMPORARY ON DATABASE "{name}" TO {APP}')
        return self.database(name)

    def drop(self, database: Database) -> None:
        """Drop the database, and whoever is still connected to it."""
        self._do(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')

    def _url(self, role: str, name: str) -> str:
        parts = urlsplit(self.admin_url)
        place = parts.netloc.rpartition("@")[2]
        return urlunsplit(("postgresql", f"{role}:{quote(self.passwords[role])}@{place}", f"/{name}", parts.query, ""))

    def _do(self, statement: str) -> None:
        wait_for(lambda: _execute(self.admin_url, statement))


@contextmanager
def postgres() -> Iterator[Cluster]:
    """Start the embedded server without fsync, or take the one that TEST_DATABASE_URL names.

    That URL must be of a role that may make roles and databases, on a server for tests only: the passwords of our two
    roles are set anew.
    """
    url = os.environ.get("TEST_DATABASE_URL")
    run = secrets.token_hex(3)
    if url:
        yield Cluster(url, wait_for(lambda: _make_roles(url)), run)
        return
    folder = Path(tempfile.mkdtemp(prefix="higherstudy-tests-"))
    try:
        with EmbeddedPostgres(folder / "postgres", durable=False, settings=FOR_TESTS) as endpoint:
            yield Cluster(endpoint.admin_url, endpoint.passwords, run)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def migrate(database: Database) -> None:
    """Bring the database to the newest schema."""
    from higherstudy.adapters.postgres.migrate import upgrade

    wait_for(lambda: upgrade(database.owner_url))


def wait_for(begin: Callable[[], Awaitable[T]]) -> T:
    """Run something asynchronous to its end from a place that is not."""

    async def whole() -> T:
        return await begin()

    return asyncio.run(whole())


async def _make_roles(url: str) -> dict[str, str]:
    passwords = {role: secrets.token_hex(16) for role in (OWNER, APP)}
    for role, password in passwords.items():
        await _execute(
            url,
            f"""DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role}; END IF;
                ALTER ROLE {role} LOGIN PASSWORD '{password}';
            END $$""",
        )
    await _execute(url, f"GRANT {OWNER} TO CURRENT_USER")
    return passwords


async def _execute(url: str, statement: str) -> None:
    async with _connection(url) as connection:
        await connection.execute(statement)


@asynccontextmanager
async def _connection(url: str) -> AsyncIterator["asyncpg.Connection"]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
