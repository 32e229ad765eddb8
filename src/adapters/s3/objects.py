"""What both halves of the store do with objects: read, copy, list, and remove for good."""

import hashlib
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from ...domain.shared.errors import NotFound
from .connection import ENCRYPTION, Bucket, translated

_PIECE = 256 * 1024
_TIMES_FOR_A_COPY = 3  # the store itself reads and writes all of it before it answers


async def pieces_of(bucket: Bucket, key: str) -> AsyncIterator[bytes]:
    """Yield the object's content; raise NotFound where there is none."""
    async with bucket.asked():
        answer = await bucket.client.get_object(**bucket.at(key))
    with translated():
        async with answer["Body"] as body:
            async for piece in body.content.iter_chunked(_PIECE):
                yield piece


async def put(bucket: Bucket, key: str, content: bytes, sha256: bytes) -> None:
    """Keep the content under the key; the store refuses it unless it has that hash."""
    async with bucket.asked() as until:
        await bucket.client.put_object(
            **bucket.at(key),
            Body=bucket.sent(content, until),
            ChecksumSHA256=as_checksum(sha256),
            ServerSideEncryption=ENCRYPTION,
        )


async def copy(bucket: Bucket, source: str, target: str) -> None:
    """Let the store copy the object, also onto itself, so that the target is a new one; raise NotFound without it."""
    async with bucket.asked(_TIMES_FOR_A_COPY):
        await bucket.client.copy_object(
            **bucket.at(target),
            CopySource=bucket.at(source),
            MetadataDirective="REPLACE",
            ContentType="application/octet-stream",  # a link says what it is when it is opened
            ServerSideEncryption=ENCRYPTION,
        )


async def remove(bucket: Bucket, key: str, stored_before: datetime | None = None) -> None:
    """Remove every version of the object, or those from before the moment; each by its own id, so that one that is
    stored meanwhile stays."""
    async for one in _versions(bucket, key):
        if stored_before is None or one["LastModified"] < stored_before:
            with suppress(NotFound):
                async with bucket.asked():
                    await bucket.client.delete_object(**bucket.at(key), VersionId=one["VersionId"])


async def remove_all(bucket: Bucket, prefix: str) -> None:
    """Remove every version of every object whose key begins so."""
    async for page in bucket.pages("list_object_versions", Prefix=prefix):
        for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            with suppress(NotFound):
                async with bucket.asked():
                    await bucket.client.delete_object(**bucket.at(one["Key"]), VersionId=one["VersionId"])


async def _versions(bucket: Bucket, key: str) -> AsyncIterator[dict[str, Any]]:
    async for page in bucket.pages("list_object_versions", Prefix=key):
        for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            if one["Key"] == key:
                yield one


async def names(bucket: Bucket, prefix: str) -> AsyncIterator[str]:
    """Yield what comes after the prefix in the key of each object, in order."""
    async for page in bucket.pages("list_objects_v2", Prefix=prefix):
        for one in page.get("Contents", ()):
            yield one["Key"].removeprefix(prefix)


async def names_before(bucket: Bucket, prefix: str, moment: datetime) -> AsyncIterator[str]:
    """Yield what comes after the prefix in the key of each object that was stored before the moment."""
    async for page in bucket.pages("list_objects_v2", Prefix=prefix):
        for one in page.get("Contents", ()):
            if one["LastModified"] < moment:
                yield one["Key"].removeprefix(prefix)


def as_checksum(digest: bytes) -> str:
    """Return a SHA-256 as the store writes it."""
    return b64encode(digest).decode()


def checksum_of(content: bytes) -> str:
    """Return the SHA-256 of the content as the store writes it."""
    return as_checksum(hashlib.sha256(content).digest())
