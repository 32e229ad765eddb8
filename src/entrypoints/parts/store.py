"""Where a process keeps files: a bucket of an S3 store, else a folder."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ...adapters.folder.anchors import FolderAnchors
from ...adapters.folder.files import FolderFiles
from ...adapters.folder.incoming import FolderIncoming
from ...adapters.folder.wrapped_keys import FolderWrappedKeys
from ...ports.anchors import Anchors
from ...ports.files import Files
from ...ports.incoming import Incoming
from ...ports.wrapped_keys import WrappedKeys
from ..settings import Settings
from .checks import Check
from .elsewhere import Elsewhere
from .keys import link_key

if TYPE_CHECKING:
    from ..http.given import Links, Tickets


@dataclass(frozen=True)
class Store:
    """Where files are, and where clients bring theirs; ``links`` and ``tickets`` open the addresses of our own."""

    files: Files
    incoming: Incoming
    links: Links
    tickets: Tickets
    anchors: Anchors
    """Where the end of the audit trail is noted."""
    wrapped_keys: WrappedKeys
    folder: FolderFiles | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)

    fit: Callable[[], Awaitable[str]] | None = None

    async def prepare(self) -> str:
        """Make the store fit for use where that is missing, and return in a few words what was done."""
        return "the folder of files needs nothing" if self.fit is None else await self.fit()


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """Give the bucket that S3_BUCKET names, else the files of a folder below the home."""
    if settings.s3_bucket is not None:
        async with _bucket(settings, settings.s3_bucket) as opened:
            yield opened
        return
    home = settings.home_folder

    async def writable() -> bool:
        return os.access(home, os.R_OK | os.W_OK | os.X_OK)

    key = link_key(settings)
    files = FolderFiles(home / "files", key)
    incoming = FolderIncoming(files, home / "incoming", key)
    anchors = FolderAnchors(home / "audit" / "heads.jsonl")
    wrapped = _wrapped_keys(settings, FolderWrappedKeys(home / "keys"))
    yield Store(files, incoming, files, incoming, anchors, wrapped, folder=files, checks={"files": Check(writable)})


@asynccontextmanager
async def _bucket(settings: Settings, name: str) -> AsyncIterator[Store]:
    from ...adapters.s3 import connection, preparing  # noqa: PLC0415 - its weight is for those who set it
    from ...adapters.s3.anchors import S3Anchors  # noqa: PLC0415
    from ...adapters.s3.files import S3Files  # noqa: PLC0415
    from ...adapters.s3.incoming import S3Incoming  # noqa: PLC0415
    from ...adapters.s3.wrapped_keys import S3WrappedKeys  # noqa: PLC0415

    async with connection.bucket(
        name,
        endpoint_url=settings.s3_endpoint_url,
        region=settings.s3_region,
        access_key_id=settings.s3_access_key_id,
        secret_access_key=settings.s3_secret_access_key,
    ) as bucket:
        key_bucket = connection.Bucket(bucket.client, settings.key_bucket) if settings.key_bucket else bucket

        async def fit() -> str:
            origins = settings.allowed_origins.split()
            missing = await preparing.prepare(bucket, region=settings.s3_region, origins=origins)
            if key_bucket is not bucket:
                await preparing.prepare(key_bucket, region=settings.s3_region)
            left_out = f" (the store knows no {', no '.join(missing)})" if missing else ""
            return f"the bucket {name} is ready{left_out}"

        async def look() -> bool:
            return await preparing.check(bucket) and await preparing.check(key_bucket)

        checks = {"files": Check(look, needed=False)}
        anchors = S3Anchors(bucket, locked_for=timedelta(days=settings.audit_lock_days))
        wrapped = _wrapped_keys(settings, S3WrappedKeys(key_bucket))
        yield Store(
            S3Files(bucket), S3Incoming(bucket), Elsewhere(), Elsewhere(), anchors, wrapped, checks=checks, fit=fit
        )


def _wrapped_keys(settings: Settings, otherwise: WrappedKeys) -> WrappedKeys:
    """Return the folder for wrapped keys where one is named."""
    return FolderWrappedKeys(Path(settings.key_folder)) if settings.key_folder else otherwise
