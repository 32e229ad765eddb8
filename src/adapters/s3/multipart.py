"""Objects that come in several parts and appear only once all of them are there."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from ...domain.shared.errors import NotFound
from .connection import ENCRYPTION, Bucket

_TIMES_TO_PUT_TOGETHER = 3  # a store may take a while over a large one


async def begin(bucket: Bucket, key: str, **more: str) -> str:
    """Begin an object in parts and return the id of the attempt."""
    async with bucket.asked():
        answer = await bucket.client.create_multipart_upload(**bucket.at(key), ServerSideEncryption=ENCRYPTION, **more)
    upload_id: str = answer["UploadId"]
    return upload_id


async def attempts(bucket: Bucket, prefix: str) -> AsyncIterator[tuple[str, str, datetime]]:
    """Yield key, id and beginning of each attempt below the prefix that was not finished."""
    async for page in bucket.pages("list_multipart_uploads", Prefix=prefix):
        for one in page.get("Uploads", ()):
            yield one["Key"], one["UploadId"], one["Initiated"]


async def parts_of(bucket: Bucket, key: str, upload_id: str) -> list[dict[str, Any]]:
    """Return the parts that have come; raise NotFound when the attempt was finished or given up."""
    parts: list[dict[str, Any]] = []
    async for page in bucket.pages("list_parts", Key=key, UploadId=upload_id):
        parts += page.get("Parts", ())
    return sorted(parts, key=lambda part: int(part["PartNumber"]))


async def finish(bucket: Bucket, key: str, upload_id: str, parts: list[dict[str, Any]]) -> None:
    """Put the parts together; raise NotFound when the attempt was finished or given up."""
    named = [{name: part[name] for name in ("PartNumber", "ETag", "ChecksumSHA256") if name in part} for part in parts]
    async with bucket.asked(_TIMES_TO_PUT_TOGETHER):
        await bucket.client.complete_multipart_upload(
            **bucket.at(key), UploadId=upload_id, MultipartUpload={"Parts": named}
        )


async def give_up(bucket: Bucket, key: str, upload_id: str) -> None:
    """Forget the attempt with its parts; one that is not there changes nothing."""
    with suppress(NotFound):
        async with bucket.asked():
            await bucket.client.abort_multipart_upload(**bucket.at(key), UploadId=upload_id)
