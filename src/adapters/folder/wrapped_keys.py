"""Wrapped keys in a folder that belongs to no backup of the data."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from ...domain.shared.errors import NotFound, Reason
from ...domain.shared.ids import StudentId
from ...ports.errors import Unreadable
from ...ports.master_key import Wrapped
from ...ports.wrapped_keys import WrappedKey
from .files import on_disk
from .writing import alone_in, new_file, put_under, written

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class _Kept(msgspec.Struct):
    """A key as its file says it."""

    made_at: datetime
    master: str
    content: bytes


class FolderWrappedKeys:
    """Keeps one file a key, in a folder a student; an empty file with her id says that they were destroyed."""

    def __init__(self, folder: Path) -> None:
        self._students = folder / "students"
        self._destroyed = folder / "destroyed"

    async def of(self, student_id: StudentId) -> Sequence[WrappedKey]:
        with on_disk():
            return await asyncio.to_thread(self._of, student_id)

    async def keep(self, student_id: StudentId, key: WrappedKey) -> None:
        with on_disk():
            await asyncio.to_thread(self._keep, student_id, key)

    async def destroy(self, student_id: StudentId) -> None:
        with on_disk():
            await asyncio.to_thread(self._destroy, student_id)

    async def students(self) -> AsyncIterator[StudentId]:
        for student_id in await asyncio.to_thread(lambda: [*_ids_in(self._students)]):
            yield student_id

    async def destroyed(self) -> AsyncIterator[StudentId]:
        for student_id in await asyncio.to_thread(lambda: [*_ids_in(self._destroyed)]):
            yield student_id

    def _of(self, student_id: StudentId) -> list[WrappedKey]:
        found = []
        for path in sorted((self._students / str(student_id)).glob("*.key")):
            with suppress(FileNotFoundError):  # they are destroyed at this moment
                found.append(_read(path))
        self._demand_not_destroyed(student_id)  # last: whatever was read before counts only if it still may
        return found

    def _keep(self, student_id: StudentId, key: WrappedKey) -> None:
        with self._alone():
            self._demand_not_destroyed(student_id)
            folder = self._students / str(student_id)
            with new_file(self._students / ".new") as (file, path):
                file.write(msgspec.json.encode(_Kept(key.made_at, key.wrapped.version, key.wrapped.content)))
                written(file)
                put_under(path, folder / f"{key.id}.key")

    def _destroy(self, student_id: StudentId) -> None:
        with self._alone():
            with new_file(self._destroyed) as (file, path):
                written(file)
                put_under(path, self._destroyed / str(student_id))
            with suppress(FileNotFoundError):
                shutil.rmtree(self._students / str(student_id))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let no key come while some are destroyed: a late one would stay."""
        with alone_in(self._students):
            yield

    def _demand_not_destroyed(self, student_id: StudentId) -> None:
        if (self._destroyed / str(student_id)).exists():
            raise NotFound(Reason("student.erased"))


def _read(path: Path) -> WrappedKey:
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_Kept)
    except msgspec.DecodeError as error:
        raise Unreadable from error
    return WrappedKey(UUID(path.stem), kept.made_at, Wrapped(kept.master, kept.content))


def _ids_in(folder: Path) -> Iterator[StudentId]:
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            if _ID.fullmatch(path.name):
                yield StudentId(UUID(path.name))
