"""Routes, refusals and middleware put together to an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig

from ...domain.documents.policies import LARGEST_FILE
from ...domain.identity.account import Role
from ...domain.shared.errors import DomainError
from ...ports.cache import Cache
from ...ports.limits import Limits
from ...ports.tokens import Tokens
from ..parts.checks import Checks
from ..parts.elsewhere import Elsewhere
from ..starting import without
from ..trying import Trying
from ..wiring.ports import Ports
from ..wiring.real import memory_cache, memory_limits
from . import errors
from .addresses import Proxies
from .asking import Asking
from .bounds import Bounds, Hosts
from .cookies import Cookies, origin_of
from .edge import Answered, Asgi, Demands, Edge, nobody
from .gate import Gate
from .given import Links, Tickets, provide_asker
from .hardening import cors, security_headers
from .languages import Voices
from .limits import BeforeGate, BehindGate, Rates, Spent
from .routes.beginning import Beginning

if TYPE_CHECKING:
    from .routes.imports import SourceOf
    from .routes.plan_files import Feed


@dataclass(frozen=True)
class Given:
    """What the application is made of."""

    ports: Ports
    tokens: Tokens
    links: Links
    source_of: SourceOf
    feed: Feed
    checks: Checks
    cache: Cache = field(default_factory=memory_cache)
    limits: Limits = field(default_factory=memory_limits)
    rates: Rates = field(default_factory=Rates)
    tickets: Tickets = field(default_factory=Elsewhere)
    largest_upload: int = LARGEST_FILE
    largest_catalogue: int = 100 * 2**20
    token_lasts: timedelta = timedelta(hours=1)
    of_two_factors: frozenset[Role] = frozenset()
    """The roles that count only where two factors were shown."""
    link_lasts: timedelta = timedelta(minutes=1)
    allowed_origins: Sequence[str] = ()
    allowed_hosts: Sequence[str] = ()
    proxies: Proxies = field(default_factory=Proxies)
    bounds: Bounds = field(default_factory=Bounds)
    hsts_seconds: int = 31_536_000
    spent: Spent = field(default_factory=Spent)
    secure_cookies: bool = True
    """Whether the cookies of sign-ins are sent over https alone."""
    address: str = "http://localhost:8000"
    """Where clients reach the server, for the examples of the page."""
    answered: Answered = nobody
    """Hears of each request that is over, for the log and the figures."""


def assembled(
    given: Given,
    use_cases: Any,
    routers: Sequence[Any],
    more: Mapping[str, object] | None = None,
    documentation: OpenAPIConfig | None = None,
) -> Litestar:
    """Return the application of these routers, whose routes are given ``more`` by name beside what all are given.

    Pages of other origins may call it only where ``allowed_origins`` says so.
    """
    cookies = Cookies(frozenset({*given.allowed_origins, origin_of(given.address)}), given.secure_cookies)
    asking = Asking(
        given.tokens, given.ports.standings, cookies, use_cases.note_key_use(), of_two_factors=given.of_two_factors
    )
    everybodys = {
        "use": Trying(use_cases),
        "tokens": given.tokens,
        "beginning": Beginning(given.tokens, given.token_lasts, cookies, given.of_two_factors),
        "checks": given.checks,
    }
    with without("pydantic", "attr", "attrs"):  # Litestar would load them to speak of their types, which no route does
        return Litestar(
            route_handlers=routers,
            dependencies={
                "who": Provide(provide_asker, sync_to_thread=False),
                **{name: _always(value) for name, value in {**everybodys, **(more or {})}.items()},
            },
            exception_handlers={
                DomainError: errors.domain_error,
                HTTPException: errors.http_error,
                Exception: errors.unexpected_error,
            },
            middleware=[
                DefineMiddleware(BeforeGate, limits=given.limits, rates=given.rates, spent=given.spent),
                DefineMiddleware(Gate, asking=asking),
                DefineMiddleware(BehindGate, rates=given.rates),
            ],
            openapi_config=documentation,
            state=State({"address": given.address, "use": use_cases}),
            cors_config=cors(given.allowed_origins),
            request_max_body_size=None,  # the gate and the uploads count for themselves
            logging_config=None,
            # Said here, since the framework would look for both in the environment.
            debug=False,
            pdb_on_exception=False,
        )


def within_edge(app: Asgi, given: Given) -> Edge:
    """Return the application with what surrounds every answer."""
    voices = Voices(given.ports.rule_packs.rulebook)
    demands = Demands(
        bounds=given.bounds,
        hosts=Hosts(given.allowed_hosts),
        proxies=given.proxies,
        headers=security_headers(given.address, given.hsts_seconds),
        varies_by_origin=bool(given.allowed_origins),
    )
    return Edge(app, given.ports.clock, given.ports.ids, answered=given.answered, voices=voices, demands=demands)


def _always(value: object) -> Provide:
    """A dependency that is the same for every request."""

    def provide() -> Any:
        return value

    return Provide(provide, sync_to_thread=False)
