"""The folder under which everything is kept: its rights, its keys, its room, its backups."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ...adapters.archive.archive import check
from ...domain.shared.errors import Invalid
from ..backups.daily import are_taken
from ..backups.kept import folder_of, kept
from ..parts.keys import missing_master_key
from ..settings import Settings
from .finding import Finding, broken

_ROOM = 1024**3
_LATE = timedelta(hours=12)
_BYTES = {"master.key": 32, "links.key": 32, "factors.key": 32, "audit.key": 32, "analytics.key": 32}
"""How long the keys are that the home makes for itself."""


def of_home(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with the home."""
    home = settings.home_folder
    if not home.is_dir():
        yield broken("no_home", folder=str(home))
        return
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        yield broken("home_not_writable", folder=str(home))
        return
    free = shutil.disk_usage(home).free
    if free < _ROOM:
        yield broken("disk_nearly_full", folder=str(home), megabytes=free // 1024**2)
    yield from _of_keys(settings)
    if are_taken(settings):
        yield from _of_backups(settings, now)


def _of_keys(settings: Settings) -> Iterator[Finding]:
    folder = settings.home_folder / "keys"
    missing = missing_master_key(settings)
    wrapped = Path(settings.key_folder) if settings.key_folder else folder
    if missing is not None and any((wrapped / "students").glob("*/*.key")):
        yield broken("master_key_gone", file=str(missing))
    for path in sorted([*folder.glob("*.key"), *folder.glob("*.pem"), *settings.home_folder.glob("*.json")]):
        if path.stat().st_mode & 0o077:
            yield broken("key_readable", file=str(path))
        if path.name in _BYTES and path.stat().st_size != _BYTES[path.name]:
            yield broken("key_damaged", file=str(path), bytes=_BYTES[path.name])


def _of_backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    found, folder = kept(settings), folder_of(settings)
    if not found:
        mark = folder / ".begun"
        begun = datetime.fromtimestamp(mark.stat().st_mtime, UTC) if mark.exists() else now
        if now - begun > timedelta(hours=settings.backup_hours) + _LATE:
            yield broken("no_backup", folder=str(folder))
        return
    taken, newest = found[-1]
    if now - taken > timedelta(hours=settings.backup_hours) + _LATE:
        yield broken("backup_old", file=newest.name, days=(now - taken).days)
    try:
        check(newest)
    except (Invalid, OSError):
        yield broken("backup_damaged", file=str(newest))
