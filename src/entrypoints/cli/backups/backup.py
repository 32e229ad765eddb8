"""The commands ``backup``, ``restore`` and ``upgrade-postgres``: archives of what this installation keeps, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def backup(file: Path | None = None, /, *, keys: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Write an archive of the database, the files and the settings without secrets, while the server runs or not.
    On the machine and with the settings of the server.

    Parameters
    ----------
    file
        The archive to write, which must not be there yet; otherwise a new one below `backups` of the home.
    keys
        Write an archive of the keys instead, without which nothing sealed in the other one opens. Keep the two apart,
        and the one with the keys for a short time only: as long as it is there, an erasure can be undone.
    """
    from .backing_up import back_up_now  # noqa: PLC0415 - its weight is kept out of help and other commands

    return back_up_now(file, keys=keys)


def restore(*archives: Path, dry_run: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Put back what is in an archive of the data, in one of the keys, or in both: each is known by what is in it.
    The database must be empty, so set HIGHERSTUDY_HOME to a new folder, or DATABASE_URL to a new database.

    Parameters
    ----------
    archives
        The archives. Every byte of them is looked at before anything is put back.
    dry_run
        Look whether all of it could be put back, say what would be, and change nothing.
    """
    from .restoring import restore_now  # noqa: PLC0415 - its weight is kept out of help and other commands

    return restore_now(archives, dry_run=dry_run)


def upgrade_postgres() -> int:
    """Bring the database of this machine's own over to the newest PostgreSQL that is installed, with a backup first.

    No server may run on it. The old data stay beside the new ones until you remove them.
    """
    from .upgrading import upgrade_now  # noqa: PLC0415 - its weight is kept out of help and other commands

    return upgrade_now()
