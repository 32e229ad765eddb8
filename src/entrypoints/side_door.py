"""A second, tiny way into a process, for those who watch it: whether it lives, whether it can work, its figures."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus

import msgspec

from .http.health import Checks

log = logging.getLogger(__name__)

_PATIENCE = 10.0  # seconds for a whole exchange
_LONGEST_LINE = 4096
_MOST_HEADERS = 100
_MOST_AT_ONCE = 20
_JSON = "application/json"
_FIGURES = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: HTTPStatus
    content_type: str
    body: bytes


@dataclass
class SideDoor:
    """Answers GET and HEAD for three addresses, one request a connection, and few at once."""

    checks: Checks
    metrics: Callable[[], Awaitable[bytes]]
    at_once: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request and answer it; whoever says nothing sensible in time gets nothing."""
        self.at_once += 1
        try:
            if self.at_once <= _MOST_AT_ONCE:
                async with asyncio.timeout(_PATIENCE):
                    await self._exchange(reader, writer)
        except (TimeoutError, OSError, ValueError, asyncio.IncompleteReadError):
            pass  # they have gone, or were no HTTP client
        except Exception:
            log.exception("the side door failed")
        finally:
            self.at_once -= 1
            writer.close()
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 1)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, path, _ = (await reader.readline()).decode("ascii").split(" ", 2)
        for _ in range(_MOST_HEADERS):
            if (await reader.readline()).strip() == b"":
                break
        answer = await self._answer(path.partition("?")[0]) if method in ("GET", "HEAD") else _NOT_ALLOWED
        head = (
            f"HTTP/1.1 {answer.status.value} {answer.status.phrase}\r\nContent-Type: {answer.content_type}\r\n"
            f"Content-Length: {len(answer.body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
        )
        writer.write(head.encode("ascii") + (b"" if method == "HEAD" else answer.body))
        await writer.drain()

    async def _answer(self, path: str) -> Answer:
        match path:
            case "/health/live":
                return Answer(HTTPStatus.OK, _JSON, b'{"status":"ok"}')
            case "/health/ready":
                found = await self.checks.now()
                status = HTTPStatus.OK if found.can_work else HTTPStatus.SERVICE_UNAVAILABLE
                return Answer(status, _JSON, msgspec.json.encode(found))
            case "/metrics":
                return Answer(HTTPStatus.OK, _FIGURES, await self.metrics())
            case _:
                return Answer(HTTPStatus.NOT_FOUND, _JSON, b"{}")


_NOT_ALLOWED = Answer(HTTPStatus.METHOD_NOT_ALLOWED, _JSON, b"{}")


@asynccontextmanager
async def side_door(host: str, port: int, door: SideDoor) -> AsyncIterator[int]:
    """Answer there while the block runs, and give the port; raise OSError when it cannot be had."""
    server = await asyncio.start_server(door.talk, host, port, limit=_LONGEST_LINE)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
