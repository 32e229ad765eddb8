"""Files in memory."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from ...domain.shared.errors import NotFound, Reason, RuleBroken
from ...ports.files import StoredFile

_HEAD = 4096
_PIECE = 65536


class MemoryFiles:
    """Keeps small files by their hash. For tests and small tools: all content stays in memory."""

    def __init__(self, secret: bytes = b"memory") -> None:
        self._secret = secret
        self._contents: dict[str, bytes] = {}

    async def store(self, content: AsyncIterator[bytes], *, at_most: int) -> StoredFile:
        whole = bytearray()
        async for piece in content:
            whole += piece
            if len(whole) > at_most:
                raise RuleBroken(Reason("file.too_large", {"at_most": at_most}, "file"))
        if not whole:
            raise RuleBroken(Reason("file.empty", {}, "file"))
        sha256 = hashlib.sha256(whole).hexdigest()
        self._contents[sha256] = bytes(whole)
        return StoredFile(sha256, len(whole), bytes(whole[:_HEAD]))

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        content = self._contents.get(sha256)
        if content is None:
            raise NotFound(Reason("file.unknown"))
        for start in range(0, len(content), _PIECE):
            yield content[start : start + _PIECE]

    async def delete(self, sha256: str) -> None:
        self._contents.pop(sha256, None)

    def link(self, sha256: str, *, file_name: str, content_type: str, until: datetime) -> str:
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

    def _signature(self, sha256: str, said: str) -> str:
        return hmac.new(self._secret, f"{sha256}?{said}".encode(), hashlib.sha256).hexdigest()
