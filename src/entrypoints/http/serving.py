"""Listening on a port until somebody asks to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn

from .edge import Edge

_GRACE_SECONDS = 10
_KEEP_ALIVE_SECONDS = 30
_CONNECTIONS = 1000


class _Server(uvicorn.Server):
    """Leaves signals to us, so that the database is closed after the last request and not in the middle of one."""

    listening: Callable[[str], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say where."""
        await super().startup(sockets)
        if self.started:
            self.listening(_address(self, self.config.host))

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class PortTaken(Exception):
    """Something else listens on this address and port already."""


async def serve(app: Edge, host: str, port: int, *, listening: Callable[[str], None]) -> None:
    """Answer requests until SIGINT or SIGTERM, then let running ones finish; ``listening`` hears the address.

    Raises PortTaken when the address cannot be had.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config)
    server.listening = listening
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, server)
    try:
        await server.serve()
    except SystemExit as error:  # how uvicorn says that it could not bind
        raise PortTaken from error
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _stop(server: uvicorn.Server) -> None:
    server.force_exit = server.should_exit  # the second time, at once
    server.should_exit = True


def _address(server: uvicorn.Server, host: str) -> str:
    port = server.servers[0].sockets[0].getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"
