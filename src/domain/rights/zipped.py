"""Files as one ZIP that is written while it is read: however large they are, a piece at a time is in memory."""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator
from datetime import datetime

from ..shared.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its path, and its content in pieces. What is small and made of text is packed."""

    path: str
    content: AsyncIterator[bytes]
    pack: bool = False


class _Written:
    """Takes what the writer writes, until it is fetched."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


async def zipped(entries: AsyncIterator[Entry], at: datetime) -> AsyncIterator[bytes]:
    """Yield the ZIP; equal entries and an equal moment give equal bytes. What an entry's content raises is raised."""
    written = _Written()
    with zipfile.ZipFile(written, "w") as archive:  # type: ignore[call-overload]
        async for entry in entries:
            with archive.open(_head(entry, at), "w", force_zip64=True) as file:
                async for piece in entry.content:
                    file.write(piece)
                    if ready := written.taken():
                        yield ready
            yield written.taken()
    yield written.taken()


def _head(entry: Entry, at: datetime) -> zipfile.ZipInfo:
    head = zipfile.ZipInfo(entry.path, at.timetuple()[:6])
    head.compress_type = zipfile.ZIP_DEFLATED if entry.pack else zipfile.ZIP_STORED
    head.external_attr = 0o600 << 16
    head.create_system = 3
    return head
