"""Where the bytes of papers are kept: a folder, each file under its hash."""

import asyncio
import errno
import hashlib
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from ...domain.shared.errors import NotFound, Reason, RuleBroken
from ...ports.errors import Unavailable
from ...ports.files import Look, StoredFile
from .links import Links, OpenedLink
from .writing import alone_in, new_file, put_under, written

_HEAD = 4096
_PIECE = 256 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")


class FolderFiles:
    """Keeps files in a folder and opens them by signed links below ``prefix``."""

    def __init__(self, folder: Path, key: bytes, *, prefix: str = "/v1/files/") -> None:
        self._folder = folder
        self._links = Links(key)
        self._prefix = prefix

    async def store(self, content: AsyncIterator[bytes], *, at_most: int, look: Look | None = None) -> StoredFile:
        digest, size, head = hashlib.sha256(), 0, b""
        with on_disk(), new_file(self.new) as (file, path):
            async for piece in content:
                size += len(piece)
                if size > at_most:
                    raise RuleBroken(Reason("file.too_large", {"at_most": at_most}, "file"))
                head = (head + piece[:_HEAD])[:_HEAD] if len(head) < _HEAD else head
                await asyncio.to_thread(take, file, digest, piece)
            if not size:
                raise RuleBroken(Reason("file.empty", {}, "file"))
            await asyncio.to_thread(written, file)
            stored = StoredFile(digest.hexdigest(), size, head)
            if look is not None:
                await look(stored, pieces_in(path))
            await asyncio.to_thread(put_under, path, self.path(stored.sha256))
        return stored

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        async for piece in pieces_in(self.path(sha256)):
            yield piece

    async def delete(self, sha256: str, *, stored_before: datetime | None = None) -> None:
        with on_disk():
            await asyncio.to_thread(_remove, self.path(sha256), stored_before)

    async def link(self, sha256: str, *, file_name: str, content_type: str, until: datetime) -> str:
        return self._prefix + self._links.token(OpenedLink(sha256, file_name, content_type), until)

    async def kept_before(self, moment: datetime) -> AsyncIterator[str]:
        for number in range(256):
            for sha256 in await asyncio.to_thread(_kept_before, self._folder / f"{number:02x}", moment.timestamp()):
                yield sha256

    def open_link(self, token: str, now: datetime) -> OpenedLink:
        """Return what the last part of a link's path opens; raise NotFound when it is not ours or has ended."""
        return self._links.open(token, now)

    async def remove_unfinished(self, before: datetime) -> int:
        """Remove what uploads left behind whose process died, when it began before the moment; return how many."""
        return await asyncio.to_thread(self._remove_unfinished, before.timestamp())

    def _remove_unfinished(self, before: float) -> int:
        old = _own_before(self.new, ".new-*", before)
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    @property
    def new(self) -> Path:
        """Where files are written before they count."""
        return self._folder / "new"

    def path(self, sha256: str) -> Path:
        """Return where the file of that hash is kept; raise NotFound for what is no hash."""
        if not _SHA256.fullmatch(sha256):
            raise NotFound(Reason("file.unknown"))
        return self._folder / sha256[:2] / sha256


def remove_old_folders(inside: Path, pattern: str, before: datetime) -> int:
    """Remove our own folders of such names that nobody wrote to since the moment; return how many."""
    old = [path for path in _own_before(inside, pattern, before.timestamp()) if path.is_dir() and not path.is_symlink()]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)


def _own_before(inside: Path, pattern: str, before: float) -> list[Path]:
    found = []
    for path in inside.glob(pattern):
        with suppress(FileNotFoundError):  # whoever made it has just removed it
            looked = path.lstat()
            if looked.st_mtime < before and looked.st_uid == os.getuid():
                found.append(path)
    return found


def take(file: BinaryIO, digest: "hashlib._Hash", piece: bytes) -> None:
    """Write the piece and let the digest know it."""
    digest.update(piece)
    file.write(piece)


def _remove(path: Path, stored_before: datetime | None) -> None:
    if stored_before is None:
        path.unlink(missing_ok=True)
        return
    with suppress(FileNotFoundError), alone_in(path.parent):  # so that nobody stores it between the look and the end
        if path.stat().st_mtime < stored_before.timestamp():
            path.unlink()


def _kept_before(folder: Path, before: float) -> list[str]:
    found = []
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # somebody has just removed it
                if _SHA256.fullmatch(entry.name) and entry.stat().st_mtime < before:
                    found.append(entry.name)
    return found


async def pieces_in(path: Path) -> AsyncIterator[bytes]:
    """Yield what is in the file; raise NotFound where there is none."""
    with on_disk():
        try:
            file = await asyncio.to_thread(path.open, "rb")
        except FileNotFoundError:
            raise NotFound(Reason("file.unknown")) from None
        with file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                yield piece


@contextmanager
def on_disk() -> Iterator[None]:
    """Raise Unavailable, with the cause kept, when the disk is full or fails."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE):
            raise Unavailable from error
        raise
