"""Where clients put the bytes of an upload by themselves: a folder, behind signed addresses of our own."""

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ...domain.documents.upload import Announced, not_as_announced
from ...domain.shared.errors import NotFound, Reason, RuleBroken
from ...ports.incoming import Ticket, TicketPart
from .files import FolderFiles, on_disk, pieces_in, take
from .signing import Signer
from .writing import new_file, put_under, written

_NAME = re.compile(r"[0-9a-f-]{36}")


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    """What the address of a ticket takes: one file under this name."""

    name: str
    announced: Announced


class FolderIncoming:
    """Takes uploads by one PUT each to an address below ``prefix``, into a folder beside the kept files."""

    def __init__(self, files: FolderFiles, folder: Path, key: bytes, *, prefix: str = "/v1/files/") -> None:
        self._files = files
        self._folder = folder
        self._signer = Signer(key, b"higherstudy upload ticket")
        self._prefix = prefix

    async def ticket(self, name: str, announced: Announced, until: datetime) -> Ticket:
        ends = int(until.timestamp())
        said = (name, announced.size, announced.content_type, announced.sha256, ends)
        url = self._prefix + self._signer.token(msgspec.json.encode(said))
        headers = {"content-type": announced.content_type, "content-length": str(announced.size)}
        return Ticket((TicketPart(url, headers, 0, announced.size),), until)

    def open_ticket(self, token: str, now: datetime) -> OpenedTicket:
        """Return what the last part of a ticket's address takes; raise NotFound when it is not ours or has ended."""
        said = msgspec.json.decode(self._signer.open(token), type=tuple[str, int, str, str, int])
        name, size, content_type, sha256, until = said
        if now > datetime.fromtimestamp(until, UTC):
            raise NotFound(Reason("file.link_not_valid"))
        return OpenedTicket(name, Announced(size, content_type, sha256))

    async def take(self, opened: OpenedTicket, content_type: str, content: AsyncIterator[bytes]) -> None:
        """Keep what a client sends, whole or not at all; raise RuleBroken for other bytes than were announced."""
        announced, digest, size = opened.announced, hashlib.sha256(), 0
        if content_type != announced.content_type:
            raise RuleBroken(not_as_announced("content_type", announced.content_type, content_type[:60]))
        with on_disk(), new_file(self._files.new) as (file, path):
            async for piece in content:
                size += len(piece)
                if size > announced.size:
                    break
                await asyncio.to_thread(take, file, digest, piece)
            if size != announced.size:
                raise RuleBroken(not_as_announced("size", announced.size, size))
            if digest.hexdigest() != announced.sha256:
                raise RuleBroken(not_as_announced("sha256", announced.sha256, digest.hexdigest()))
            await asyncio.to_thread(written, file)
            await asyncio.to_thread(put_under, path, self._path(opened.name))

    async def arrived(self, name: str, announced: Announced) -> None:
        with on_disk():
            try:
                size = (await asyncio.to_thread(self._path(name).stat)).st_size
            except FileNotFoundError:
                raise NotFound(Reason("upload.not_arrived")) from None
        if size != announced.size:
            raise RuleBroken(not_as_announced("size", announced.size, size))

    async def read(self, name: str) -> AsyncIterator[bytes]:
        async for piece in pieces_in(self._path(name)):
            yield piece

    async def drop(self, name: str) -> None:
        with on_disk():
            await asyncio.to_thread(self._path(name).unlink, missing_ok=True)

    async def left_before(self, moment: datetime) -> AsyncIterator[str]:
        await self._files.remove_unfinished(moment)  # what has no name yet is left behind by processes that died
        for name in await asyncio.to_thread(_left_before, self._folder, moment.timestamp()):
            yield name

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NotFound(Reason("upload.not_arrived"))
        return self._folder / name


def _left_before(folder: Path, before: float) -> list[str]:
    found = []
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # somebody has just removed it
                if _NAME.fullmatch(entry.name) and entry.stat().st_mtime < before:
                    found.append(entry.name)
    return found
