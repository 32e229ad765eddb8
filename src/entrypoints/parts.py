"""The parts that processes are made of: each is chosen by the settings, opened, and closed at the end of its block."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from ..adapters.embedded_postgres.errors import CannotStart
from ..adapters.embedded_postgres.server import EmbeddedPostgres
from ..adapters.folder.files import FolderFiles
from ..adapters.folder.incoming import FolderIncoming
from ..adapters.folder.mailbox import FolderMailbox
from ..adapters.folder.writing import new_file
from ..adapters.memory.cache import MemoryCache
from ..adapters.memory.limits import MemoryLimits
from ..adapters.postgres.engine import create_engine, naming
from ..adapters.postgres.listener import PostgresListener
from ..adapters.postgres.processes import marked
from ..adapters.postgres.reading import Reading
from ..adapters.postgres.revisions import is_current, is_enough, known, revision_of
from ..adapters.postgres.standings import PostgresStandings
from ..adapters.tokens.jwt_tokens import JwtTokens
from ..adapters.tokens.keys import SigningKey, key_of, signing_key
from ..domain.shared.errors import Reason
from ..ports.cache import Cache
from ..ports.clock import Clock
from ..ports.errors import Unavailable
from ..ports.files import Files
from ..ports.incoming import Incoming
from ..ports.limits import Limits
from ..ports.mailbox import Mailbox
from ..ports.scanner import Scanner
from ..ports.tokens import Tokens
from .elsewhere import Elsewhere
from .http.health import Check
from .settings import Settings, WrongSettings

if TYPE_CHECKING:
    from ..adapters.postgres.migrate import Moved
    from .http.given import Links, Tickets

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
        from ..adapters.postgres.migrate import upgrade  # noqa: PLC0415 - Alembic's weight is for those who migrate

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
async def database(settings: Settings, tell: Tell) -> AsyncIterator[Database]:
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


@dataclass(frozen=True)
class Store:
    """Where files are, and where clients bring theirs; ``links`` and ``tickets`` open the addresses of our own."""

    files: Files
    incoming: Incoming
    links: Links
    tickets: Tickets
    folder: FolderFiles | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)

    fit: Callable[[], Awaitable[str]] | None = None

    async def prepare(self) -> str:
        """Make the store fit for use where that is missing, and return in a few words what was done."""
        return "the folder of files needs nothing" if self.fit is None else await self.fit()


@asynccontextmanager
async def store(settings: Settings) -> AsyncIterator[Store]:
    """Give the bucket that S3_BUCKET names, else the files of a folder below the home."""
    if settings.s3_bucket is not None:
        async with _bucket(settings, settings.s3_bucket) as opened:
            yield opened
        return
    home = settings.home_folder

    async def writable() -> bool:
        return os.access(home, os.R_OK | os.W_OK | os.X_OK)

    key = link_key(settings)
    files = FolderFiles(home / "files", key)
    incoming = FolderIncoming(files, home / "incoming", key)
    yield Store(files, incoming, files, incoming, folder=files, checks={"files": Check(writable)})


@asynccontextmanager
async def _bucket(settings: Settings, name: str) -> AsyncIterator[Store]:
    from ..adapters.s3 import connection, preparing  # noqa: PLC0415 - its weight is for those who set it
    from ..adapters.s3.files import S3Files  # noqa: PLC0415
    from ..adapters.s3.incoming import S3Incoming  # noqa: PLC0415

    async with connection.bucket(
        name,
        endpoint_url=settings.s3_endpoint_url,
        region=settings.s3_region,
        access_key_id=settings.s3_access_key_id,
        secret_access_key=settings.s3_secret_access_key,
    ) as bucket:

        async def fit() -> str:
            origins = settings.allowed_origins.split()
            missing = await preparing.prepare(bucket, region=settings.s3_region, origins=origins)
            left_out = f" (the store knows no {', no '.join(missing)})" if missing else ""
            return f"the bucket {name} is ready{left_out}"

        async def look() -> bool:
            return await preparing.check(bucket)

        checks = {"files": Check(look, needed=False)}
        yield Store(S3Files(bucket), S3Incoming(bucket), Elsewhere(), Elsewhere(), checks=checks, fit=fit)


@dataclass(frozen=True)
class Scanning:
    """Who looks into uploads, where somebody does."""

    scanner: Scanner | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)


def scanning(settings: Settings) -> Scanning:
    """Return the clamd that CLAMD names, or nobody; while it is away, uploads wait and everything else works."""
    if settings.clamd is None:
        return Scanning()
    from ..adapters.clamav.scanner import ClamavScanner  # noqa: PLC0415 - only where the setting asks for it

    scanner = ClamavScanner(settings.clamd)
    return Scanning(scanner, {"scanner": Check(scanner.check, needed=False)})


@dataclass(frozen=True)
class Nearby:
    """What may be lost at any time: copies that are looked up fast, counts of the limits."""

    cache: Cache
    limits: Limits
    checks: Mapping[str, Check] = field(default_factory=dict)


@asynccontextmanager
async def nearby(settings: Settings) -> AsyncIterator[Nearby]:
    """Give Redis where REDIS_URL names one, whether it answers now or not; else the memory of this process."""
    if settings.redis_url is None:
        yield Nearby(MemoryCache(), MemoryLimits())
        return
    # Loading it takes a quarter of a second and memory, which only those pay who use it.
    from ..adapters.redis.cache import RedisCache  # noqa: PLC0415
    from ..adapters.redis.connection import RedisConnection  # noqa: PLC0415
    from ..adapters.redis.limits import RedisLimits  # noqa: PLC0415

    connection = RedisConnection(settings.redis_url)
    try:
        checks = {"redis": Check(connection.ping, needed=False)}
        yield Nearby(RedisCache(connection, MemoryCache()), RedisLimits(connection), checks)
    finally:
        await connection.close()


@asynccontextmanager
async def mailbox(settings: Settings, clock: Clock) -> AsyncIterator[Mailbox]:
    """Give the folder below the home in which mail lies."""
    yield FolderMailbox(settings.home_folder / "outbox", clock, sender=settings.mail_from)


def tokens(settings: Settings, clock: Clock) -> Tokens:
    """Return what makes and reads access tokens, with the key of TOKEN_KEY, else one in the home."""
    return JwtTokens(_token_key(settings), clock)


def _token_key(settings: Settings) -> SigningKey:
    given = settings.token_key_bytes
    return signing_key(settings.home_folder / "keys" / "tokens.pem") if given is None else key_of(given)


def link_key(settings: Settings) -> bytes:
    """Return the secret bytes that sign our own links, of LINK_KEY, else of a file in the home."""
    return settings.link_key_bytes or _key(settings.home_folder / "keys" / "links.key")


@asynccontextmanager
async def same_keys(settings: Settings) -> AsyncIterator[None]:
    """Show other API processes on the database by which keys this one signs, while the block runs.

    Where another one signs by others, what one has signed is refused by the other. Keys that a home has made differ by
    oversight: WrongSettings is raised, with what to set. Keys that were set may be in the middle of a change from old
    to new, process by process: a warning says so.
    """
    if settings.database_url is None:
        yield
        return
    ours = hashlib.sha256(_token_key(settings).id.encode() + hashlib.sha256(link_key(settings)).digest()).digest()
    async with marked(settings.database_url, int.from_bytes(ours[:4], "big") >> 1) as differs:
        if differs and (settings.token_key is None or settings.link_key is None):
            raise WrongSettings(Reason("setting.keys_differ", {}, "TOKEN_KEY"))
        if differs:
            log.warning("another API process signs by other keys: each refuses what the other has signed")
        yield


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
