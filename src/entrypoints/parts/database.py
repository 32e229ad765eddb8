"""The database of a process: as its settings name it, else one of our own that is kept alive."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from ...adapters.embedded_postgres.errors import CannotStart
from ...adapters.embedded_postgres.server import EmbeddedPostgres
from ...adapters.postgres.engine import create_engine, naming
from ...adapters.postgres.listener import PostgresListener
from ...adapters.postgres.reading import Reading
from ...adapters.postgres.revisions import is_current, is_enough, known, revision_of
from ...adapters.postgres.standings import PostgresStandings
from ...domain.shared.errors import Reason
from ...ports.errors import Unavailable
from ..settings import Settings
from .checks import Check

if TYPE_CHECKING:
    from ...adapters.postgres.migrate import Moved

log = logging.getLogger(__name__)

_LOOK_EVERY = 1.0  # seconds

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

    async def make_current(self) -> None:
        """Bring the tables up to date, where they are not; several processes at once are fine.

        Raises Unavailable naming the setting.
        """
        with _naming(self.settings, "database_url"):
            is_there = await is_current(self.engine)
        if not is_there:
            await self.migrate()

    async def migrate(self) -> Moved:
        """Bring the tables up to date in any case, rights included; raise Unavailable naming the setting."""
        from ...adapters.postgres.migrate import upgrade  # noqa: PLC0415 - Alembic's weight is for those who migrate

        with _naming(self.settings, "migration_database_url"):
            moved = await upgrade(self.owner_url)
        with _naming(self.settings, "database_url"):
            await is_current(self.engine)
        return moved

    async def demand_current(self) -> None:
        """Raise Unavailable, with what to do, for tables that are older than this code; Unavailable naming the
        setting where the database cannot be had."""
        with _naming(self.settings, "database_url"):
            stands = await revision_of(self.engine)
        if not is_enough(stands):
            params = {"stands": stands or "none", "needed": known()[-1]}
            raise Unavailable(Reason("database.older_schema", params, "DATABASE_URL"))

    @property
    def connections(self) -> Mapping[str, float]:
        """How many connections of the pool are in use, and how many lie idle."""
        pool = self.engine.pool
        if not isinstance(pool, QueuePool):
            return {}
        return {"in_use": pool.checkedout(), "idle": pool.checkedin()}

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
async def open_database(settings: Settings, tell: Tell) -> AsyncIterator[Database]:
    """Give the database of DATABASE_URL, else a PostgreSQL of our own below the home; raise CannotStart when that
    does not start."""
    async with AsyncExitStack() as stack:
        if settings.database_url is not None:
            url, owner_url = settings.database_url, settings.migration_database_url or settings.database_url
        else:
            tell("starting PostgreSQL")
            server = EmbeddedPostgres(settings.home_folder / "postgres")
            endpoint = await stack.enter_async_context(server)
            await stack.enter_async_context(_kept_alive(server))
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
        stack.callback(reading.end)
        yield Database(settings, owner_url, url, engine, reading, PostgresStandings(reading))


@asynccontextmanager
async def _kept_alive(server: EmbeddedPostgres) -> AsyncIterator[None]:
    """Bring the server back whenever it ends during the block; where it does not come, end the block by CannotStart."""
    whose, failed = asyncio.current_task(), list[CannotStart]()

    async def watch() -> None:
        try:
            while True:
                await asyncio.sleep(_LOOK_EVERY)
                if await asyncio.to_thread(server.revive):
                    log.warning("PostgreSQL had ended, and was started again")
        except CannotStart as error:
            failed.append(error)
            if whose is not None:
                whose.cancel()

    watching = asyncio.create_task(watch(), name="PostgreSQL is kept alive")
    try:
        yield
    except asyncio.CancelledError:
        if failed and whose is not None:
            whose.uncancel()
            raise failed[0] from None
        raise
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


@asynccontextmanager
async def standings_kept_fresh(database: Database) -> AsyncIterator[None]:
    """Let copies of standings be dropped as accounts change, while the block runs."""
    listening = asyncio.create_task(database.standings.listen(PostgresListener(database.url)), name="standings")
    try:
        yield
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


def _naming(settings: Settings, setting: str) -> AbstractContextManager[None]:
    """Let a database that was set and cannot be used be named; the one of our own has words of its own."""
    if settings.database_url is None:
        return nullcontext()
    name, url = "DATABASE_URL", settings.database_url
    if setting == "migration_database_url" and settings.migration_database_url is not None:
        name, url = "MIGRATION_DATABASE_URL", settings.migration_database_url
    return naming(url, name)
