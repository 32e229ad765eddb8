"""A second, tiny way into a process, for those who watch it: whether it lives, whether it can work, its figures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

import msgspec
import uvicorn

from ..http.connections import HeadInTime, Server, listening
from ..http.edge import Receive, Scope, Send
from ..http.hardening import SECURITY_HEADERS
from ..parts.checks import Checks

_MOST_AT_ONCE = 20
_JSON = b"application/json"
_FIGURES = b"text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: HTTPStatus
    content_type: bytes
    body: bytes


@dataclass(frozen=True)
class SideDoor:
    """An ASGI application that answers GET and HEAD for three addresses."""

    checks: Checks
    metrics: Callable[[], Awaitable[bytes]] | None
    """None where nobody wants figures."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        lets_look = scope["method"] in ("GET", "HEAD")
        answer = await self._answer(scope["path"]) if lets_look else _NOT_ALLOWED
        headers = [
            (b"content-type", answer.content_type),
            (b"content-length", str(len(answer.body)).encode()),
            *SECURITY_HEADERS.items(),
        ]
        await send({"type": "http.response.start", "status": answer.status.value, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})

    async def _answer(self, path: str) -> Answer:
        match path:
            case "/health/live":
                return Answer(HTTPStatus.OK, _JSON, b'{"status":"ok"}')
            case "/health/ready":
                found = await self.checks.now()
                status = HTTPStatus.OK if found.can_work else HTTPStatus.SERVICE_UNAVAILABLE
                return Answer(status, _JSON, msgspec.json.encode(found))
            case "/metrics" if self.metrics is not None:
                return Answer(HTTPStatus.OK, _FIGURES, await self.metrics())
            case _:
                return Answer(HTTPStatus.NOT_FOUND, _JSON, b"{}")


_NOT_ALLOWED = Answer(HTTPStatus.METHOD_NOT_ALLOWED, _JSON, b"{}")


@asynccontextmanager
async def side_door(
    host: str, port: int, door: SideDoor, protocol: type[asyncio.Protocol] = HeadInTime
) -> AsyncIterator[int]:
    """Answer there while the block runs, and give the port; raise OSError when it cannot be had."""
    config = uvicorn.Config(
        door,
        log_config=None,
        access_log=False,
        server_header=False,
        http=protocol,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=1,
    )
    with listening(host, port) as listener:
        server = Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]), name="side door")
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await serving
