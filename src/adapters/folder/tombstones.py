"""Who was erased: a small file each in a folder, beside the database and outside its backups."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from ...domain.rights.erasure import Tombstone
from ...domain.shared.ids import AccountId, StudentId
from ...ports.errors import Unavailable
from .writing import keep, new_file


class FolderTombstones:
    """Keeps each under the student's id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, tombstone: Tombstone) -> None:
        try:
            await asyncio.to_thread(self._write, tombstone)
        except OSError as error:
            raise Unavailable from error

    async def every(self) -> AsyncIterator[Tombstone]:
        for path in await asyncio.to_thread(lambda: sorted(self._folder.glob("*.json"))):
            try:
                yield _read(await asyncio.to_thread(path.read_bytes))
            except OSError as error:
                raise Unavailable from error

    def _write(self, tombstone: Tombstone) -> None:
        target = self._folder / f"{tombstone.student_id}.json"
        if target.exists():
            return
        with new_file(self._folder) as (file, path):
            file.write(_written(tombstone))
            keep(file, path, target)


def _written(tombstone: Tombstone) -> bytes:
    said = {
        "student_id": str(tombstone.student_id),
        "account_id": str(tombstone.account_id),
        "erased_at": tombstone.erased_at.isoformat(),
    }
    return json.dumps(said).encode()


def _read(content: bytes) -> Tombstone:
    said = json.loads(content)
    return Tombstone(
        StudentId(UUID(said["student_id"])),
        AccountId(UUID(said["account_id"])),
        datetime.fromisoformat(said["erased_at"]),
    )
