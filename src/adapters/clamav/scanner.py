"""Scanning by clamd, over TCP or a Unix socket, with content passed on as it comes (clamd(8), INSTREAM)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from ...ports.errors import Unavailable

_PIECE = 64 * 1024


class ClamavScanner:
    """Lets one clamd look at content; each scan is a connection of its own."""

    def __init__(
        self,
        place: str,
        *,
        connect_timeout: timedelta = timedelta(seconds=5),
        timeout: timedelta = timedelta(seconds=60),
    ) -> None:
        """Take ``host:port``, or the path of a Unix socket; ``timeout`` is for each step that clamd takes."""
        self._place = place
        self._connect_timeout = connect_timeout.total_seconds()
        self._timeout = timeout.total_seconds()

    async def scan(self, content: AsyncIterator[bytes]) -> str | None:
        with _clamd():
            async with asyncio.timeout(self._connect_timeout):
                reader, writer = await self._connected()
        try:
            await self._send(writer, b"zINSTREAM\0")
            async for piece in content:
                for start in range(0, len(piece), _PIECE):
                    part = piece[start : start + _PIECE]
                    await self._send(writer, len(part).to_bytes(4, "big") + part)
            await self._send(writer, bytes(4))
            with _clamd():
                async with asyncio.timeout(self._timeout):
                    answer = await reader.readuntil(b"\0")
            return _found_in(answer.rstrip(b"\0").decode(errors="replace"))
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def check(self) -> bool:
        """Return whether clamd answers; raise Unavailable when it does not."""
        with _clamd():
            async with asyncio.timeout(self._connect_timeout):
                reader, writer = await self._connected()
                try:
                    writer.write(b"zPING\0")
                    return await reader.readuntil(b"\0") == b"PONG\0"
                finally:
                    writer.close()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if "/" in self._place:
            return await asyncio.open_unix_connection(self._place)
        host, _, port = self._place.rpartition(":")
        return await asyncio.open_connection(host.strip("[]"), int(port))

    async def _send(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        with _clamd():
            async with asyncio.timeout(self._timeout):
                writer.write(data)
                await writer.drain()


def _found_in(answer: str) -> str | None:
    """Return the name in ``stream: NAME FOUND``, None for ``stream: OK``; raise Unavailable for anything else."""
    said = answer.partition(": ")[2]
    if said == "OK":
        return None
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise Unavailable from RuntimeError(f"clamd said: {answer[:200]}")


@contextmanager
def _clamd() -> Iterator[None]:
    """Raise Unavailable, with the cause kept, when clamd is away, slow, or breaks off."""
    try:
        yield
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise Unavailable from error
