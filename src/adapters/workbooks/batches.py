"""Hands batches from the thread that reads a file to whoever takes them, one ahead."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.imports.rows import Batch
from ...domain.shared.errors import Reason

BATCH = 2_000


async def in_thread(batches: Iterator[Batch]) -> AsyncIterator[Batch]:
    """Yield the batches; the next one is read while the one before is being kept."""
    ahead = asyncio.ensure_future(asyncio.to_thread(next, batches, None))
    try:
        while (batch := await ahead) is not None:
            ahead = asyncio.ensure_future(asyncio.to_thread(next, batches, None))
            yield batch
    finally:
        if not ahead.done():  # a thread cannot be stopped: wait, so that nothing reads a file that may be gone
            await asyncio.wait([ahead])
        if not ahead.cancelled():
            ahead.exception()


def sha256_of(path: Path, name: str) -> str:
    """Return the hash of the file's content; raise BrokenCatalogue where there is no file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BrokenCatalogue(Reason("file.unreadable", {"detail": error.strerror}, name)) from error
