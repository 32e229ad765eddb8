"""A server that opens early: what clients ask for first is answered while everything else is being loaded."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, cast

from litestar import Litestar, Router
from litestar.exceptions import HTTPException
from litestar.types import Method
from litestar.utils.path import normalize_path

from ..parts.later import Later
from ..wiring.containers.first import first_use_cases_over
from .assembling import Given, assembled, within_edge
from .edge import Asgi, Edge, Receive, Scope, Send
from .given import V1
from .routes import accounts, applications, health, profiles, sessions


class Opening:
    """Passes a request on to the first routes, or to the whole application once that is there.

    What only the whole application knows waits for it; nobody is turned away meanwhile.
    """

    def __init__(self, first: Litestar, whole: Later[Asgi]) -> None:
        self._first = first
        self._whole = whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, sooner or later."""
        app = self._whole.made
        if app is None:
            app = cast("Asgi", self._first) if self._is_for_first(scope) else await self._whole.get()
        await app(scope, receive, send)

    def _is_for_first(self, scope: MutableMapping[str, Any]) -> bool:
        if scope["type"] != "http":  # the beginning and the end of the server
            return True
        if scope["method"] == "OPTIONS":  # only the whole application knows all that can be done there
            return False
        method = cast("Method", scope["method"])
        try:
            self._first.asgi_router.handle_routing(path=normalize_path(scope["path"]), method=method)
        except HTTPException:
            return False
        return True


def opening_app(given: Given, whole: Later[Asgi]) -> Edge:
    """Return the ASGI application; ``whole`` makes the one with every route."""
    return within_edge(Opening(first_routes(given), whole), given)


def first_routes(given: Given) -> Litestar:
    """Return the application of what is asked first: whether the server is well, who asks, and what is hers."""
    hers = Router(V1, route_handlers=[profiles.get_profile, applications.list_applications])
    return assembled(given, first_use_cases_over(given.ports), [health.router, accounts.router, sessions.router, hers])
