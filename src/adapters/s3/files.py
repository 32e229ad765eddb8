"""Where the bytes of papers are kept: a bucket, each file under its hash."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import quote
from uuid import uuid4

from ...domain.shared.errors import NotFound, Reason, RuleBroken
from ...ports.errors import Unavailable
from ...ports.files import Look, StoredFile
from . import multipart, objects
from .connection import Bucket, translated

KEPT, INCOMING = "files/", "incoming/"

_HEAD = 4096
_PART = 8 * 1024 * 1024
_PIECE = 256 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


class S3Files:
    """Keeps files in a versioned bucket; clients read them from the store by addresses that end."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def store(self, content: AsyncIterator[bytes], *, at_most: int, look: Look | None = None) -> StoredFile:
        taken = _Taken(at_most)
        parts = taken.parts(content)
        first = await anext(parts, b"")
        if not first:
            raise RuleBroken(Reason("file.empty", {}, "file"))
        if len(first) == _PART and (second := await anext(parts, b"")):
            await self._store_large(taken, first, second, parts, look)
        else:
            if look is not None:
                await look(taken.stored, _in_pieces(first))
            await objects.put(self._bucket, key_of(taken.stored.sha256), first, taken.digest.digest())
        return taken.stored

    async def _store_large(
        self, taken: "_Taken", first: bytes, second: bytes, rest: AsyncIterator[bytes], look: Look | None
    ) -> None:
        """Let the parts become an object elsewhere first: it gets its name once its hash is known."""
        new = f"{INCOMING}{uuid4()}"
        upload_id = await multipart.begin(self._bucket, new, ChecksumAlgorithm="SHA256")
        try:
            done = [await self._put_part(new, upload_id, 1, first), await self._put_part(new, upload_id, 2, second)]
            async for part in rest:
                done.append(await self._put_part(new, upload_id, len(done) + 1, part))
            await multipart.finish(self._bucket, new, upload_id, done)
            if look is not None:
                await look(taken.stored, objects.pieces_of(self._bucket, new))
            await objects.copy(self._bucket, new, key_of(taken.stored.sha256))
        finally:
            with suppress(Unavailable):  # what is left then is swept away a day later
                await multipart.give_up(self._bucket, new, upload_id)
                await objects.remove(self._bucket, new)

    async def _put_part(self, key: str, upload_id: str, number: int, part: bytes) -> dict[str, object]:
        checksum = objects.checksum_of(part)
        async with self._bucket.asked() as until:
            answer = await self._bucket.client.upload_part(
                **self._bucket.at(key),
                UploadId=upload_id,
                PartNumber=number,
                Body=self._bucket.sent(part, until),
                ChecksumSHA256=checksum,
            )
        return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum}

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        async for piece in objects.pieces_of(self._bucket, key_of(sha256)):
            yield piece

    async def delete(self, sha256: str, *, stored_before: datetime | None = None) -> None:
        with suppress(NotFound):
            await objects.remove(self._bucket, key_of(sha256), stored_before)

    async def link(self, sha256: str, *, file_name: str, content_type: str, until: datetime) -> str:
        params = {
            **self._bucket.at(key_of(sha256)),
            "ResponseContentType": content_type,
            "ResponseContentDisposition": disposition(file_name),
            "ResponseCacheControl": "private, no-store",
        }
        with translated():
            url: str = await self._bucket.client.generate_presigned_url(
                "get_object", Params=params, ExpiresIn=seconds_until(until)
            )
        return url

    async def kept_before(self, moment: datetime) -> AsyncIterator[str]:
        async for name in objects.names_before(self._bucket, KEPT, moment):
            yield name


class _Taken:
    """What came so far: counted, hashed, with its beginning; cut into parts of one size, the last one smaller."""

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._size = 0
        self._head = b""
        self.digest = hashlib.sha256()

    @property
    def stored(self) -> StoredFile:
        return StoredFile(self.digest.hexdigest(), self._size, self._head)

    async def parts(self, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        part = bytearray()
        async for piece in content:
            self._take(piece)
            part += piece
            while len(part) >= _PART:
                yield bytes(part[:_PART])
                del part[:_PART]
        if part:
            yield bytes(part)

    def _take(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._at_most:
            raise RuleBroken(Reason("file.too_large", {"at_most": self._at_most}, "file"))
        self.digest.update(piece)
        if len(self._head) < _HEAD:
            self._head = (self._head + piece[:_HEAD])[:_HEAD]


def key_of(sha256: str) -> str:
    """Return where the file of that hash is kept; raise NotFound for what is no hash."""
    if not _SHA256.fullmatch(sha256):
        raise NotFound(Reason("file.unknown"))
    return KEPT + sha256


def disposition(file_name: str) -> str:
    """Return the header under which the file is saved with its name, in any script (RFC 6266, RFC 8187)."""
    plain = "".join(
        sign if sign.isascii() and sign.isprintable() and sign not in '"\\%;' else "_" for sign in file_name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def seconds_until(until: datetime) -> int:
    """Return how long an address made now is to be valid: never longer than to the moment, at least one second."""
    return max(1, int((until - datetime.now(UTC)).total_seconds()))


async def _in_pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]
