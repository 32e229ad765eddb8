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


class HeadInTime(Protocol):
    """Speaks HTTP, and closes a connection on which a request's head takes too long; uvicorn itself only watches
    connections on which nothing at all comes after an answer."""

    longest_head = LONGEST_HEAD_SECONDS

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head_is_due: asyncio.TimerHandle | None = None

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
