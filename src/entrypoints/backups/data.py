"""The archive of the data: the database, the files, and the settings without secrets."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import IO

import msgspec

from ...adapters.archive.archive import ArchiveWriter, members, new_archive
from ...adapters.archive.manifest import Kind, Manifest
from ...adapters.embedded_postgres.programs import installed
from ...adapters.postgres import dumping
from ...adapters.postgres.revisions import is_newer, revision_of
from ...domain.shared.errors import Invalid, NotFound, Reason
from ...ports.files import Files
from ..parts.database import Database, Tell
from ..settings import Settings, described

_DUMP = "database.dump"
_SETTINGS = "settings.json"
_IN_MEMORY = 8 * 1024 * 1024
_PIECE = 1024 * 1024
_AHEAD = timedelta(days=1)
"""So far may the store's clock be ahead of ours for a file to be found."""


async def take_data(settings: Settings, database: Database, files: Files, target: Path, tell: Tell) -> Manifest:
    """Write the archive of the data and return what it says of itself; it has its name once it is whole.

    The server may go on working. The database is as it is at one moment, and every file that it names then is in the
    archive but those that were erased since. Raises Unavailable.
    """
    url = database.owner_url
    major = await dumping.major_of(url)
    programs = dumping.programs_for(major, [(one.major, one.bin) for one in installed()])
    schema = await revision_of(database.reading)
    now = datetime.now(UTC)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".new-") as folder:
        tell("writing down the database")
        dump = Path(folder) / _DUMP
        await dumping.dump(programs, url, dump)
        with new_archive(target, Kind.DATA, now) as archive:
            archive.add_bytes(_SETTINGS, msgspec.json.encode([asdict(one) for one in described(settings)]))
            with dump.open("rb") as content:
                await asyncio.to_thread(archive.add, _DUMP, content, dump.stat().st_size)
            dump.unlink()
            await _add_files(archive, files, now, tell)
            return archive.end(release=version("higherstudy"), schema=schema, postgres=str(major))


async def _add_files(archive: ArchiveWriter, files: Files, now: datetime, tell: Tell) -> None:
    done = 0
    async with aclosing(_hashes(files, now)) as hashes:
        async for sha256 in hashes:
            with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as content:
                try:
                    async for piece in files.read(sha256):
                        content.write(piece)
                except NotFound:  # it was erased since it was listed
                    continue
                size = content.tell()
                content.seek(0)
                await asyncio.to_thread(archive.add, f"files/{sha256}", content, size)
            done += 1
            tell(f"writing down the files: {done}")


async def _hashes(files: Files, now: datetime) -> AsyncGenerator[str]:
    seen = set[str]()
    async for sha256 in files.kept_before(now + _AHEAD):
        if sha256 not in seen:
            seen.add(sha256)
            yield sha256


def demand_data(manifest: Manifest) -> None:
    """Raise Invalid for an archive of a newer release or of something else."""
    if manifest.kind is not Kind.DATA:
        raise Invalid(Reason("backup.other_kind", {"kind": manifest.kind.value}))
    if is_newer(manifest.schema):
        raise Invalid(Reason("backup.newer_release", {"release": manifest.release}))


async def demand_empty(database: Database) -> None:
    """Raise Invalid for a database that holds tables."""
    if not await dumping.is_empty(database.owner_url):
        raise Invalid(Reason("backup.not_empty"))


async def put_back_data(database: Database, files: Files, archive: Path, manifest: Manifest, tell: Tell) -> None:
    """Fill an empty database, and the store of files, from an archive that was checked.

    The database comes last and as a whole: as long as it is empty, doing it again is fine. Its tables are brought up to
    date, and rights are given. Raises Unavailable.
    """
    url = database.owner_url
    newest = max(await dumping.major_of(url), int(manifest.postgres or 0))
    programs = dumping.programs_for(newest, [(one.major, one.bin) for one in installed()])
    with tempfile.TemporaryDirectory(prefix="higherstudy-restore-") as folder:
        dump, done = Path(folder) / _DUMP, 0
        for name, content in members(archive):
            if name == _DUMP:
                await asyncio.to_thread(_copy, content, dump)
            elif name != _SETTINGS:
                size = manifest.members[name].size
                stored = await files.store(_pieces(content), at_most=size)
                if f"files/{stored.sha256}" != name:  # its name is the hash of what is in it
                    raise Invalid(Reason("backup.member_differs", {"member": name}))
                done += 1
                tell(f"putting back the files: {done}")
        if dump.exists():
            tell("putting back the database")
            await dumping.restore(programs, url, dump)
    tell("bringing the database up to date")
    await database.migrate()


def _copy(content: IO[bytes], target: Path) -> None:
    with target.open("wb") as file:
        while piece := content.read(_PIECE):
            file.write(piece)


async def _pieces(content: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(content.read, _PIECE):
        yield piece
