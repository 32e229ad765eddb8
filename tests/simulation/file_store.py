"""The file store and the scanner over a network: what the API and workers ask of them, and what clients send."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any

from simulation.faults import Mishap
from simulation.stage import Stage

from higherstudy.adapters.memory.files import MemoryFiles
from higherstudy.adapters.memory.incoming import MemoryIncoming
from higherstudy.adapters.memory.scanner import MemoryScanner
from higherstudy.domain.documents.upload import Announced
from higherstudy.domain.shared.errors import Forbidden
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.files import Look, StoredFile
from higherstudy.ports.incoming import Ticket, TicketPart

WORM = b"worm"
_DELETING = (0.01, 2, 10)
"""Seconds from the request to its effect."""


class StageFiles:
    """The kept files; what the store took in stays."""

    def __init__(self, stage: Stage, counts: Callable[[str], bool]) -> None:
        """``counts`` tells whether a version counts on the file of that hash."""
        self._stage = stage
        self._counts = counts
        self.kept = MemoryFiles(stage)

    async def store(self, content: AsyncIterator[bytes], *, at_most: int, look: Look | None = None) -> StoredFile:
        await self._reach("store a file")
        stored = await self.kept.store(content, at_most=at_most, look=look)
        await self._reach("file stored")
        return stored

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        await self._reach("read a file")
        async for piece in self.kept.read(sha256):
            yield piece

    async def delete(self, sha256: str, *, stored_before: datetime | None = None) -> None:
        await self._reach("delete a file")
        await asyncio.sleep(self._stage.chance.choice(_DELETING))  # meanwhile it may be stored anew
        await self._stage.point("deleted now")
        await self.kept.delete(sha256, stored_before=stored_before)
        taken_away = self.kept.kept(sha256) is None and self._counts(sha256)
        self._stage.demand(not taken_away, "a file was taken away on which a version counts", sha256)

    async def link(self, sha256: str, **said: Any) -> str:
        return await self.kept.link(sha256, **said)

    async def kept_before(self, moment: datetime) -> AsyncIterator[str]:
        await self._reach("list files")
        async for sha256 in self.kept.kept_before(moment):
            yield sha256

    async def _reach(self, what: str) -> None:
        await _reach(self._stage, what)


class StageIncoming:
    """Where clients put their bytes, seen from our side and from theirs."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.inner = MemoryIncoming(stage)

    async def ticket(self, name: str, announced: Announced, until: datetime) -> Ticket:
        await _reach(self._stage, "ticket")
        return await self.inner.ticket(name, announced, until)

    async def arrived(self, name: str, announced: Announced) -> None:
        await _reach(self._stage, "has it arrived?")
        await self.inner.arrived(name, announced)

    async def read(self, name: str) -> AsyncIterator[bytes]:
        await _reach(self._stage, "read what arrived")
        async for piece in self.inner.read(name):
            yield piece

    async def drop(self, name: str) -> None:
        await _reach(self._stage, "drop what arrived")
        await self.inner.drop(name)

    async def left_before(self, moment: datetime) -> AsyncIterator[str]:
        await _reach(self._stage, "list what arrived")
        async for name in self.inner.left_before(moment):
            yield name

    async def take(self, part: TicketPart, content: bytes) -> bool:
        """Return whether the store takes the bytes that a client sends; raise ConnectionError where she cannot tell."""
        await asyncio.sleep(self._stage.faults.within(0, 2))
        if self._stage.strikes(Mishap.BYTES_LOST):
            raise ConnectionError
        try:
            self.inner.put(part.url, part.headers, content)
        except Forbidden:
            return False
        self._stage.note("bytes came", len(content))
        if self._stage.strikes(Mishap.BYTES_UNSURE):
            raise ConnectionError
        return True


class StageScanner:
    """Knows one thing that is harmful."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._inner = MemoryScanner({WORM: "A worm"})

    async def scan(self, content: AsyncIterator[bytes]) -> str | None:
        await self._stage.point("scan")
        if self._stage.strikes(Mishap.SCANNER_AWAY):
            raise Unavailable
        found = await self._inner.scan(content)
        await self._stage.point("scanned")
        return found


async def _reach(stage: Stage, what: str) -> None:
    await stage.point(what)
    if stage.strikes(Mishap.FILES_AWAY):
        raise Unavailable
