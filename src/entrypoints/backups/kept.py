"""Where backups of the data are kept on this machine, and for how long."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from ..settings import Settings

_NAME = re.compile(r"data-(\d{8}T\d{6}Z)\.tar")
_FORM = "%Y%m%dT%H%M%SZ"


def folder_of(settings: Settings) -> Path:
    """Return where backups are kept."""
    return Path(settings.backup_folder) if settings.backup_folder else settings.home_folder / "backups"


def new_name(settings: Settings, now: datetime) -> Path:
    """Return where the backup of this moment is written."""
    return folder_of(settings) / f"data-{now.astimezone(UTC):{_FORM}}.tar"


def kept(settings: Settings) -> list[tuple[datetime, Path]]:
    """Return the backups that are there, the oldest first, each with when it was taken."""
    named = ((_NAME.fullmatch(path.name), path) for path in folder_of(settings).glob("data-*.tar"))
    return sorted(
        (datetime.strptime(match[1], _FORM).replace(tzinfo=UTC), path) for match, path in named if match is not None
    )


def let_go(settings: Settings, keep: int) -> list[Path]:
    """Remove all but the newest so many, and return which."""
    old = [path for _, path in kept(settings)[: -keep or None]]
    for path in old:
        path.unlink(missing_ok=True)
    return old
