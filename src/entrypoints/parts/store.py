"""Where a process keeps files: a bucket of an S3 store, else a folder."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from ...adapters.folder.anchors import FolderAnchors
from ...adapters.folder.files import FolderFiles
from ...adapters.folder.incoming import FolderIncoming
from ...ports.anchors import Anchors
from ...ports.files import Files
from ...ports.incoming import Incoming
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
    yield Store(files, incoming, files, incoming, anchors, folder=files, checks={"files": Check(writable)})


@asynccontextmanager
async def _bucket(settings: Settings, name: str) -> AsyncIterator[Store]:
    from ...adapters.s3 import connection, preparing  # noqa: PLC0415 - its weight is for those who set it
    from ...adapters.s3.anchors import S3Anchors  # noqa: PLC0415
    from ...adapters.s3.files import S3Files  # noqa: PLC0415
    from ...adapters.s3.incoming import S3Incoming  # noqa: PLC0415

    async with connection.bucket(
        name,
        endpoint_url=settings.s3_endpoint_url,
        region=settings.s3_region,
        access_key_id=settings.s3_access_key_id,
        secret_access_key=settings.s3_secret_access_key,
    ) as bucket:

        async def fit() -> str:
            origins = settings.allowed_origins.split()
            missing = await preparing.prepare(bucket, region=settings.s3_region, origins=origins)
            left_out = f" (the store knows no {', no '.join(missing)})" if missing else ""
            return f"the bucket {name} is ready{left_out}"

        async def look() -> bool:
            return await preparing.check(bucket)

        checks = {"files": Check(look, needed=False)}
        anchors = S3Anchors(bucket, locked_for=timedelta(days=settings.audit_lock_days))
        yield Store(S3Files(bucket), S3Incoming(bucket), Elsewhere(), Elsewhere(), anchors, checks=checks, fit=fit)
