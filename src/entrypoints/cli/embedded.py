"""The server whose data are kept on this machine, run inside this process for the time of one command."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from ...adapters.embedded_postgres.errors import CannotStart
from ...domain.shared.errors import DomainError
from ..processes.accounts import Kept, SignIn
from ..processes.api import System, running
from ..settings import Settings, WrongSettings, read_settings
from ..watching.logs import log_to_stderr
from .errors import NEGATIVE, CommandFailed, refused
from .language import accepted
from .program import program
from .progress import doing
from .words import sentences_of

if TYPE_CHECKING:
    from .api import Api

_HERE = "http://embedded"


def settings_here() -> Settings:
    """Return the settings of the environment; raise CommandFailed naming each variable that is wrong."""
    try:
        return read_settings(os.environ)
    except WrongSettings as error:
        raise CommandFailed(*sentences_of(error)) from error


@asynccontextmanager
async def server_here(settings: Settings, *, log_level: str) -> AsyncIterator[System]:
    """Give a server of these settings; raise CommandFailed in one sentence when it cannot start."""
    log_to_stderr(log_level, settings.log_format)
    with doing() as tell, told_in_sentences(settings) as started:
        async with running(settings, tell=tell) as system:
            tell("")
            started()
            yield system


@contextmanager
def told_in_sentences(settings: Settings) -> Iterator[Callable[[], None]]:
    """Raise CommandFailed in one sentence for whatever keeps a process from its work; gives what to call once it
    has started, since what the system refuses afterwards is no matter of where data is kept."""
    home = settings.home_folder
    started = Event()
    try:
        yield started.set
    except WrongSettings as error:
        raise CommandFailed(*sentences_of(error)) from error
    except CannotStart as error:
        raise CommandFailed(f"{home}: {error}", exit_code=NEGATIVE) from error
    except DomainError as error:
        raise CommandFailed(*sentences_of(error, _place(settings)), exit_code=NEGATIVE) from error
    except OSError as error:
        if started.is_set():
            raise
        place, told = error.filename or home, error.strerror or str(error)
        raise refused(place, "cannot_keep_data", exit_code=NEGATIVE, detail=told) from error


def _place(settings: Settings) -> str:
    return str(settings.home_folder) if settings.database_url is None else "DATABASE_URL"


@asynccontextmanager
async def system_here(nothing_kept: str = "nothing_kept") -> AsyncIterator[tuple[System, Kept]]:
    """Give the server of this machine's settings and its sample accounts, for one command.

    Its jobs are left to `higherstudy serve`.
    Raises CommandFailed where nothing is kept yet: only `higherstudy serve` makes a place for data.
    """
    settings = replace(settings_here(), jobs_at_once=0, health_port=None)
    if settings.database_url is not None:
        raise refused("DATABASE_URL", "no_sample_accounts")
    if not settings.home_folder.is_dir():
        raise refused(settings.home_folder, nothing_kept, exit_code=NEGATIVE, known=f"{program()} serve")
    async with server_here(settings, log_level="error") as system:
        if system.sample is not None:  # it always has one without a DATABASE_URL
            yield system, system.sample.sign_ins


@asynccontextmanager
async def embedded() -> AsyncIterator[Api]:
    """Give the API of this machine's server, spoken to as the sample student."""
    async with system_here("nothing_kept_nor_case") as (system, sign_ins), api_of(system, sign_ins.student) as api:
        yield api


@asynccontextmanager
async def api_of(system: System, sign_in: SignIn) -> AsyncIterator[Api]:
    """Give the API of a system in this process, signed in with an account of the sample data."""
    import httpx2  # noqa: PLC0415 - only those who ask the server need it, and not the server

    from .api import AGENT, Api  # noqa: PLC0415

    transport = httpx2.ASGITransport(app=system.app)
    async with httpx2.AsyncClient(transport=transport, base_url=_HERE, headers={"User-Agent": AGENT}) as client:
        api = Api(client, str(system.settings.home_folder))
        session = await api.post("/v1/sessions", {"email": sign_in.email, "password": sign_in.password})
        client.headers["Accept-Language"] = accepted()
        client.headers["Authorization"] = f"Bearer {session['access_token']}"
        yield api
