"""Taking a backup from the command line."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from ...backups.data import take_data
from ...backups.kept import new_name
from ...backups.keys import take_keys
from ...parts.database import has_database, open_database
from ...parts.others import others
from ...parts.store import open_store
from ...settings import Settings
from ...watching.logs import log_to_stderr
from ..embedded import settings_here, told_in_sentences
from ..errors import refused
from ..progress import doing
from ..words import say


def back_up_now(file: Path | None, *, keys: bool) -> int:
    """Take the backup, print what is in it and where, and return 0; raise CommandFailed in one sentence when that
    cannot be."""
    settings = settings_here()
    log_to_stderr("warning", settings.log_format)
    if keys and file is None:
        raise refused("FILE", "keys_want_a_file")
    target = (file or new_name(settings, datetime.now(UTC))).absolute()
    if target.exists():
        raise refused(target, "file_is_there")
    if not has_database(settings):
        raise refused(settings.home_folder, "nothing_kept", known="higherstudy serve")
    return asyncio.run(_keys(settings, target) if keys else _data(settings, target))


async def _data(settings: Settings, target: Path) -> int:
    with doing() as tell, told_in_sentences(settings) as started:
        async with (
            others(settings) as given,
            open_database(settings, tell) as database,
            open_store(settings) as ours,
        ):
            started()
            manifest = await take_data(settings, database, given.store(ours).files, target, tell)
        tell("")
    print(say("backed_up", known=str(target), number=manifest.files), flush=True)
    print(say("backed_up_without_keys"), flush=True)
    return 0


async def _keys(settings: Settings, target: Path) -> int:
    with doing() as tell, told_in_sentences(settings) as started:
        async with others(settings) as given, open_store(settings) as ours:
            started()
            manifest = await take_keys(settings, given.store(ours), target, tell)
        tell("")
    number = sum(name.startswith("students/") for name in manifest.members)
    print(say("backed_up_keys", known=str(target), number=number), flush=True)
    return 0
