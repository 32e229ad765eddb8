"""Where the bytes of papers are kept: a WebDAV server, each file under its hash."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from datetime import datetime
from uuid import uuid4
from weakref import WeakValueDictionary

from higherstudy.domain.shared.errors import NotFound, Reason, RuleBroken
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.files import Look, StoredFile

from .links import Links, OpenedLink
from .server import NotThere, WebDavServer

_HEAD = 4096
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHARDS = tuple(f"{number:02x}" for number in range(256))
_NEW = "new"


class WebDavFiles:
    """Keeps files in a collection: ``new/`` holds what is on its way, ``ab/`` the files whose hash begins with ab.

    A file is written under a name of its own and moved to its place when all of it is there, so nobody ever reads half
    of one. May be used from many tasks and processes at once; when two processes store equal content at the very same
    moment, the server may refuse one of them, which is then Unavailable. Links lead to our own API below ``prefix``,
    which asks ``open_link`` what they open.
    """

    def __init__(self, server: WebDavServer, key: bytes, *, prefix: str = "/v1/files/") -> None:
        self._server = server
        self._links = Links(key)
        self._prefix = prefix
        self._moving: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def store(self, content: AsyncIterator[bytes], *, at_most: int, look: Look | None = None) -> StoredFile:
        arriving, name = _Arriving(content, at_most), f"{_NEW}/{uuid4().hex}"
        try:
            first = await arriving.first_piece()  # nothing is written for a file without a byte
            await self._put(name, arriving, first)
            stored = arriving.stored()
            if look is not None:
                async with aclosing(self._server.get(name)) as written:
                    await look(stored, written)
            await self._move(name, _path(stored.sha256))
        except BaseException:
            # Whoever gave up must not be kept waiting by a server that is away; ``remove_unfinished`` is the net.
            await asyncio.shield(self._drop(name))
            raise
        return stored

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        path = _path(sha256)
        try:
            async with aclosing(self._server.get(path)) as content:
                async for piece in content:
                    yield piece
        except NotThere:
            raise NotFound(Reason("file.unknown")) from None

    async def delete(self, sha256: str, *, stored_before: datetime | None = None) -> None:
        path = _path(sha256)
        if stored_before is None:
            await self._server.delete(path)
            return
        with suppress(NotThere):
            for entry in await self._server.entries(path, depth=0):
                if entry.written < stored_before:
                    await self._server.delete(path, only=entry)

    async def link(self, sha256: str, *, file_name: str, content_type: str, until: datetime) -> str:
        return self._prefix + self._links.token(OpenedLink(sha256, file_name, content_type), until)

    def open_link(self, token: str, now: datetime) -> OpenedLink:
        """Return what the last part of a link's path opens; raise NotFound when it is not ours or has ended."""
        return self._links.open(token, now)

    async def kept_before(self, moment: datetime) -> AsyncIterator[str]:
        for shard in _SHARDS:  # one at a time, so that no listing is longer than a 256th of everything
            try:
                entries = await self._server.entries(f"{shard}/")
            except NotThere:
                continue
            for entry in entries:
                if entry.written < moment and _SHA256.fullmatch(entry.name) and entry.name.startswith(shard):
                    yield entry.name

    async def remove_unfinished(self, before: datetime) -> int:
        """Remove what processes that died left on its way before the moment; return how much."""
        removed = 0
        with suppress(NotThere):
            for entry in await self._server.entries(f"{_NEW}/"):
                if entry.written < before and re.fullmatch(r"[0-9a-f]{32}", entry.name):
                    removed += await self._server.delete(f"{_NEW}/{entry.name}", only=entry)
        return removed

    async def _put(self, name: str, arriving: "_Arriving", first: bytes) -> None:
        try:
            await self._server.put(name, arriving.pieces(first))
        except NotThere:
            # The stream has been read and cannot be sent again: whoever uploads has to.
            raise Unavailable(Reason("webdav.not_prepared")) from None
        if (size := await self._server.size(name)) not in (None, arriving.size):
            raise Unavailable(Reason("webdav.not_whole", {"sent": arriving.size, "kept": size}))

    async def _move(self, name: str, path: str) -> None:
        """Put the file in its place. Servers remove what lies there first, so one does it after the other."""
        async with self._moving.setdefault(path, asyncio.Lock()):
            try:
                await self._server.move(name, path)
            except NotThere:
                with suppress(Unavailable):  # somebody else may be making it at this moment; the move will tell
                    await self._server.make_collection(path.partition("/")[0])
                try:
                    await self._server.move(name, path)
                except NotThere as error:
                    raise Unavailable(Reason("webdav.not_prepared")) from error

    async def _drop(self, name: str) -> None:
        with suppress(Unavailable, NotThere):
            await self._server.delete(name)

    async def prepare(self) -> None:
        """Make what has to be there before the first file comes; doing it again changes nothing."""
        await self._server.make_collection(_NEW)


class _Arriving:
    """Content on its way: counted, hashed, and held to its limit."""

    def __init__(self, content: AsyncIterator[bytes], at_most: int) -> None:
        self._content = content
        self._at_most = at_most
        self._digest = hashlib.sha256()
        self._head = b""
        self.size = 0

    async def first_piece(self) -> bytes:
        """Return the first piece that is not empty; raise RuleBroken(file.empty) where there is none."""
        async for piece in self._content:
            if piece:
                return self._take(piece)
        raise RuleBroken(Reason("file.empty", {}, "file"))

    async def pieces(self, first: bytes) -> AsyncIterator[bytes]:
        """Yield the first piece again, then the rest; raise RuleBroken(file.too_large) past the limit."""
        yield first
        async for piece in self._content:
            if piece:
                yield self._take(piece)

    def stored(self) -> StoredFile:
        """Return what came."""
        return StoredFile(self._digest.hexdigest(), self.size, self._head)

    def _take(self, piece: bytes) -> bytes:
        self.size += len(piece)
        if self.size > self._at_most:
            raise RuleBroken(Reason("file.too_large", {"at_most": self._at_most}, "file"))
        self._digest.update(piece)
        if len(self._head) < _HEAD:
            self._head = (self._head + piece[:_HEAD])[:_HEAD]
        return piece


def _path(sha256: str) -> str:
    """Return where the file lies; raise NotFound for what is no hash, so that no other name ever reaches the server."""
    if not _SHA256.fullmatch(sha256):
        raise NotFound(Reason("file.unknown"))
    return f"{sha256[:2]}/{sha256}"
