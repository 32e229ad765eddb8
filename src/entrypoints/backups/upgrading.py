"""Bringing the database of our own over to a newer major version of PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ...adapters.embedded_postgres import cluster, locks
from ...adapters.embedded_postgres.errors import CannotStart
from ...adapters.embedded_postgres.programs import Programs, installed
from ...adapters.embedded_postgres.server import EmbeddedPostgres
from ...adapters.postgres import dumping
from ...adapters.postgres.migrate import upgrade
from ...domain.shared.errors import Invalid, Reason
from ..parts.database import Tell, open_database
from ..parts.others import others
from ..parts.store import open_store
from ..settings import Settings
from .data import take_data
from .kept import new_name


@dataclass(frozen=True)
class Upgraded:
    """What was done: nothing where ``before`` is ``after``."""

    before: int
    after: int
    backup: Path | None = None
    kept: Path | None = None
    """Where the data of the version before lie now."""


async def upgrade_postgres(settings: Settings, tell: Tell) -> Upgraded:
    """Take a backup, write the data into a folder of the newest PostgreSQL here, and put that in the place of the old.

    Nobody else may use the database meanwhile. Until the last moment the old folder stays as it was; afterwards it lies
    beside the new one. Raises Invalid for a database that is not our own or is in use, CannotStart where the old or the
    new programs are missing, Unavailable where something could not be written.
    """
    if settings.database_url is not None:
        raise Invalid(Reason("backup.not_our_own"))
    folder = settings.home_folder / "postgres"
    before = cluster.major_of(folder / "data")
    if before is None:
        raise Invalid(Reason("backup.nothing_to_upgrade"))
    newest = max(installed(), key=lambda one: one.major, default=None)
    if newest is None:
        raise CannotStart("No PostgreSQL programs were found: install the extra higherstudy[embedded].")
    if newest.major <= before:
        return Upgraded(before, before)
    _demand_unused(folder)
    backup = new_name(settings, datetime.now(UTC))
    async with others(settings) as given, open_database(settings, tell) as database, open_store(settings) as ours:
        await take_data(settings, database, given.store(ours).files, backup, tell)
    new = folder.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    left = await _write_over(folder, new, newest, tell)
    _demand_unused(folder)
    if _last_checkpoint(folder) != left:  # somebody has started it since it was read, and may have written
        raise Invalid(Reason("backup.in_use"))
    kept = folder.with_name(f"postgres-{before}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    folder.rename(kept)
    new.rename(folder)
    return Upgraded(before, newest.major, backup, kept)


def _demand_unused(folder: Path) -> None:
    """Raise Invalid while a process uses the server."""
    if not locks.is_free(folder / "server.lock"):
        raise Invalid(Reason("backup.in_use"))


def _last_checkpoint(folder: Path) -> bytes:
    """Return what PostgreSQL notes of its last checkpoint; whoever starts and ends the server leaves another note."""
    return (folder / "data" / "global" / "pg_control").read_bytes()


async def _write_over(old: Path, new: Path, newest: Programs, tell: Tell) -> bytes:
    """Write everything over, and return the note of the old one's last checkpoint."""
    with tempfile.TemporaryDirectory(dir=old.parent, prefix=".new-") as between:
        dump = Path(between) / "database.dump"
        tell("reading the old database")
        async with EmbeddedPostgres(old) as endpoint:
            await dumping.dump(newest.bin, endpoint.owner_url, dump)
        left = _last_checkpoint(old)
        tell(f"writing the database for PostgreSQL {newest.major}")
        async with EmbeddedPostgres(new, found=[newest]) as endpoint:
            await dumping.restore(newest.bin, endpoint.owner_url, dump)
            await upgrade(endpoint.owner_url)
    return left
