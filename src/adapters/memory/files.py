"""Files in memory."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from ...domain.shared.errors import NotFound, Reason, RuleBroken
from ...ports.clock import Clock
from ...ports.files import Look, StoredFile
from .clock import MemoryClock

_HEAD = 4096
_PIECE = 65536


class MemoryFiles:
    """Keeps small files by their hash. For tests and small tools: all content stays in memory."""

    def __init__(self, clock: Clock | None = None, secret: bytes = b"memory") -> None:
        self._clock = clock or MemoryClock()
        self._secret = secret
        self._kept: dict[str, tuple[bytes, datetime]] = {}

    async def store(self, content: AsyncIterator[bytes], *, at_most: int, look: Look | None = None) -> StoredFile:
        whole = bytearray()
        async for piece in content:
            whole += piece
            if len(whole) > at_most:
                raise RuleBroken(Reason("file.too_large", {"at_most": at_most}, "file"))
        if not whole:
            raise RuleBroken(Reason("file.empty", {}, "file"))
        stored = StoredFile(hashlib.sha256(whole).hexdigest(), len(whole), bytes(whole[:_HEAD]))
        if look is not None:
            await look(stored, in_pieces(bytes(whole)))
        self.keep(stored.sha256, bytes(whole))
        return stored

    def keep(self, sha256: str, content: bytes) -> None:
        """Let the content count as stored now."""
        self._kept[sha256] = content, self._clock.now()

    def kept(self, sha256: str) -> bytes | None:
        """Return the content, or None where there is no such file."""
        return self._kept.get(sha256, (None, None))[0]

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        content = self.kept(sha256)
        if content is None:
            raise NotFound(Reason("file.unknown"))
        async for piece in in_pieces(content):
            yield piece

    async def delete(self, sha256: str, *, stored_before: datetime | None = None) -> None:
        found = self._kept.get(sha256)
        if found is not None and (stored_before is None or found[1] < stored_before):
            del self._kept[sha256]

    async def link(self, sha256: str, *, file_name: str, content_type: str, until: datetime) -> str:
        said = urlencode({"name": file_name, "type": content_type, "until": until.isoformat()})
        return f"memory://{sha256}?{said}&signature={self._signature(sha256, said)}"

    def open(self, link: str, at: datetime) -> tuple[str, str, str]:
        """Return the hash, name and type that the link opens; raise NotFound when it ended or was tampered with."""
        parts = urlsplit(link)
        said, _, signature = parts.query.partition("&signature=")
        if not hmac.compare_digest(signature, self._signature(parts.netloc, said)):
            raise NotFound(Reason("file.link_not_valid"))
        values = parse_qs(said)  # every part is there, since we signed it
        if at > datetime.fromisoformat(values["until"][0]):
            raise NotFound(Reason("file.link_not_valid"))
        return parts.netloc, values["name"][0], values["type"][0]

    async def kept_before(self, moment: datetime) -> AsyncIterator[str]:
        for sha256, (_, stored_at) in tuple(self._kept.items()):
            if stored_at < moment:
                yield sha256

    def _signature(self, sha256: str, said: str) -> str:
        return hmac.new(self._secret, f"{sha256}?{said}".encode(), hashlib.sha256).hexdigest()


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    """Yield the content as it would come from a store."""
    for start in range(0, len(content), _PIECE):
        yield content[start : start + _PIECE]
