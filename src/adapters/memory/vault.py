"""A vault in memory, of the standard library alone."""

from __future__ import annotations

import hashlib
import hmac
import itertools
from collections.abc import AsyncIterator, Iterator

from ...domain.shared.errors import NotFound, Reason
from ...domain.shared.ids import StudentId
from ...ports.errors import Unreadable
from ...ports.vault import SEALED, Place, Report

_KEY_ID, _NONCE, _TAG = 4, 8, 32
_HEAD = len(SEALED) + _KEY_ID + _NONCE


class MemoryVault:
    """Seals by the same keys in every run, so anybody can open it: for tests and replays only."""

    def __init__(self, seed: str = "") -> None:
        self._seed = seed
        self._nonces = itertools.count(1)
        self._newest: dict[StudentId, int] = {}
        self._destroyed: dict[StudentId, None] = {}

    async def keys_of(self, student_id: StudentId) -> MemoryStudentKeys:
        return self.keys(student_id)

    def keys(self, student_id: StudentId) -> MemoryStudentKeys:
        """Return what ``keys_of`` does, at once."""
        if student_id in self._destroyed:
            raise NotFound(Reason("student.erased"))
        newest = self._newest.setdefault(student_id, 1)
        keys = {n: hashlib.sha256(f"{self._seed}:{student_id}:{n}".encode()).digest() for n in range(1, newest + 1)}
        return MemoryStudentKeys(keys, self._nonces)

    async def rotate(self, student_id: StudentId) -> None:
        await self.keys_of(student_id)
        self._newest[student_id] += 1

    async def destroy(self, student_id: StudentId) -> None:
        self._newest.pop(student_id, None)
        self._destroyed[student_id] = None

    async def destroyed(self) -> AsyncIterator[StudentId]:
        for student_id in tuple(self._destroyed):
            yield student_id

    async def rewrap(self, report: Report) -> int:
        """Return 0: nothing wraps these keys."""
        await report(0)
        return 0


class MemoryStudentKeys:
    """Seals small content, all of it at once, by a stream of SHAKE-256 and an HMAC over everything."""

    def __init__(self, keys: dict[int, bytes], nonces: Iterator[int]) -> None:
        self._keys = keys
        self._nonces = nonces

    def seal(self, place: Place, content: bytes) -> bytes:
        key_id = max(self._keys)
        head = SEALED + key_id.to_bytes(_KEY_ID, "big") + next(self._nonces).to_bytes(_NONCE, "big")
        hidden = _mixed(self._keys[key_id], head, content)
        return head + hidden + _tag(self._keys[key_id], place, head + hidden)

    def open(self, place: Place, sealed: bytes) -> bytes:
        head, hidden, tag = sealed[:_HEAD], sealed[_HEAD:-_TAG], sealed[-_TAG:]
        key = self._keys.get(int.from_bytes(head[len(SEALED) : len(SEALED) + _KEY_ID], "big"))
        if key is None or not hmac.compare_digest(tag, _tag(key, place, head + hidden)):
            raise Unreadable
        return _mixed(key, head, hidden)

    async def sealing(self, place: Place, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        yield self.seal(place, b"".join([piece async for piece in content]))

    async def opening(self, place: Place, sealed: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        yield self.open(place, b"".join([piece async for piece in sealed]))


def _mixed(key: bytes, head: bytes, content: bytes) -> bytes:
    stream = hashlib.shake_256(key + head).digest(len(content))
    mixed = int.from_bytes(content, "big") ^ int.from_bytes(stream, "big")
    return mixed.to_bytes(len(content), "big")


def _tag(key: bytes, place: Place, sealed: bytes) -> bytes:
    return hmac.digest(key, repr((place.kind, place.id)).encode() + b"\0" + sealed, "sha256")
