"""Putting a backup back from the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from ....adapters.archive.archive import check
from ....adapters.archive.manifest import Kind, Manifest
from ....domain.shared.errors import Invalid
from ...backups.data import demand_data, demand_empty, put_back_data
from ...backups.keys import demand_keys, put_back_keys, put_back_own_keys
from ...parts.database import Database, Tell, has_database, open_database
from ...parts.others import others
from ...parts.store import open_store
from ...settings import Settings
from ...watching.logs import log_to_stderr
from ..embedded import settings_here, told_in_sentences
from ..errors import CommandFailed, refused
from ..progress import doing
from ..words import local, say, sentences_of


@dataclass(frozen=True)
class _Archive:
    path: Path
    manifest: Manifest


def restore_now(archives: Sequence[Path], *, dry_run: bool) -> int:
    """Put the archives back, print what was, and return 0; raise CommandFailed in one sentence when that cannot be."""
    settings = settings_here()
    log_to_stderr("warning", settings.log_format)
    if not archives:
        raise refused("ARCHIVE", "no_archive_named")
    with doing() as tell:
        found = [_checked(path, tell) for path in archives]
        tell("")
    by_kind = {one.manifest.kind: one for one in found}
    if len(by_kind) < len(found):
        raise refused(found[-1].path, "two_of_a_kind")
    return asyncio.run(_restore(settings, by_kind.get(Kind.DATA), by_kind.get(Kind.KEYS), dry_run=dry_run))


def _checked(path: Path, tell: Tell) -> _Archive:
    if not path.is_file():
        raise refused(path, "no_archive_there")
    tell(f"looking at every byte of {path.name}")
    try:
        return _Archive(path, check(path))
    except Invalid as error:
        raise CommandFailed(*sentences_of(error, str(path))) from error


async def _restore(settings: Settings, data: _Archive | None, keys: _Archive | None, *, dry_run: bool) -> int:
    with doing() as tell, told_in_sentences(settings) as started:
        if keys is not None:
            demand_keys(settings, keys.manifest)
        if data is not None:
            demand_data(data.manifest)
        if dry_run:
            if data is not None and has_database(settings):
                async with open_database(settings, tell) as database:
                    await demand_empty(database)
        else:
            await _put_back(settings, data, keys, tell, started)
        tell("")
    return _said(data, keys, dry_run=dry_run)


async def _put_back(
    settings: Settings, data: _Archive | None, keys: _Archive | None, tell: Tell, started: Callable[[], None]
) -> None:
    settings.home_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        database: Database | None = None
        if data is not None:  # whatever speaks against it is found before anything is put anywhere
            database = await stack.enter_async_context(open_database(settings, tell))
            await demand_empty(database)
        if keys is not None:
            put_back_own_keys(settings, keys.path)
        given = await stack.enter_async_context(others(settings))
        store = given.store(await stack.enter_async_context(open_store(settings)))
        started()
        await store.prepare()
        if keys is not None:
            await put_back_keys(store, keys.path, tell)
        if data is not None and database is not None:
            await put_back_data(database, store.files, data.path, data.manifest, tell)


def _said(data: _Archive | None, keys: _Archive | None, *, dry_run: bool) -> int:
    done = "would_be_restored" if dry_run else "restored"
    if data is not None:
        taken = local(data.manifest.taken_at.isoformat())
        print(say(done, number=data.manifest.files, taken_at=taken, release=data.manifest.release), flush=True)
    if keys is not None:
        number = sum(name.startswith("students/") for name in keys.manifest.members)
        print(say(f"keys_{done}", number=number, taken_at=local(keys.manifest.taken_at.isoformat())), flush=True)
    if data is not None and keys is None and data.manifest.files:
        print(say("restored_without_keys"), flush=True)
    return 0
