"""Backups that a server takes of itself, one a day."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ...ports.files import Files
from ..parts.database import Database
from ..settings import Settings
from .kept import folder_of, kept, let_go, new_name

log = logging.getLogger(__name__)
_LOOK_EVERY = 600.0  # seconds


def are_taken(settings: Settings) -> bool:
    """Whether this installation takes backups of itself: a database of somebody else's is backed up there."""
    return settings.backup_hours > 0 and (settings.database_url is None or settings.backup_folder is not None)


def latest(settings: Settings) -> datetime | None:
    """Return when the newest backup was taken."""
    found = kept(settings)
    return found[-1][0] if found else None


@asynccontextmanager
async def backed_up(settings: Settings, database: Database, files: Files) -> AsyncIterator[None]:
    """Let a backup be taken whenever the newest one is a day old, while the block runs; the oldest ones go."""
    if not are_taken(settings):
        yield
        return
    taking = asyncio.create_task(_take_daily(settings, database, files), name="backups")
    try:
        yield
    finally:
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)


async def _take_daily(settings: Settings, database: Database, files: Files) -> None:
    while True:
        try:
            await take_if_due(settings, database, files)
        except Exception:  # the server goes on, and an alert says that the newest backup grows old
            log.exception("no backup could be taken")
        await asyncio.sleep(_LOOK_EVERY)


async def take_if_due(settings: Settings, database: Database, files: Files) -> Path | None:
    """Take a backup where the newest one is old enough, remove the oldest, and return where the new one is.

    The first one is due so long after the folder for them was made. Of several processes one takes it. Raises
    Unavailable.
    """
    folder, now = folder_of(settings), datetime.now(UTC)
    since = latest(settings) or _made(folder)
    if now - since < timedelta(hours=settings.backup_hours):
        return None
    with _alone(folder) as alone:
        if not alone or ((newest := latest(settings)) is not None and newest > since):
            return None
        from .data import take_data  # noqa: PLC0415 - once a day

        target = new_name(settings, now)
        await take_data(settings, database, files, target, lambda _: None)
    log.info("a backup was taken: %s", target.name)
    for path in let_go(settings, settings.backups_kept):
        log.info("the oldest backup was removed: %s", path.name)
    return target


def _made(folder: Path) -> datetime:
    """Return since when the folder is there; it is made the first time that it is asked for."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = folder / ".begun"
    if not mark.exists():
        mark.touch(mode=0o600)
    return datetime.fromtimestamp(mark.stat().st_mtime, UTC)


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)
