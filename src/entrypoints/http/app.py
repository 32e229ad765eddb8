"""The whole application: every route."""

from __future__ import annotations

from typing import Any, cast

from ..wiring.containers.every import use_cases_over
from .assembling import Given, assembled, within_edge
from .copies import Copies
from .documentation import CONFIG, pages
from .drawing import drawn
from .edge import Asgi, Edge
from .routes import (
    accounts,
    applications,
    audit,
    books,
    catalogue,
    confirming,
    consents,
    counsel,
    documents,
    erasures,
    exports,
    factors,
    files,
    grants,
    health,
    import_changes,
    imports,
    invariants,
    jobs,
    keys,
    matching,
    messages,
    money,
    orders,
    overrides,
    pack_diffs,
    people_imports,
    plan_files,
    plan_questions,
    plans,
    profiles,
    providers,
    queue,
    record_offers,
    reports,
    retention,
    rule_changes,
    rulebook,
    scales,
    sessions,
    sign_outs,
    undelivered,
    unsubscribing,
    uploads,
    verdicts,
    webhooks,
)

_ROUTERS: list[Any] = [
    accounts.router,
    confirming.router,
    sessions.router,
    sessions.token_keys,
    keys.router,
    sign_outs.router,
    grants.router,
    factors.router,
    providers.router,
    profiles.router,
    catalogue.router,
    imports.router,
    import_changes.router,
    people_imports.router,
    record_offers.router,
    jobs.router,
    invariants.router,
    verdicts.router,
    matching.router,
    overrides.router,
    money.router,
    plans.router,
    plan_questions.router,
    plan_files.router,
    counsel.router,
    queue.router,
    documents.router,
    uploads.router,
    files.router,
    applications.router,
    orders.router,
    books.router,
    exports.router,
    reports.router,
    erasures.router,
    consents.router,
    messages.router,
    undelivered.router,
    unsubscribing.router,
    webhooks.router,
    retention.router,
    rulebook.router,
    pack_diffs.router,
    scales.router,
    rule_changes.router,
    audit.router,
    health.router,
]


def create_app(given: Given) -> Edge:
    """Return the ASGI application, all of it at once."""
    return within_edge(every_route(given), given)


def every_route(given: Given) -> Asgi:
    """Return the application without what surrounds every answer."""
    more = {
        "links": given.links,
        "link_lasts": given.link_lasts,
        "tickets": given.tickets,
        "source_of": given.source_of,
        "feed": given.feed,
        "picture": drawn,
        "largest": given.largest_upload,
        "largest_catalogue": given.largest_catalogue,
        "clock": given.ports.clock,
        "files": given.ports.files,
        "packs": given.ports.rule_packs,
        "copies": Copies(given.cache, given.ports.editions),
    }
    return cast("Asgi", assembled(given, use_cases_over(given.ports), [*_ROUTERS, *pages()], more, CONFIG))
