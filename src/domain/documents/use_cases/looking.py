"""Looking at content before it counts: read once, hashed, counted, judged by its beginning, and scanned."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

from ....ports.errors import Unavailable
from ....ports.scanner import Scanner
from ...shared.errors import Reason
from ..errors import FileRefused

_HEAD = 4096


class Watched:
    """Content that is counted and hashed while somebody reads it, and read no further than ``at_most`` bytes."""

    def __init__(self, content: AsyncIterator[bytes], *, at_most: int | None = None) -> None:
        self._content = content
        self._at_most = at_most
        self._digest = hashlib.sha256()
        self.size = 0
        self.head = b""
        self.ended = False

    @property
    def sha256(self) -> str:
        """The hash of what was read so far."""
        return self._digest.hexdigest()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the content; ``ended`` is set once all of it was given."""
        async for piece in self._content:
            self.size += len(piece)
            self._digest.update(piece)
            if len(self.head) < _HEAD:
                self.head = (self.head + piece[:_HEAD])[:_HEAD]
            if self._at_most is not None and self.size > self._at_most:
                break
            yield piece
        self.ended = True


async def demand_harmless(scanner: Scanner | None, content: Watched) -> None:
    """Return once all of it was read and found clean; without a scanner it is only read.

    Raises FileRefused(file.harmful) for what was found, Unavailable when nobody can tell.
    """
    if scanner is None:
        async for _ in content.pieces():
            pass
        return
    found = await scanner.scan(content.pieces())
    if found is not None:
        raise FileRefused(Reason("file.harmful", {"found": found[:100]}, "file"))
    if not content.ended:  # a verdict about a part is none about the whole
        raise Unavailable
