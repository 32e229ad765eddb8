"""Upgrading PostgreSQL from the command line."""

from __future__ import annotations

import asyncio

from ...backups.upgrading import upgrade_postgres
from ...settings import Settings
from ...watching.logs import log_to_stderr
from ..embedded import settings_here, told_in_sentences
from ..progress import doing
from ..words import say


def upgrade_now() -> int:
    """Upgrade, print what was done and where the old data lie, and return 0; raise CommandFailed in one sentence when
    that cannot be."""
    settings = settings_here()
    log_to_stderr("warning", settings.log_format)
    return asyncio.run(_upgrade(settings))


async def _upgrade(settings: Settings) -> int:
    with doing() as tell, told_in_sentences(settings) as started:
        done = await upgrade_postgres(settings, tell)
        started()
        tell("")
    if done.kept is None:
        print(say("postgres_is_newest", number=done.after), flush=True)
    else:
        print(say("postgres_upgraded", before=done.before, after=done.after, backup=str(done.backup)), flush=True)
        print(say("postgres_before", known=str(done.kept)), flush=True)
    return 0
