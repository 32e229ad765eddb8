"""Hands batches from the thread that reads a file to whoever takes them, one ahead."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.imports.rows import Batch
from ...domain.shared.errors import Reason

BATCH = 5_000
AHEAD = 2


async def in_thread(batches: Iterator[Batch]) -> AsyncIterator[Batch]:
    """Yield the batches, reading a few ahead in a thread while those before are being kept."""
    loop = asyncio.get_running_loop()
    ahead: asyncio.Queue[Batch | BaseException | None] = asyncio.Queue(AHEAD)
    stop = threading.Event()

    def put(item: Batch | BaseException | None) -> None:
        asyncio.run_coroutine_threadsafe(ahead.put(item), loop).result()

    def read() -> None:
        end: BaseException | None = None
        try:
            for batch in batches:
                put(batch)
                if stop.is_set():
                    break
        except BaseException as error:  # noqa: BLE001  it is raised again where the batches are taken
            end = error
        put(end)

    reading = asyncio.ensure_future(asyncio.to_thread(read))
    try:
        while isinstance(item := await ahead.get(), Batch):
            yield item
        if item is not None:
            raise item
    finally:
        stop.set()
        while not reading.done():  # a thread cannot be stopped: let it come to its next batch
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ahead.get(), 0.05)


def sha256_of(path: Path, name: str) -> str:
    """Return the hash of the file's content; raise BrokenCatalogue where there is no file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BrokenCatalogue(Reason("file.unreadable", {"detail": error.strerror}, name)) from error
