"""The database of a process: as its settings name it, else one of our own that is kept alive."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
    suppress,
)
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...adapters.embedded_postgres.errors import CannotStart
from ...adapters.postgres.listener import PostgresListener
from ...adapters.postgres.naming import naming
from ...adapters.postgres.reading import Reading
from ...adapters.postgres.revisions import is_current, is_enough, known, revision_of
from ...adapters.postgres.standings import PostgresStandings
from ...adapters.system.ids import SystemIds
from ...domain.shared.errors import Reason
from ...domain.shared.events import Origin
from ...ports.errors import Unavailable
from ...ports.transactions import Transactions, UnitOfWork
from ..settings import Settings
from ..starting import asleep
from .checks import Check
from .later import Later

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from ...adapters.embedded_postgres.server import EmbeddedPostgres
    from ...adapters.postgres.migrate import Moved
    from ...adapters.postgres.transactions import PostgresTransactions

log = logging.getLogger(__name__)

if find_spec("sqlalchemy") is None:  # it is loaded later, and must be missed at once
    raise ModuleNotFoundError("SQLAlchemy is not installed", name="sqlalchemy")

_LOOK_EVERY = 1.0  # seconds
_STILL_AT_MOST = timedelta(seconds=10)
"""What a frozen relay or worker holds is free after this, so that others go on well within 30 seconds."""

Tell = Callable[[str], None]
"""Hears in a few words what is being done."""


@dataclass(frozen=True)
class Units:
    """What opens units of work, and the connections under it."""

    engine: AsyncEngine
    transactions: PostgresTransactions
    brief: PostgresTransactions

    @property
    def waiting(self) -> int:
        """How many units wait for a connection."""
        return self.transactions.waiting + self.brief.waiting


@dataclass(frozen=True)
class UnitsLater:
    """Opens units of work, the first ones as soon as there is what opens them."""

    units: Later[Units]
    which: Callable[[Units], Transactions]

    def __call__(self, origin: Origin = Origin()) -> AbstractAsyncContextManager[UnitOfWork]:  # noqa: B008 - frozen
        """Return a unit of that origin."""
        units = self.units.made
        return self._first(origin) if units is None else self.which(units)(origin)

    @asynccontextmanager
    async def _first(self, origin: Origin) -> AsyncIterator[UnitOfWork]:
        units = await self.units.get()
        async with self.which(units)(origin) as work:
            yield work


@dataclass(frozen=True)
class Database:
    """The database: as the owner of its tables, as the application, and the application's connections.

    What only reads has connections of its own. What opens units of work is made when it is first wanted: SQLAlchemy
    takes long to load, and much can be answered meanwhile.
    """

    settings: Settings
    owner_url: str
    url: str
    reading: Reading
    standings: PostgresStandings
    units: Later[Units]

    @property
    def transactions(self) -> Transactions:
        """Opens units of work."""
        return UnitsLater(self.units, attrgetter("transactions"))

    @property
    def brief(self) -> Transactions:
        """Opens units of what hands out and keeps jobs, which stand in the way of other processes while they last."""
        return UnitsLater(self.units, attrgetter("brief"))

    async def make_current(self) -> None:
        """Bring the tables up to date, where they are not; several processes at once are fine.

        Raises Unavailable naming the setting.
        """
        with _naming(self.settings, "database_url"):
            is_there = await is_current(self.reading)
        if not is_there:
            await self.migrate()

    async def migrate(self) -> Moved:
        """Bring the tables up to date in any case, rights included; raise Unavailable naming the setting."""
        from ...adapters.postgres.migrate import upgrade  # noqa: PLC0415 - Alembic's weight is for those who migrate

        with _naming(self.settings, "migration_database_url"):
            moved = await upgrade(self.owner_url)
        with _naming(self.settings, "database_url"):
            await is_current(self.reading)
        return moved

    async def reachable(self) -> None:
        """Return once it has answered; raise Unavailable naming the setting where it cannot be had."""
        with _naming(self.settings, "database_url"):
            await self.reading.fetch("SELECT true")

    async def demand_current(self) -> None:
        """Raise Unavailable, with what to do, for tables that are older than this code; Unavailable naming the
        setting where the database cannot be had."""
        with _naming(self.settings, "database_url"):
            stands = await revision_of(self.reading)
        if not is_enough(stands):
            params = {"stands": stands or "none", "needed": known()[-1]}
            raise Unavailable(Reason("database.older_schema", params, "DATABASE_URL"))

    @property
    def connections(self) -> Mapping[str, float]:
        """How many connections of the pool are in use, how many lie idle, how many units wait for one."""
        if self.units.made is None:
            return {}
        pool: Any = self.units.made.engine.pool
        return {"in_use": pool.checkedout(), "idle": pool.checkedin(), "waiting": self.units.made.waiting}

    @property
    def checks(self) -> Mapping[str, Check]:
        """A look at the server, and one at its tables."""

        async def answers() -> bool:
            return bool((await self.reading.fetch("SELECT true"))[0][0])

        async def current() -> bool:
            return await is_current(self.reading)

        return {"database": Check(answers), "schema": Check(current)}


def has_database(settings: Settings) -> bool:
    """Whether there is a database already, which is not made by being opened."""
    return settings.database_url is not None or _folder(settings).is_dir()


def _folder(settings: Settings) -> Path:
    return settings.home_folder / "postgres"


@asynccontextmanager
async def open_database(settings: Settings, tell: Tell) -> AsyncIterator[Database]:
    """Give the database of DATABASE_URL, else a PostgreSQL of our own below the home; raise CannotStart when that
    does not start."""
    async with AsyncExitStack() as stack:
        if settings.database_url is not None:
            url, owner_url = settings.database_url, settings.migration_database_url or settings.database_url
        else:
            from ...adapters.embedded_postgres.server import EmbeddedPostgres  # noqa: PLC0415 - only without a given one

            tell("starting PostgreSQL")
            server = EmbeddedPostgres(_folder(settings))
            endpoint = await stack.enter_async_context(server)
            await stack.enter_async_context(_kept_alive(server))
            url, owner_url = endpoint.app_url, endpoint.owner_url
        reading = Reading(
            url,
            size=max(2, settings.database_connections // 2),
            wait=timedelta(seconds=settings.pool_wait),
            statement_timeout=timedelta(seconds=settings.statement_timeout),
        )
        stack.callback(reading.end)
        units = Later(lambda: _units(settings, url))
        stack.push_async_callback(_dispose, units)
        yield Database(settings, owner_url, url, reading, PostgresStandings(reading), units)


def _units(settings: Settings, url: str) -> Units:
    asleep("sqlalchemy.ext.asyncio")
    from ...adapters.postgres.engine import create_engine  # noqa: PLC0415 - their weight is what is put off
    from ...adapters.postgres.transactions import PostgresTransactions  # noqa: PLC0415

    engine = create_engine(
        url,
        pool_size=settings.database_connections,
        overflow=settings.database_extra_connections,
        pool_wait=timedelta(seconds=settings.pool_wait),
        statement_timeout=timedelta(seconds=settings.statement_timeout),
        lock_timeout=timedelta(seconds=settings.lock_timeout),
    )
    still_at_most = min(_STILL_AT_MOST, timedelta(seconds=settings.statement_timeout))
    return Units(
        engine,
        PostgresTransactions(engine, SystemIds()),
        PostgresTransactions(engine, SystemIds(), still_at_most=still_at_most),
    )


async def _dispose(units: Later[Units]) -> None:
    if units.is_wanted:
        with suppress(Exception):  # whoever wanted them has heard why they could not be made
            await units.get()
    if units.made is not None:
        await units.made.engine.dispose()


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
