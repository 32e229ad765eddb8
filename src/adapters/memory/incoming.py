"""Uploads straight from clients, in memory."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from ...domain.documents.upload import Announced, not_as_announced
from ...domain.shared.errors import Forbidden, NotFound, Reason, RuleBroken
from ...ports.clock import Clock
from ...ports.incoming import Ticket, TicketPart
from .clock import MemoryClock
from .files import in_pieces


class MemoryIncoming:
    """Takes small uploads by ``put``, which refuses what a store would refuse. For tests and small tools."""

    def __init__(self, clock: Clock | None = None, secret: bytes = b"memory") -> None:
        self._clock = clock or MemoryClock()
        self._secret = secret
        self._arrived: dict[str, tuple[bytes, datetime]] = {}

    async def ticket(self, name: str, announced: Announced, until: datetime) -> Ticket:
        said = urlencode({"until": until.isoformat(), "sha256": announced.sha256})
        url = f"memory://{name}?{said}"
        headers = {"content-type": announced.content_type, "content-length": str(announced.size)}
        signed = f"{url}&signature={self._signature(url, headers)}"
        return Ticket((TicketPart(signed, headers, 0, announced.size),), until)

    def put(self, url: str, headers: Mapping[str, str], content: bytes) -> None:
        """Take the bytes as a client sends them; raise Forbidden for what the ticket does not allow."""
        unsigned, _, signature = url.rpartition("&signature=")
        said = parse_qs(urlsplit(unsigned).query)
        allowed = (
            hmac.compare_digest(signature, self._signature(unsigned, headers))
            and self._clock.now() < datetime.fromisoformat(said["until"][0])
            and len(content) == int(headers["content-length"])
            and hashlib.sha256(content).hexdigest() == said["sha256"][0]
        )
        if not allowed:
            raise Forbidden
        self._arrived[urlsplit(unsigned).netloc] = content, self._clock.now()

    async def arrived(self, name: str, announced: Announced) -> None:
        size = len(self._content(name))
        if size != announced.size:
            raise RuleBroken(not_as_announced("size", announced.size, size))

    async def read(self, name: str) -> AsyncIterator[bytes]:
        async for piece in in_pieces(self._content(name)):
            yield piece

    async def drop(self, name: str) -> None:
        self._arrived.pop(name, None)

    async def left_before(self, moment: datetime) -> AsyncIterator[str]:
        for name, (_, since) in tuple(self._arrived.items()):
            if since < moment:
                yield name

    def _content(self, name: str) -> bytes:
        if name not in self._arrived:
            raise NotFound(Reason("upload.not_arrived"))
        return self._arrived[name][0]

    def _signature(self, url: str, headers: Mapping[str, str]) -> str:
        said = f"{url} {headers.get('content-type')} {headers.get('content-length')}"
        return hmac.new(self._secret, said.encode(), hashlib.sha256).hexdigest()
