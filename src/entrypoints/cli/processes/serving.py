"""Running the server: its address, its start, and its end."""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import structlog
import uvicorn

from ...http.connections import HeadInTime, Server, listening
from ...processes.api import System
from ...settings import Settings
from ...watching.logs import log_to_stderr
from ..embedded import server_here, settings_here
from ..errors import NEGATIVE, refused
from .stopping import Stopping
from .where_to_look import told_plainly

log = structlog.get_logger("higherstudy.serve")

_MOMENT, _MOST_MOMENTS = 0.05, 40
"""Seconds for which whoever stood at the door while the server started is let in first, and how often."""

_MOST_CONNECTIONS = 800
"""Fewer than the 1,024 files that a process may commonly have open; beyond it the answer is 503."""


def serve_until_stopped(host: str | None, port: int | None) -> int:
    """Serve until SIGINT or SIGTERM and return 0, or 1 where the server has to end by itself; raise CommandFailed in
    one sentence when it cannot start."""
    settings = settings_here()
    if host is not None:
        settings = replace(settings, host=host)
    if port is not None:
        if not 0 <= port <= 65535:
            raise refused("--port", "no_port", given=port)
        settings = replace(settings, port=port)
    with _listening(settings.host, settings.port) as listener:
        settings = replace(settings, port=listener.getsockname()[1])
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(_until_stopped(settings, listener))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the quicker loop, where there is one for this system."""
    try:
        import uvloop  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that holds the address from now on; raise CommandFailed naming it when it cannot be had."""
    place = f"{host}:{port}"
    try:
        return listening(host, port)
    except (socket.gaierror, UnicodeError):
        raise refused(place, "no_address_here") from None
    except OSError as error:
        raise refused(place, _why_not(error), exit_code=NEGATIVE, detail=error.strerror) from None


def _why_not(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "port_in_use"
    if error.errno == errno.EACCES:
        return "port_not_allowed"
    return "cannot_listen"


async def _until_stopped(settings: Settings, listener: socket.socket) -> int:
    stopping = Stopping(asyncio.current_task())
    stopping.listen()
    try:
        async with server_here(settings, log_level="warning") as system:
            text = await _welcome(system)

            def ready() -> None:
                log_to_stderr(settings.log_level, settings.log_format, final=True)
                sys.stdout.write(text)
                sys.stdout.flush()
                log.info("ready", process="serve", address=settings.address, health_port=system.health_port)

            server = Server(_config(settings, system), ready)
            stopping.end = partial(setattr, server, "should_exit", True)
            preparing = asyncio.create_task(_prepare(system, server))
            try:
                await server.serve(sockets=[listener])
            finally:
                preparing.cancel()
                (failure,) = await asyncio.gather(preparing, return_exceptions=True)
            if isinstance(failure, Exception):
                return NEGATIVE
    except asyncio.CancelledError:
        if not stopping.asked.is_set():
            raise
    print("Stopped.", flush=True)
    return 0


async def _prepare(system: System, server: Server) -> None:
    """Load the rest of the server once it answers and nobody waits, but soon in any case; end the server where that
    fails, since most of it would never answer. Raises what the loading raises."""
    for _ in range(_MOST_MOMENTS):
        await asyncio.sleep(_MOMENT)
        if server.started and not server.server_state.tasks:
            break
    try:
        await system.load()
    except Exception:
        log.exception("the server cannot load its parts; it ends")
        server.should_exit = True
        raise
    try:
        await system.tidy()
    except Exception:
        log.exception("what is kept was not brought up to date")


async def _welcome(system: System) -> str:
    if system.sample is None:
        return told_plainly(system.settings)
    from .welcome import welcome  # noqa: PLC0415 - its weight is for those who see it

    return await welcome(system)


def _config(settings: Settings, system: System) -> uvicorn.Config:
    return uvicorn.Config(
        system.app,
        log_config=None,
        access_log=False,
        server_header=False,
        http=HeadInTime,
        proxy_headers=False,  # the address is that of the connection: anybody can write a header
        ws="none",
        timeout_keep_alive=5,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=max(1, round(settings.stop_seconds)),
    )
