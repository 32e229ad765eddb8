"""Wrapped keys in a bucket that belongs to no backup of the data."""

from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import msgspec

from ...domain.shared.errors import NotFound, Reason
from ...domain.shared.ids import StudentId
from ...ports.errors import Unreadable
from ...ports.master_key import Wrapped
from ...ports.wrapped_keys import WrappedKey
from . import objects
from .connection import Bucket

_KEYS, _DESTROYED = "keys/", "destroyed/"


class _Kept(msgspec.Struct):
    """A key as its object says it."""

    made_at: datetime
    master: str
    content: bytes


class S3WrappedKeys:
    """Keeps one object a key, all of a student under one prefix; an object with her id says they were destroyed."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def of(self, student_id: StudentId) -> Sequence[WrappedKey]:
        found = []
        for name in [one async for one in objects.names(self._bucket, _prefix(student_id))]:
            with suppress(NotFound):  # they are destroyed at this moment
                found.append(await self._read(student_id, name))
        await self._demand_not_destroyed(student_id)  # last: whatever was read before counts only if it still may
        return sorted(found, key=lambda key: key.id)

    async def keep(self, student_id: StudentId, key: WrappedKey) -> None:
        await self._demand_not_destroyed(student_id)
        place = f"{_prefix(student_id)}{key.id}"
        content = msgspec.json.encode(_Kept(key.made_at, key.wrapped.version, key.wrapped.content))
        await objects.put(self._bucket, place, content, sha256(content).digest())
        try:
            await self._demand_not_destroyed(student_id)
        except NotFound:  # after our first look: whoever destroys them may have missed this one
            await objects.remove(self._bucket, place)
            raise

    async def destroy(self, student_id: StudentId) -> None:
        note = str(student_id).encode()
        await objects.put(self._bucket, f"{_DESTROYED}{student_id}", note, sha256(note).digest())
        await objects.remove_all(self._bucket, _prefix(student_id))

    async def students(self) -> AsyncIterator[StudentId]:
        last = ""
        async for name in objects.names(self._bucket, _KEYS):
            student = name.partition("/")[0]
            if student != last:
                last = student
                yield StudentId(UUID(student))

    async def destroyed(self) -> AsyncIterator[StudentId]:
        async for name in objects.names(self._bucket, _DESTROYED):
            yield StudentId(UUID(name))

    async def _read(self, student_id: StudentId, name: str) -> WrappedKey:
        pieces = objects.pieces_of(self._bucket, _prefix(student_id) + name)
        try:
            kept = msgspec.json.decode(b"".join([piece async for piece in pieces]), type=_Kept)
        except msgspec.DecodeError as error:
            raise Unreadable from error
        return WrappedKey(UUID(name), kept.made_at, Wrapped(kept.master, kept.content))

    async def _demand_not_destroyed(self, student_id: StudentId) -> None:
        try:
            async with self._bucket.asked():
                await self._bucket.client.head_object(**self._bucket.at(f"{_DESTROYED}{student_id}"))
        except NotFound:
            return
        raise NotFound(Reason("student.erased"))


def _prefix(student_id: StudentId) -> str:
    return f"{_KEYS}{student_id}/"
