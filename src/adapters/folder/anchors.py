"""Where heads of the audit trail are noted: one file, to which lines are only ever added."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from ...domain.audit.chain import Head
from ...domain.audit.heads import read_head, written
from ...ports.errors import Unavailable


class FolderAnchors:
    """Keeps a line of JSON for each head. On a disk that is written once it is stronger."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def put(self, head: Head) -> None:
        try:
            await asyncio.to_thread(self._put, head)
        except OSError as error:
            raise Unavailable from error

    async def heads(self, since: int = 0) -> AsyncIterator[Head]:
        try:
            found = await asyncio.to_thread(lambda: sorted(self._heads(since), key=lambda head: head.number))
        except OSError as error:
            raise Unavailable from error
        for head in found:
            yield head

    def _put(self, head: Head) -> None:
        if any((one.number, one.hash) == (head.number, head.hash) for one in self._heads(head.number)):
            return
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # One write of one line to the end of the file: two processes never mix theirs.
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, b"\n" + written(head) + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)

    def _heads(self, since: int) -> Iterator[Head]:
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                head = read_head(line)
                if head is not None and head.number >= since:
                    yield head
