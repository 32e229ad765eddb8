"""A whole server as one block: everything is started in order, and ended in the reverse order."""

from __future__ import annotations

import asyncio
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ..adapters.embedded_postgres.server import EmbeddedPostgres
from ..adapters.folder.files import remove_old_folders
from ..adapters.folder.writing import new_file
from ..adapters.icalendar.feed import feed
from ..adapters.postgres.engine import create_engine, naming
from ..adapters.postgres.listener import PostgresListener
from ..adapters.postgres.migrate import is_current, upgrade
from ..adapters.tokens.jwt_tokens import JwtTokens
from ..adapters.tokens.keys import signing_key
from ..adapters.workbooks.choosing import source_of
from .http.app import Given, create_app
from .http.edge import Edge
from .http.health import Checks
from .jobs import process as jobs
from .jobs.reactions import table
from .seed import Sample, make_first_admin, seed
from .settings import Settings
from .wiring import RealPorts, UseCases, real_ports, use_cases_over

Tell = Callable[[str], None]


@dataclass(frozen=True)
class System:
    """A server that runs: its use cases, its HTTP application, and the sample data where there is some."""

    settings: Settings
    use_cases: UseCases
    app: Edge
    sample: Sample | None


@asynccontextmanager
async def running(settings: Settings, *, tell: Tell = lambda _: None) -> AsyncIterator[System]:
    """Give a server of these settings; ``tell`` hears in a few words what is being done.

    Without a DATABASE_URL it starts a PostgreSQL of its own and, the first time, fills it with sample data.
    Raises CannotStart or Unavailable when the database cannot be had.
    """
    home = settings.home_folder
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        owner_url, url = await _database(stack, settings, home, tell)
        tell("bringing the database up to date")
        engine = _engine(settings, url)
        stack.push_async_callback(engine.dispose)
        with _naming(settings, "migration_database_url"):
            await upgrade(owner_url)
        with _naming(settings, "database_url"):
            await is_current(engine)
        real = real_ports(engine, home, _key(home / "keys" / "links.key"), settings.mail_from)
        stack.callback(real.passwords.close)
        use_cases = use_cases_over(real.ports)
        await _clear_up(real, use_cases)
        sample = None
        if settings.database_url is None:
            sample = await seed(home / "sample-accounts.json", use_cases, tell)
        elif settings.admin_email:
            await make_first_admin(home / "first-admin.json", settings.admin_email, use_cases)
        if settings.jobs_at_once:
            await stack.enter_async_context(_jobs(settings, real, use_cases, url))
        app = create_app(_given(settings, home, real, engine))
        yield System(settings, use_cases, app, sample)


async def _database(stack: AsyncExitStack, settings: Settings, home: Path, tell: Tell) -> tuple[str, str]:
    """Return the URLs of the tables' owner and of the application."""
    if settings.database_url is not None:
        return settings.migration_database_url or settings.database_url, settings.database_url
    tell("starting PostgreSQL")
    endpoint = await stack.enter_async_context(EmbeddedPostgres(home / "postgres"))
    return endpoint.owner_url, endpoint.app_url


def _naming(settings: Settings, setting: str) -> AbstractContextManager[None]:
    """Let a database that was set and cannot be used be named; the one of our own has words of its own."""
    if settings.database_url is None:
        return nullcontext()
    name, url = "DATABASE_URL", settings.database_url
    if setting == "migration_database_url" and settings.migration_database_url is not None:
        name, url = "MIGRATION_DATABASE_URL", settings.migration_database_url
    return naming(url, name)


async def _clear_up(real: RealPorts, use_cases: UseCases) -> None:
    """Take away what processes left behind that died: half an upload, a catalogue, an import that runs no more."""
    yesterday = real.ports.clock.now() - timedelta(days=1)
    await real.files.remove_unfinished(yesterday)
    await asyncio.to_thread(remove_old_folders, Path(tempfile.gettempdir()), "higherstudy-import-*", yesterday)
    await use_cases.break_off_imports()()


def _engine(settings: Settings, url: str) -> AsyncEngine:
    return create_engine(
        url,
        pool_size=settings.database_connections,
        overflow=settings.database_extra_connections,
        statement_timeout=timedelta(seconds=settings.statement_timeout),
        lock_timeout=timedelta(seconds=settings.lock_timeout),
    )


@asynccontextmanager
async def _jobs(settings: Settings, real: RealPorts, use_cases: UseCases, url: str) -> AsyncIterator[None]:
    reactions = table(mail_welcome=use_cases.mail_welcome(), mail_receipt=use_cases.mail_receipt())
    transactions, ids, listener = real.ports.transactions, real.ports.ids, PostgresListener(url)
    async with jobs.running(transactions, ids, reactions, listen=listener, at_once=settings.jobs_at_once):
        yield


def _given(settings: Settings, home: Path, real: RealPorts, engine: AsyncEngine) -> Given:
    return Given(
        ports=real.ports,
        tokens=JwtTokens(signing_key(home / "keys" / "tokens.pem"), real.ports.clock),
        links=real.files,
        source_of=source_of,
        feed=feed,
        checks=_checks(home, engine),
        largest_upload=settings.largest_upload,
        largest_catalogue=settings.largest_catalogue,
        token_lasts=timedelta(minutes=settings.token_minutes),
        link_lasts=timedelta(seconds=settings.link_seconds),
        allowed_origins=settings.allowed_origins.split(),
        address=settings.address,
    )


def _checks(home: Path, engine: AsyncEngine) -> Checks:
    async def database() -> bool:
        async with engine.connect() as connection:
            return bool((await connection.execute(text("SELECT true"))).scalar_one())

    async def schema() -> bool:
        return await is_current(engine)

    async def files() -> bool:
        return os.access(home, os.R_OK | os.W_OK | os.X_OK)

    looks: Mapping[str, Callable[[], object]] = {"database": database, "schema": schema, "files": files}
    return Checks(looks)  # type: ignore[arg-type]


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
