"""Migrating from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from ...parts.database import Tell, open_database
from ...parts.store import open_store
from ...settings import Settings
from ...watching.logs import log_to_stderr
from ..embedded import settings_here, told_in_sentences
from ..progress import doing


def migrate_now() -> int:
    """Migrate, print what was done, and return 0; raise CommandFailed in one sentence when that cannot be."""
    settings = settings_here()
    log_to_stderr("warning", settings.log_format)
    return asyncio.run(_migrate(settings))


async def _migrate(settings: Settings) -> int:
    with doing() as tell, told_in_sentences(settings):
        async for line in _done(settings, tell):
            tell("")
            print(line, flush=True)
    return 0


async def _done(settings: Settings, tell: Tell) -> AsyncIterator[str]:
    """Yield what was done, part by part."""
    settings.home_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with open_database(settings, tell) as database:
        tell("bringing the database up to date")
        moved = await database.migrate()
    if moved.before == moved.after:
        yield f"Database: it is at version {moved.after} already."
    elif moved.before is None:
        yield f"Database: its tables were made, at version {moved.after}."
    else:
        yield f"Database: brought from version {moved.before} to {moved.after}."
    async with open_store(settings) as store:
        tell("preparing the store of files")
        yield f"Files: {await store.prepare()}."
