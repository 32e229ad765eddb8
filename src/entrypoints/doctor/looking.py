"""Looking at a whole installation, one part after another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack

from ...adapters.embedded_postgres.errors import CannotStart
from ...adapters.system.clock import SystemClock
from ...domain.shared.errors import DomainError
from ...ports.clock import Clock
from ..parts.database import Database, Tell, has_database, open_database
from ..parts.others import others
from ..parts.store import open_store
from ..settings import Settings, WrongSettings, read_settings
from .finding import Finding, Level, broken
from .of_database import of_database
from .of_home import of_home
from .of_services import of_services
from .of_settings import of_settings
from .of_work import of_work


async def look(
    environment: Mapping[str, str], tell: Tell = lambda _: None, clock: Clock | None = None
) -> AsyncIterator[Finding]:
    """Yield what is wrong with the installation of these settings, as it is found. Nothing is changed.

    What cannot be looked at because of something else that is wrong is left out.
    """
    try:
        settings = read_settings(environment)
    except WrongSettings as error:
        for reason in error.reasons:
            yield Finding("setting_wrong", Level.BROKEN, {"setting": reason.where}, said=reason)
        return
    for finding in of_settings(settings):
        yield finding
    tell("looking at the home")
    clock = clock or SystemClock()
    home = list(of_home(settings, clock.now()))
    for finding in home:
        yield finding
    if any(one.code in ("no_home", "home_not_writable", "key_damaged") for one in home):
        return
    if not has_database(settings):
        yield broken("no_database", folder=str(settings.home_folder))
        return
    async for finding in _of_parts(settings, clock, tell):
        yield finding


async def _of_parts(settings: Settings, clock: Clock, tell: Tell) -> AsyncIterator[Finding]:
    async with AsyncExitStack() as stack:
        given = await stack.enter_async_context(others(settings))
        store = given.store(await stack.enter_async_context(open_store(settings)))
        tell("looking at the services")
        async for finding in of_services(settings, store):
            yield finding
        tell("looking at the database")
        try:
            database = await stack.enter_async_context(open_database(settings, tell))
        except CannotStart as error:
            yield broken("database_does_not_start", detail=str(error))
            return
        refused = await _refused(database)
        if refused is not None:
            yield refused
            return
        found = [finding async for finding in of_database(settings, database, clock)]
        for finding in found:
            yield finding
        if any(one.code in ("schema_older", "right_missing") for one in found):
            return
        tell("looking at the work and the files")
        async for finding in of_work(database.reading, store.files, clock.now()):
            yield finding


async def _refused(database: Database) -> Finding | None:
    """Return why the database cannot be used; None where it can."""
    try:
        await database.reachable()
    except DomainError as error:
        return Finding("database_away", Level.BROKEN, {}, said=error.reasons[0] if error.reasons else None)
    return None
