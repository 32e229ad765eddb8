"""The parts that processes are made of: each is chosen by the settings, opened, and closed at the end of its block."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ..adapters.embedded_postgres.server import EmbeddedPostgres
from ..adapters.folder.files import FolderFiles
from ..adapters.folder.mailbox import FolderMailbox
from ..adapters.folder.writing import new_file
from ..adapters.postgres.engine import create_engine, naming
from ..adapters.postgres.listener import PostgresListener
from ..adapters.postgres.migrate import is_current, upgrade
from ..adapters.postgres.reading import Reading
from ..adapters.postgres.standings import PostgresStandings
from ..adapters.tokens.jwt_tokens import JwtTokens
from ..adapters.tokens.keys import key_of, signing_key
from ..ports.clock import Clock
from ..ports.files import Files
from ..ports.incoming import Incoming
from ..ports.mailbox import Mailbox
from ..ports.tokens import Tokens
from .http.health import Check
from .settings import Settings

if TYPE_CHECKING:
    from .http.given import Links

Tell = Callable[[str], None]
"""Hears in a few words what is being done."""


@dataclass(frozen=True)
class Database:
    """The database: as the owner of its tables, as the application, and the application's connections."""

    settings: Settings
    owner_url: str
    url: str
    engine: AsyncEngine
    reading: Reading
    standings: PostgresStandings

    async def migrate(self) -> None:
        """Bring the tables up to date; several processes at once are fine. Raises Unavailable naming the setting."""
        with _naming(self.settings, "migration_database_url"):
            await upgrade(self.owner_url)
        with _naming(self.settings, "database_url"):
            await is_current(self.engine)

    @property
    def checks(self) -> Mapping[str, Check]:
        """A look at the server, and one at its tables."""

        async def answers() -> bool:
            async with self.engine.connect() as connection:
                return bool((await connection.execute(text("SELECT true"))).scalar_one())

        async def current() -> bool:
            return await is_current(self.engine)

        return {"database": Check(answers), "schema": Check(current)}


@asynccontextmanager
async def database(settings: Settings, tell: Tell) -> AsyncIterator[Database]:
    """Give the database of DATABASE_URL, else a PostgreSQL of our own below the home; raise CannotStart when that
    does not start."""
    async with AsyncExitStack() as stack:
        if settings.database_url is not None:
            url, owner_url = settings.database_url, settings.migration_database_url or settings.database_url
        else:
            tell("starting PostgreSQL")
            endpoint = await stack.enter_async_context(EmbeddedPostgres(settings.home_folder / "postgres"))
            url, owner_url = endpoint.app_url, endpoint.owner_url
        engine = create_engine(
            url,
            pool_size=settings.database_connections,
            overflow=settings.database_extra_connections,
            pool_wait=timedelta(seconds=settings.pool_wait),
            statement_timeout=timedelta(seconds=settings.statement_timeout),
            lock_timeout=timedelta(seconds=settings.lock_timeout),
        )
        stack.push_async_callback(engine.dispose)
        reading = Reading(
            url,
            size=max(2, settings.database_connections // 2),
            wait=timedelta(seconds=settings.pool_wait),
            statement_timeout=timedelta(seconds=settings.statement_timeout),
        )
        stack.push_async_callback(reading.close)
        yield Database(settings, owner_url, url, engine, reading, PostgresStandings(reading))


@asynccontextmanager
async def standings_kept_fresh(database: Database) -> AsyncIterator[None]:
    """Let copies of standings be dropped as accounts change, while the block runs."""
    listening = asyncio.create_task(database.standings.listen(PostgresListener(database.url)), name="standings")
    try:
        yield
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


@dataclass(frozen=True)
class Store:
    """Where files are: ``links`` opens the links that we serve ourselves, by ``incoming`` clients bring theirs."""

    files: Files
    links: Links
    folder: FolderFiles | None = None
    incoming: Incoming | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)

    async def prepare(self) -> str:
        """Make the store fit for use where that is missing, and return in a few words what was done."""
        return "the folder of files needs nothing"


@asynccontextmanager
async def store(settings: Settings) -> AsyncIterator[Store]:
    """Give the files of a folder below the home."""
    home = settings.home_folder

    async def writable() -> bool:
        return os.access(home, os.R_OK | os.W_OK | os.X_OK)

    files = FolderFiles(home / "files", link_key(settings))
    yield Store(files, files, folder=files, checks={"files": Check(writable)})


@dataclass(frozen=True)
class Nearby:
    """What may be lost at any time: copies that are looked up fast, counts of the limits."""

    checks: Mapping[str, Check] = field(default_factory=dict)


@asynccontextmanager
async def nearby(settings: Settings) -> AsyncIterator[Nearby]:
    """Give Redis where REDIS_URL names one, else the memory of this process."""
    yield Nearby()


@asynccontextmanager
async def mailbox(settings: Settings, clock: Clock) -> AsyncIterator[Mailbox]:
    """Give the folder below the home in which mail lies."""
    yield FolderMailbox(settings.home_folder / "outbox", clock, sender=settings.mail_from)


def tokens(settings: Settings, clock: Clock) -> Tokens:
    """Return what makes and reads access tokens, with the key of TOKEN_KEY, else one in the home."""
    given = settings.token_key_bytes
    key = signing_key(settings.home_folder / "keys" / "tokens.pem") if given is None else key_of(given)
    return JwtTokens(key, clock)


def link_key(settings: Settings) -> bytes:
    """Return the secret bytes that sign our own links, of LINK_KEY, else of a file in the home."""
    return settings.link_key_bytes or _key(settings.home_folder / "keys" / "links.key")


def _naming(settings: Settings, setting: str) -> AbstractContextManager[None]:
    """Let a database that was set and cannot be used be named; the one of our own has words of its own."""
    if settings.database_url is None:
        return nullcontext()
    name, url = "DATABASE_URL", settings.database_url
    if setting == "migration_database_url" and settings.migration_database_url is not None:
        name, url = "MIGRATION_DATABASE_URL", settings.migration_database_url
    return naming(url, name)


def _key(path: Path) -> bytes:
    """Return the 32 secret bytes in the file, made at random the first time."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with new_file(path.parent) as (file, new):
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):  # another server that starts at the same moment was first
                os.link(new, path)
    return path.read_bytes()
