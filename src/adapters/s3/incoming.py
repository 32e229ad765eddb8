"""Where clients put the bytes of an upload by themselves: the store, by addresses that allow just that."""

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime

from ...domain.documents.upload import Announced, not_as_announced
from ...domain.shared.errors import NotFound, Reason, RuleBroken
from ...ports.incoming import Ticket, TicketPart
from . import multipart, objects
from .connection import ENCRYPTION, Bucket, translated
from .files import INCOMING, seconds_until

LARGEST_SINGLE = 16 * 1024 * 1024
PART = 8 * 1024 * 1024

_NAME = re.compile(r"[0-9a-f-]{36}")


class S3Incoming:
    """Signs addresses for uploads; what the signature covers (type, size, hash, encryption) the store holds to.

    A file of up to 16 MiB is one PUT with its SHA-256 in the signature. A larger one comes in parts whose sizes are
    signed; its hash is known once it was read.
    """

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def ticket(self, name: str, announced: Announced, until: datetime) -> Ticket:
        if announced.size <= LARGEST_SINGLE:
            return Ticket((await self._whole(_key(name), announced, until),), until)
        upload_id = await self._attempt(_key(name), announced)
        starts = range(0, announced.size, PART)
        parts = [
            await self._part(_key(name), upload_id, number, start, min(PART, announced.size - start), until)
            for number, start in enumerate(starts, 1)
        ]
        return Ticket(tuple(parts), until)

    async def arrived(self, name: str, announced: Announced) -> None:
        key = _key(name)
        try:
            size = await self._size(key)
        except NotFound:
            await self._put_together(key, announced)
            size = await self._size(key)
        if size != announced.size:
            raise RuleBroken(not_as_announced("size", announced.size, size))

    async def read(self, name: str) -> AsyncIterator[bytes]:
        async for piece in objects.pieces_of(self._bucket, _key(name)):
            yield piece

    async def drop(self, name: str) -> None:
        key = _key(name)
        async for found, upload_id, _ in multipart.attempts(self._bucket, key):
            await multipart.give_up(self._bucket, found, upload_id)
        await objects.remove(self._bucket, key)

    async def left_before(self, moment: datetime) -> AsyncIterator[str]:
        seen = set()
        async for name in objects.names_before(self._bucket, INCOMING, moment):
            if _NAME.fullmatch(name):
                seen.add(name)
                yield name
        async for key, _, begun in multipart.attempts(self._bucket, INCOMING):
            name = key.removeprefix(INCOMING)
            if begun < moment and name not in seen and _NAME.fullmatch(name):
                seen.add(name)
                yield name

    async def _whole(self, key: str, announced: Announced, until: datetime) -> TicketPart:
        checksum = objects.as_checksum(bytes.fromhex(announced.sha256))
        params = {
            **self._bucket.at(key),
            "ContentType": announced.content_type,
            "ContentLength": announced.size,
            "ChecksumSHA256": checksum,
            "ServerSideEncryption": ENCRYPTION,
        }
        headers = {
            "content-type": announced.content_type,
            "content-length": str(announced.size),
            "x-amz-checksum-sha256": checksum,
            "x-amz-server-side-encryption": ENCRYPTION,
        }
        return TicketPart(await self._signed("put_object", params, until), headers, 0, announced.size)

    async def _part(self, key: str, upload_id: str, number: int, start: int, size: int, until: datetime) -> TicketPart:
        params = {**self._bucket.at(key), "UploadId": upload_id, "PartNumber": number, "ContentLength": size}
        url = await self._signed("upload_part", params, until)
        return TicketPart(url, {"content-length": str(size)}, start, size)

    async def _signed(self, operation: str, params: dict[str, object], until: datetime) -> str:
        with translated():
            url: str = await self._bucket.client.generate_presigned_url(
                operation, Params=params, ExpiresIn=seconds_until(until), HttpMethod="PUT"
            )
        return url

    async def _attempt(self, key: str, announced: Announced) -> str:
        """Return the attempt that was begun under the key, or begin one."""
        async for found, upload_id, _ in multipart.attempts(self._bucket, key):
            if found == key:
                return upload_id
        return await multipart.begin(self._bucket, key, ContentType=announced.content_type)

    async def _size(self, key: str) -> int:
        async with self._bucket.asked():
            answer = await self._bucket.client.head_object(**self._bucket.at(key))
        size: int = answer["ContentLength"]
        return size

    async def _put_together(self, key: str, announced: Announced) -> None:
        """Finish the attempt of which all parts have come; raise NotFound where there is none."""
        async for found, upload_id, _ in multipart.attempts(self._bucket, key):
            with suppress(NotFound):  # another request for the same finishes it at this moment
                parts = await multipart.parts_of(self._bucket, key, upload_id) if found == key else []
                if parts and sum(part["Size"] for part in parts) == announced.size:
                    await multipart.finish(self._bucket, key, upload_id, parts)
                    return


def _key(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NotFound(Reason("upload.not_arrived"))
    return INCOMING + name
