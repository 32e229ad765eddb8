"""The application: routes, refusals and middleware put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware

from ...domain.documents.policies import LARGEST_FILE
from ...domain.shared.errors import DomainError
from ...ports.cache import Cache
from ...ports.limits import Limits
from ...ports.tokens import Tokens
from ..parts.checks import Checks
from ..parts.elsewhere import Elsewhere
from ..starting import without
from ..trying import Trying
from ..wiring import Ports, memory_cache, memory_limits, use_cases_over
from . import errors
from .copies import Copies
from .documentation import CONFIG, pages
from .drawing import drawn
from .edge import Answered, Edge, nobody
from .gate import Gate
from .given import Links, Tickets, provide_asker
from .languages import Voices
from .limits import Counter, Rates
from .routes import (
    accounts,
    applications,
    catalogue,
    documents,
    files,
    health,
    imports,
    jobs,
    matching,
    money,
    overrides,
    pack_diffs,
    plan_files,
    plan_questions,
    plans,
    profiles,
    rule_changes,
    rulebook,
    scales,
    uploads,
    verdicts,
)

_EXPOSED = ["Content-Language", "ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"]


@dataclass(frozen=True)
class Given:
    """What the application is made of."""

    ports: Ports
    tokens: Tokens
    links: Links
    source_of: imports.SourceOf
    feed: plan_files.Feed
    checks: Checks
    cache: Cache = field(default_factory=memory_cache)
    limits: Limits = field(default_factory=memory_limits)
    rates: Rates = field(default_factory=Rates)
    tickets: Tickets = field(default_factory=Elsewhere)
    largest_upload: int = LARGEST_FILE
    largest_catalogue: int = 100 * 2**20
    token_lasts: timedelta = timedelta(hours=1)
    link_lasts: timedelta = timedelta(minutes=1)
    allowed_origins: Sequence[str] = ()
    address: str = "http://localhost:8000"
    """Where clients reach the server, for the examples of the page."""
    picture: plan_files.Picture = drawn
    answered: Answered = nobody
    """Hears of each request that is over, for the log and the figures."""


def create_app(given: Given) -> Edge:
    """Return the ASGI application; pages of other origins may call it only where ``allowed_origins`` says so."""
    use_cases = use_cases_over(given.ports)
    with without("pydantic", "attr", "attrs"):  # Litestar would load them to speak of their types, which no route does
        app = Litestar(
            route_handlers=[
                accounts.router,
                profiles.router,
                catalogue.router,
                imports.router,
                jobs.router,
                verdicts.router,
                matching.router,
                overrides.router,
                money.router,
                plans.router,
                plan_questions.router,
                plan_files.router,
                documents.router,
                uploads.router,
                files.router,
                applications.router,
                rulebook.router,
                pack_diffs.router,
                scales.router,
                rule_changes.router,
                health.router,
                *pages(),
            ],
            dependencies={
                "who": Provide(provide_asker, sync_to_thread=False),
                "use": _always(Trying(use_cases)),
                "tokens": _always(given.tokens),
                "token_lasts": _always(given.token_lasts),
                "links": _always(given.links),
                "link_lasts": _always(given.link_lasts),
                "tickets": _always(given.tickets),
                "source_of": _always(given.source_of),
                "feed": _always(given.feed),
                "picture": _always(given.picture),
                "checks": _always(given.checks),
                "largest": _always(given.largest_upload),
                "largest_catalogue": _always(given.largest_catalogue),
                "clock": _always(given.ports.clock),
                "files": _always(given.ports.files),
                "packs": _always(given.ports.rule_packs),
                "copies": _always(Copies(given.cache, given.ports.editions)),
            },
            exception_handlers={
                DomainError: errors.domain_error,
                HTTPException: errors.http_error,
                Exception: errors.unexpected_error,
            },
            middleware=[
                DefineMiddleware(Counter, limits=given.limits, rates=given.rates, strangers=True),
                DefineMiddleware(Gate, tokens=given.tokens, standings=given.ports.standings),
                DefineMiddleware(Counter, limits=given.limits, rates=given.rates, strangers=False),
            ],
            openapi_config=CONFIG,
            state=State({"address": given.address}),
            cors_config=_cors(given.allowed_origins),
            request_max_body_size=None,  # the gate and the uploads count for themselves
            logging_config=None,
        )
    voices = Voices(given.ports.rule_packs.rulebook)
    return Edge(app, given.ports.clock, given.ports.ids, answered=given.answered, voices=voices)  # type: ignore[arg-type]


def _always(value: object) -> Provide:
    """A dependency that is the same for every request."""

    def provide() -> Any:
        return value

    return Provide(provide, sync_to_thread=False)


def _cors(origins: Sequence[str]) -> CORSConfig | None:
    if not origins:
        return None
    return CORSConfig(allow_origins=list(origins), expose_headers=_EXPOSED)
