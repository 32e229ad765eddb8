"""A network that one can make bad: a small TCP proxy in a thread of its own, with seeded chances."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

LOCAL = "127.0.0.1"
_PIECE = 64 * 1024


@dataclass(frozen=True)
class Network:
    """How the network is: as it comes, quick and whole."""

    delay: float = 0.0
    """So many seconds each piece takes, give or take half of it."""
    rate: float | None = None
    """So many bytes a second pass in each direction of a connection; None: as many as can."""
    silent: bool = False
    """Connections stay and new ones are taken, but nothing passes until it is well again."""
    mute: bool = False
    """What is sent to the server arrives, and whatever it answers is lost on the way."""
    refusing: bool = False
    """New connections are reset at once."""
    breaks_after: int | None = None
    """Each connection is reset when so many bytes have gone towards the server."""
    storm: int | None = None
    """Each connection is cut or reset after a random number of bytes, this many on average, in either direction."""


@dataclass(eq=False)
class _Connection:
    """One connection through the proxy, and how many more bytes it is given."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    upwards: int | None = None
    either_way: int | None = None
    by_reset: bool = True

    def end(self, *, by_reset: bool) -> None:
        """Close both sides; by reset, what was on its way is lost and both sides hear of it at once."""
        for writer in (self.near, self.far):
            sock = writer.get_extra_info("socket")
            if by_reset and sock is not None:
                with suppress(OSError):
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if by_reset:
                writer.transport.abort()
            else:
                writer.close()

    def allowed(self, size: int, *, up: bool) -> int:
        """Return how many of these bytes may pass, and count them."""
        if up and self.upwards is not None:
            size = min(size, self.upwards)
            self.upwards -= size
        if self.either_way is not None:
            size = min(size, self.either_way)
            self.either_way -= size
        return size


def place_of(url: str) -> tuple[str, int]:
    """Return the host and the port of the URL."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None, f"{url} names no port"
    return parts.hostname, parts.port


class Proxy:
    """Passes connections on to ``host`` and ``port`` as well as the network allows; ``with`` runs it."""

    def __init__(self, host: str, port: int, *, seed: int = 0) -> None:
        """Name the server behind; the same seed gives the same chances in the same order of connections."""
        self.target = (host, port)
        self.port = 0
        self.taken = 0
        self._network = Network()
        self._passing = asyncio.Event()
        self._chance = random.Random(seed)
        self._connections: set[_Connection] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy to {port}", daemon=True)
        self._server: asyncio.Server | None = None

    @property
    def open(self) -> int:
        """How many connections there are at the moment; ``taken`` is how many there have been."""
        return len(self._connections)

    @classmethod
    def before(cls, url: str, *, seed: int = 0) -> Self:
        """Return a proxy for the server of that URL."""
        return cls(*place_of(url), seed=seed)

    def url(self, url: str) -> str:
        """Return the URL with this proxy in place of its host and port."""
        parts = urlsplit(url)
        who, at, _ = parts.netloc.rpartition("@")
        return urlunsplit(parts._replace(netloc=f"{who}{at}{LOCAL}:{self.port}"))

    def be(self, **changed: Any) -> None:
        """Let the network be like this from now on, and otherwise well; see Network for the words."""
        self._do(self._be(Network(**changed)))

    def heal(self) -> None:
        """Let the network be well again; what was held up goes on."""
        self.be()

    def cut(self, *, by_reset: bool = True) -> None:
        """End every connection that there is; new ones may come."""
        self._do(self._cut(by_reset))

    def __enter__(self) -> Self:
        """Listen on a free port."""
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all connections and listen no more."""
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _do(self, what: Any) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    async def _listen(self) -> None:
        self._passing.set()
        self._server = await asyncio.start_server(self._take, LOCAL, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _be(self, network: Network) -> None:
        self._network = network
        if network.silent:
            self._passing.clear()
        else:
            self._passing.set()
        for connection in self._connections:
            self._give_bytes(connection)

    async def _cut(self, by_reset: bool) -> None:
        for connection in tuple(self._connections):
            connection.end(by_reset=by_reset)

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        own = asyncio.current_task()
        await self._cut(by_reset=True)
        tasks = [task for task in asyncio.all_tasks() if task is not own]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _give_bytes(self, connection: _Connection) -> None:
        network = self._network
        connection.upwards = network.breaks_after
        connection.either_way = None if network.storm is None else int(self._chance.expovariate(1 / network.storm))
        connection.by_reset = network.storm is None or self._chance.random() < 0.5

    async def _take(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        self.taken += 1
        connection = _Connection(near, near)
        if self._network.refusing:
            connection.end(by_reset=True)
            return
        try:
            far_reader, connection.far = await asyncio.open_connection(*self.target)
        except OSError:
            connection.end(by_reset=True)
            return
        self._give_bytes(connection)
        self._connections.add(connection)
        ways = (self._pump(reader, connection.far, connection, up=True), self._pump(far_reader, near, connection))
        try:
            await asyncio.gather(*ways)
        except (OSError, asyncio.CancelledError):  # cancelled by nobody but our own end
            connection.end(by_reset=True)
        finally:
            self._connections.discard(connection)
            connection.end(by_reset=False)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: _Connection, *, up: bool = False
    ) -> None:
        while piece := await reader.read(_PIECE):
            await self._travel(len(piece))
            allowed = connection.allowed(len(piece), up=up)
            if self._network.mute and not up:
                continue
            writer.write(piece[:allowed])
            await writer.drain()
            if allowed < len(piece):
                connection.end(by_reset=connection.by_reset)
                return
        await self._passing.wait()  # an end is news too
        if writer.can_write_eof():
            writer.write_eof()

    async def _travel(self, size: int) -> None:
        """Come back when that many bytes have arrived."""
        network = self._network
        if network.delay:
            await asyncio.sleep(network.delay * self._chance.uniform(0.5, 1.5))
        if network.rate is not None:
            await asyncio.sleep(size / network.rate)
        await self._passing.wait()
