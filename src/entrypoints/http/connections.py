"""Uvicorn as it is used here: as a part of a process, and with connections that nobody can hold open for nothing."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

if sys.platform == "win32":  # where httptools is not installed
    from uvicorn.protocols.http.h11_impl import H11Protocol as Protocol
else:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as Protocol

LONGEST_HEAD_SECONDS = 10.0
LARGEST_HEAD = 64 * 1024
"""Bytes of a head that is not complete; what of a complete one is too large, the edge of the application says."""
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class HeadInTime(Protocol):
    """Speaks HTTP, and closes a connection on which a request's head takes too long or has no end; uvicorn itself
    only watches connections on which nothing at all comes after an answer."""

    longest_head = LONGEST_HEAD_SECONDS
    largest_head = LARGEST_HEAD

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head_is_due: asyncio.TimerHandle | None = None
        self._came_of_head = 0
        self._in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take what came; wait on unless it made a head complete."""
        super().data_received(data)
        cycle: Any = self.cycle  # None until the first head is complete
        if cycle is None or cycle.response_complete:
            self._await_head()
        else:
            self._stop_waiting()
        self._came_of_head += len(data) if self._in_head else 0
        if self._came_of_head > self.largest_head and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    # The parser of uvicorn's other protocol, for Windows, has a bound of its own and calls neither of these.
    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head, self._came_of_head = True, 0

    def on_headers_complete(self) -> None:
        """The head is complete; what comes now is the body."""
        super().on_headers_complete()
        self._in_head, self._came_of_head = False, 0

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._head_is_due is None:
            self._head_is_due = self.loop.call_later(self.longest_head, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._head_is_due is not None:
            self._head_is_due.cancel()
            self._head_is_due = None


class Server(uvicorn.Server):
    """Serves within a loop of whoever runs it, and says when it takes requests."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None] | None = None) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to whoever runs this server."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take requests."""
        await super().startup(sockets=sockets)
        if self.started and self._ready is not None:
            self._ready()


def listening(host: str, port: int, backlog: int = 100) -> socket.socket:
    """Return a socket that holds the address from now on.

    Raises socket.gaierror or UnicodeError where there is no such address on this machine, OSError where it cannot be
    had. Who connects before anybody serves is answered later.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(backlog)
    except OSError:
        listener.close()
        raise
    return listener
