"""Objects that come in several parts and appear only once all of them are there."""

from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from ...domain.shared.errors import NotFound
from .connection import ENCRYPTION, Bucket, translated


async def begin(bucket: Bucket, key: str, **more: str) -> str:
    """Begin an object in parts and return the id of the attempt."""
    with translated():
        answer = await bucket.client.create_multipart_upload(**bucket.at(key), ServerSideEncryption=ENCRYPTION, **more)
    upload_id: str = answer["UploadId"]
    return upload_id


async def attempts(bucket: Bucket, prefix: str) -> AsyncIterator[tuple[str, str, datetime]]:
    """Yield key, id and beginning of each attempt below the prefix that was not finished."""
    pages = bucket.client.get_paginator("list_multipart_uploads").paginate(Bucket=bucket.name, Prefix=prefix)
    with translated():
        async for page in pages:
            for one in page.get("Uploads", ()):
                yield one["Key"], one["UploadId"], one["Initiated"]


async def parts_of(bucket: Bucket, key: str, upload_id: str) -> list[dict[str, Any]]:
    """Return the parts that have come; raise NotFound when the attempt was finished or given up."""
    parts: list[dict[str, Any]] = []
    pages = bucket.client.get_paginator("list_parts").paginate(**bucket.at(key), UploadId=upload_id)
    with translated():
        async for page in pages:
            parts += page.get("Parts", ())
    return sorted(parts, key=lambda part: int(part["PartNumber"]))


async def finish(bucket: Bucket, key: str, upload_id: str, parts: list[dict[str, Any]]) -> None:
    """Put the parts together; raise NotFound when the attempt was finished or given up."""
    named = [{name: part[name] for name in ("PartNumber", "ETag", "ChecksumSHA256") if name in part} for part in parts]
    with translated():
        await bucket.client.complete_multipart_upload(
            **bucket.at(key), UploadId=upload_id, MultipartUpload={"Parts": named}
        )


async def give_up(bucket: Bucket, key: str, upload_id: str) -> None:
    """Forget the attempt with its parts; one that is not there changes nothing."""
    with translated(), suppress(NotFound):
        await bucket.client.abort_multipart_upload(**bucket.at(key), UploadId=upload_id)
