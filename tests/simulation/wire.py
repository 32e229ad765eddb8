"""HTTP without sockets: the real application, and one exchange with the process in which it runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote

from simulation.faults import Mishap
from simulation.here import Here, ports
from simulation.processes import Process
from simulation.stage import Stage

from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.http.edge import Asgi
from higherstudy.entrypoints.http.limits import Rates
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.entrypoints.parts.elsewhere import Elsewhere

RATES = Rates(sign_ins=1000, requests=20)
"""So few requests a minute that some students have to wait."""

Message = MutableMapping[str, Any]


@dataclass(frozen=True)
class Line:
    """The process that a client has reached, and for how many seconds it waits for the answer."""

    process: Process
    within: float


@dataclass(frozen=True)
class Request:
    """What a client sends."""

    method: str
    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What a client gets."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@cache
def application() -> Asgi:
    """Return the API over the ports of whichever world is being played: to build one for each would take too long."""
    never: Any = None  # catalogue files and calendars are nobody's business here
    return create_app(
        Given(
            ports(),
            Here("tokens"),
            Elsewhere(),
            never,
            never,
            Checks({}),
            cache=Here("cache"),
            limits=Here("limits"),
            rates=RATES,
        )
    )


async def exchange(stage: Stage, app: Asgi, line: Line, request: Request) -> Answer:
    """Return the answer once all of it is there.

    Raises ConnectionError where the process dies before that, where the client waits no longer, and where it goes away
    while it sends. An answer that blames us, or none at all, breaks the run, even where nobody waits for it any more.
    """
    wire = _Wire(stage, line.process, request)
    asking = line.process.run(_asked(app, wire))
    asking.add_done_callback(wire.ended)
    gone = asyncio.ensure_future(line.process.dead.wait())
    try:
        ends: set[asyncio.Future[Any]] = {wire.answer, wire.left, gone}
        await asyncio.wait(ends, timeout=line.within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        if not wire.left.done():
            wire.left.set_result(None)
    if wire.broke_off or not wire.answer.done():
        raise ConnectionError(f"{line.process.name} did not answer")
    return wire.answer.result()


async def _asked(app: Asgi, wire: _Wire) -> None:
    await app(wire.scope, wire.receive, wire.send)


class _Wire:
    """Both ends of one connection."""

    def __init__(self, stage: Stage, process: Process, request: Request) -> None:
        loop = asyncio.get_running_loop()
        self._stage = stage
        self._process = process
        self._request = request
        self._pieces = [request.body]
        self._begun: Message | None = None
        self._body = b""
        self.broke_off = bool(request.body) and stage.strikes(Mishap.BREAK_OFF)
        self.answer: asyncio.Future[Answer] = loop.create_future()
        self.left: asyncio.Future[None] = loop.create_future()
        """Done when the client is at the other end no more."""

    @property
    def scope(self) -> dict[str, Any]:
        path, _, query = self._request.address.partition("?")
        size = {"content-length": str(len(self._request.body))} if self._request.body else {}
        headers = {**self._request.headers, **size}
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": self._request.method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("192.0.2.1", 50_000),
            "server": ("server", 80),
            "state": {},
        }

    async def receive(self) -> Message:
        """Give the request, and after it wait for the client's leaving."""
        self._process.demand_alive()
        if self._pieces:
            whole = self._pieces.pop()
            piece = whole[: len(whole) // 2] if self.broke_off else whole
            return {"type": "http.request", "body": piece, "more_body": self.broke_off}
        if self.broke_off and not self.left.done():
            self.left.set_result(None)
        await asyncio.wait({self.left})
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take the answer; the process may die between its beginning and its end."""
        self._process.demand_alive()
        if message["type"] == "http.response.start":
            self._begun, status = message, message["status"]
            blamed = status >= 500 and status != 503
            self._stage.demand(not blamed, "the API blames itself", self._request.method, self._request.address, status)
            await self._stage.point("answers", status)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False) and self._begun is not None and not self.answer.done():
            headers = {name.decode(): value.decode() for name, value in self._begun["headers"]}
            self.answer.set_result(Answer(self._begun["status"], headers, self._body))

    def ended(self, asking: asyncio.Task[None]) -> None:
        """Look how the application ended: a process that lives has answered."""
        if self._process.dead.is_set() or asking.cancelled() or self.answer.done():
            return
        error = asking.exception()
        told = f"{type(error).__name__}: {error}" if error else "without a word"
        self._stage.broken = self._stage.broken or f"a request was not answered: {told}"
