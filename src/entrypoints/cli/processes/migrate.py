"""The command ``migrate``: make the database and the store of files fit for this release."""

from __future__ import annotations


def migrate() -> int:
    """Bring the database up to date as its owner, make the store of files fit for use, and say what was done.

    Two at once are fine: one waits for the other.
    """
    from .migrating import migrate_now  # noqa: PLC0415 - its weight is kept out of help and other commands

    return migrate_now()
