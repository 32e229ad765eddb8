"""The outermost layer: receipt time, request id, language, who asks through which proxy, what is too large or too slow,
HEAD, security headers, what became of it."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from ...domain.shared.errors import DomainError
from ...ports.clock import Clock
from ...ports.ids import Ids
from ..about import ABOUT
from .addresses import Proxies
from .arrival import Arrival, note
from .bounds import Bounds, Hosts
from .errors import MEDIA_TYPE, problem
from .hardening import SECURITY_HEADERS
from .languages import Voices
from .patience import Patience
from .words import Voice, speaking

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

Answered = Callable[[str, str, int, float, str], None]
"""Hears of each request that is over: its method, the template of its route, status (0: none was sent), seconds, id."""


def nobody(method: str, route: str, status: int, seconds: float, request_id: str) -> None:
    """Hear of requests and say nothing."""


@dataclass(frozen=True)
class Demands:
    """What is asked of a request before it is passed on, and what each answer says besides."""

    bounds: Bounds = field(default_factory=Bounds)
    hosts: Hosts = field(default_factory=Hosts)
    proxies: Proxies = field(default_factory=Proxies)
    headers: Mapping[bytes, bytes] = field(default_factory=lambda: SECURITY_HEADERS)
    """Those of an answer that does not say otherwise."""
    varies_by_origin: bool = False
    """Whether what an answer says depends on the page that asks."""

    def met_by(self, scope: Scope) -> None:
        """Return when the request may be passed on; raise DomainError otherwise."""
        self.bounds.demand(scope)
        self.hosts.demand(scope)


class Edge:
    """Wraps the whole application, so that errors of routing get the same treatment as answers."""

    def __init__(
        self,
        app: Asgi,
        clock: Clock,
        ids: Ids,
        patience: Patience | None = None,
        answered: Answered = nobody,
        voices: Voices | None = None,
        demands: Demands | None = None,
    ) -> None:
        self.app = app
        self._demands = demands or Demands()
        self._voices = voices or Voices()
        self._answered = answered
        self._patience = patience or Patience()
        self._clock = clock
        self._ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; everything but HTTP goes through untouched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        arrival = Arrival(_given_id(scope) or str(self._ids.new()), self._clock.now())
        note(scope, arrival)
        scope["client"] = self._demands.proxies.client_of(scope)
        # Whatever can be got can be asked for without its content (RFC 9110, 9.3.2).
        head = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET"} if head else scope
        begun = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._complete(message.get("headers", ()), arrival.request_id, voice)
            elif head:
                message["body"] = b""
            await send(message)

        belongs = ABOUT.set({**ABOUT.get(), "request_id": arrival.request_id})
        try:
            with speaking(self._voices.answering(_accept_language(scope))) as voice:
                try:
                    self._demands.met_by(scope)
                except DomainError as refused:
                    await _refuse(refused, arrival.request_id, answer)
                else:
                    await self.app(inner, self._patience.over(receive), answer)
        finally:
            ABOUT.reset(belongs)
            method = scope["method"] if scope["method"] in _METHODS else "OTHER"  # anybody may make up more of them
            route = inner.get("path_template") or "unmatched"  # never the path: it may hold a secret link
            self._answered(method, route, status, time.perf_counter() - begun, arrival.request_id)

    def _complete(self, headers: Any, request_id: str, voice: Voice) -> list[tuple[bytes, bytes]]:
        own = [(bytes(name).lower(), bytes(value)) for name, value in headers]
        names = {name for name, _ in own}
        missing = [(name, value) for name, value in self._demands.headers.items() if name not in names]
        if voice.has_spoken or b"content-language" in names:
            own.append((b"vary", b"Accept-Language"))  # a second field of this name continues the first one
        if self._demands.varies_by_origin and (b"vary", b"Origin") not in own:
            own.append((b"vary", b"Origin"))
        if voice.has_spoken and b"content-language" not in names:
            own.append((b"content-language", voice.messages.language.encode()))
        return [*own, *missing, (b"x-request-id", request_id.encode())]


def _given_id(scope: Scope) -> str:
    """Return the id that the caller chose, as far as it is harmless."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return str(value.decode("ascii"))
    return ""


def _accept_language(scope: Scope) -> str:
    given = (value for name, value in scope["headers"] if name == b"accept-language")
    return b",".join(given).decode("latin-1")


async def _refuse(error: DomainError, request_id: str, send: Send) -> None:
    """Answer a request that goes no further, as the application would."""
    told = problem(error, request_id)
    headers = {"content-type": MEDIA_TYPE, "content-length": str(len(told.content)), **told.headers}
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": told.status_code, "headers": encoded})
    await send({"type": "http.response.body", "body": told.content})
