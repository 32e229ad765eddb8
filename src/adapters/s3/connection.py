"""The one connection of a process to its bucket, and what the store's errors mean to the domain."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aioboto3  # type: ignore[import-untyped]
import aiohttp
from aiobotocore.config import AioConfig  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError  # type: ignore[import-untyped]

from ...domain.shared.errors import NotFound, Reason
from ...ports.errors import Unavailable

ENCRYPTION = "AES256"
"""Every object is encrypted by the store with its own keys (SSE-S3)."""

_MISSING = {"404", "NoSuchKey", "NoSuchVersion", "NoSuchUpload", "NotFound"}
_OURS_TO_MEND = {"400", "InvalidRequest", "InvalidArgument", "MalformedXML", "NotImplemented", "MethodNotAllowed"}


@dataclass(frozen=True)
class Bucket:
    """A bucket and the client that reaches it."""

    client: Any
    name: str
    patience: timedelta = timedelta(seconds=10)
    """How long the store may take for one answer, whatever is tried anew meanwhile."""

    def at(self, key: str) -> dict[str, str]:
        """Return the arguments that name one object."""
        return {"Bucket": self.name, "Key": key}

    @asynccontextmanager
    async def asked(self, times: int = 1) -> AsyncIterator[asyncio.Timeout]:
        """Let one question to the store be asked in the block, and give until when its answer has to be there.

        That is ``times`` our patience from now. Raises NotFound or Unavailable, with the cause kept, for what the
        store or the way to it raises inside.
        """
        with translated():
            async with asyncio.timeout(times * self.patience.total_seconds()) as until:
                yield until

    def sent(self, content: bytes, until: asyncio.Timeout) -> io.BytesIO:
        """Return the content as what is sent in the block: each time that the network has taken more of it, the store
        has all our patience again, so that a slow network may take its time and a silent one may not."""
        return _Sent(content, until, self.patience)

    async def pages(self, operation: str, **given: str) -> AsyncIterator[dict[str, Any]]:
        """Yield each page of what the operation lists in the bucket; raises as ``asked`` does."""
        pages = aiter(self.client.get_paginator(operation).paginate(Bucket=self.name, **given))
        while True:
            async with self.asked():
                page: dict[str, Any] | None = await anext(pages, None)
            if page is None:
                return
            yield page


class _Sent(io.BytesIO):
    """Bytes that are on their way."""

    def __init__(self, content: bytes, until: asyncio.Timeout, patience: timedelta) -> None:
        super().__init__(content)
        self._until = until
        self._patience = patience.total_seconds()

    def read(self, size: int | None = -1, /) -> bytes:
        with suppress(RuntimeError):  # it is over already
            self._until.reschedule(asyncio.get_running_loop().time() + self._patience)
        return super().read(size)


@asynccontextmanager
async def bucket(
    name: str,
    *,
    endpoint_url: str | None = None,
    region: str = "us-east-1",
    access_key_id: str | None = None,
    secret_access_key: str | None = None,
    connect_timeout: timedelta = timedelta(seconds=3),
    read_timeout: timedelta = timedelta(seconds=20),
    attempts: int = 3,
) -> AsyncIterator[Bucket]:
    """Give the bucket while the block runs; nothing is asked of the store yet.

    Without a key, what the machine itself is given counts. Addresses that clients use begin with the same endpoint.
    """
    for library in ("botocore", "aiobotocore", "boto3"):  # their debug lines hold signed requests
        logging.getLogger(library).setLevel(logging.INFO)
    config = AioConfig(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=connect_timeout.total_seconds(),
        read_timeout=read_timeout.total_seconds(),
        retries={"total_max_attempts": attempts, "mode": "standard"},
        max_pool_connections=50,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    session = aioboto3.Session(
        aws_access_key_id=access_key_id, aws_secret_access_key=secret_access_key, region_name=region
    )
    async with session.client("s3", endpoint_url=endpoint_url, config=config) as client:
        yield Bucket(client, name)


@contextmanager
def translated() -> Iterator[None]:
    """Raise NotFound or Unavailable, with the cause kept, for what the store or the way to it raises inside."""
    try:
        yield
    except ClientError as error:
        if code_of(error) in _MISSING:
            raise NotFound(Reason("file.unknown")) from error
        if code_of(error) in _OURS_TO_MEND:
            raise
        raise Unavailable from error
    except (BotoCoreError, HTTPClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Unavailable from error


def code_of(error: ClientError) -> str:
    """Return the store's word for what went wrong."""
    return str(error.response.get("Error", {}).get("Code", ""))
