"""The API as one block: everything is started in order, and ended in the reverse order."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...adapters.folder.files import remove_old_folders
from ...adapters.icalendar.feed import feed
from ...adapters.postgres.processes import alone
from ...adapters.workbooks.choosing import source_of
from ...domain.identity.account import Role
from ...domain.shared.errors import Conflict
from ...ports.errors import RolledBack, Unavailable
from ..backups.daily import backed_up
from ..http.addresses import Proxies
from ..http.assembling import Given
from ..http.edge import Asgi
from ..http.limits import Rates
from ..http.opening import opening_app
from ..parts import keys
from ..parts.checks import Checks
from ..parts.database import Database, Tell, standings_kept_fresh
from ..parts.later import Later
from ..parts.opened import Opened
from ..parts.opened import opened as open_all
from ..parts.rules import Rules, rules_kept_fresh
from ..settings import Settings
from ..starting import building
from ..watching.tracing import follow, traced
from ..watching.watched import Tallied, answered_to, checks_of, watched
from ..wiring.containers.first import first_use_cases_over
from .accounts import Sample, make_first_admin

if TYPE_CHECKING:
    from ..wiring.containers.every import UseCases
    from ..wiring.ports import Ports

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class System:
    """A server that runs: its use cases, its HTTP application, and the sample data where there is some."""

    settings: Settings
    ports: Ports
    app: Asgi
    whole: Later[Asgi]
    sample: Sample | None
    health_port: int | None
    database: Database
    rules: Rules

    @cached_property
    def use_cases(self) -> UseCases:
        """Every use case."""
        return _every_use_case(self.ports)

    async def load(self) -> None:
        """Load, beside what is answered already, what whoever asks for anything else would have to wait for."""
        await self.whole.get()
        await self.database.units.get()
        await asyncio.to_thread(self.rules.packs.shipped)

    async def tidy(self) -> None:
        """Bring what is kept up to date with this process; what cannot be done now is done by a schedule, by the next
        look, or by whoever starts next."""
        with suppress(Unavailable):
            await self.rules.packs.refresh()
        with suppress(Unavailable, RolledBack):
            await self.use_cases.break_off_imports()()
        with suppress(Unavailable, RolledBack, Conflict):  # another process does it at the same time
            await self.use_cases.note_shipped_packs()()


@asynccontextmanager
async def running(settings: Settings, *, tell: Tell = lambda _: None) -> AsyncIterator[System]:
    """Give a server of these settings; ``tell`` hears in a few words what is being done.

    Without a DATABASE_URL it starts a PostgreSQL of its own and, the first time, fills it with sample data.
    Raises CannotStart or Unavailable when the database cannot be had or, with MIGRATE_AT_START=false, is older.
    """
    home = settings.home_folder
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        telemetry = await stack.enter_async_context(traced(settings, "serve"))
        opened = await stack.enter_async_context(open_all(settings, tell))
        await follow(telemetry, opened)
        if settings.database_url is None or settings.migrate_at_start:
            tell("bringing the database up to date")
            await opened.database.make_current()
        else:
            await opened.database.demand_current()
        await stack.enter_async_context(rules_kept_fresh(opened.rules, opened.database.url))
        await stack.enter_async_context(keys.same_keys(settings))
        await _clear_up(opened)
        await _erase_anew(opened.ports, tell)
        sample = None
        if settings.database_url is None:
            sample = await _filled(home, opened.ports, tell)
        elif settings.admin_email:
            async with alone(opened.database.url, "the first administrator"):
                first = first_use_cases_over(opened.ports)
                await make_first_admin(home / "first-admin.json", settings.admin_email, first)
        checks, tallied = checks_of(opened), Tallied()
        if settings.jobs_at_once and settings.redis_url is None:
            from .running_jobs import together  # noqa: PLC0415 - TaskIQ's weight is for processes that run jobs

            every = _every_use_case(opened.ports)
            await stack.enter_async_context(together(settings, opened, every, tallied, telemetry))
        given = _given(settings, opened, checks, tallied)
        whole = Later(partial(_every_route, given))
        with building():
            app: Asgi = opening_app(given, whole)
        if telemetry is not None:
            app = telemetry.app(app)
        health_port = await stack.enter_async_context(watched(settings, "serve", opened, checks, tallied))
        await stack.enter_async_context(standings_kept_fresh(opened.database))
        await stack.enter_async_context(backed_up(settings, opened.database, opened.store.files))
        yield System(settings, opened.ports, app, whole, sample, health_port, opened.database, opened.rules)


async def _erase_anew(ports: Ports, tell: Tell) -> None:
    """Erase again whom a backup has brought back, before anybody is served."""
    try:
        known = await anext(ports.tombstones.every(), None) is not None
        if known and (done := await _every_use_case(ports).erase_anew()()):
            tell(f"erased {done} records again that a backup had brought back")
    except Unavailable:  # a store that is away keeps nobody from serving; the schedule looks again
        log.warning("whether a backup has brought back an erased record cannot be told: the store does not answer")


def _every_use_case(ports: Ports) -> UseCases:
    from ..wiring.containers.every import use_cases_over  # noqa: PLC0415 - more than the first answer needs

    return use_cases_over(ports)


def _every_route(given: Given) -> Asgi:
    with building():
        from ..http.app import every_route  # noqa: PLC0415 - more than the first answer needs

        return every_route(given)


async def _filled(home: Path, ports: Ports, tell: Tell) -> Sample:
    from .seed import seed  # noqa: PLC0415 - for a server with a database of its own

    use_cases = _every_use_case(ports)
    await use_cases.break_off_imports()()
    return await seed(home / "sample-accounts.json", use_cases, tell)


async def _clear_up(opened: Opened) -> None:
    """Take away what processes left behind that died: half an upload, a catalogue."""
    yesterday = opened.ports.clock.now() - timedelta(days=1)
    if opened.store.folder is not None:
        await opened.store.folder.remove_unfinished(yesterday)
    await asyncio.to_thread(remove_old_folders, Path(tempfile.gettempdir()), "higherstudy-import-*", yesterday)


def _given(settings: Settings, opened: Opened, checks: Checks, tallied: Tallied) -> Given:
    return Given(
        ports=opened.ports,
        tokens=keys.tokens(settings, opened.ports.clock),
        links=opened.store.links,
        tickets=opened.store.tickets,
        source_of=source_of,
        feed=feed,
        checks=checks,
        cache=opened.nearby.cache,
        limits=opened.nearby.limits,
        rates=Rates(
            sign_ins=settings.sign_in_limit,
            requests=settings.request_limit,
            matches=settings.match_limit,
            uploads=settings.upload_limit,
            addresses=settings.address_limit,
            exports=settings.export_limit,
        ),
        largest_upload=settings.largest_upload,
        largest_catalogue=settings.largest_catalogue,
        token_lasts=timedelta(minutes=settings.token_minutes),
        of_two_factors=frozenset(map(Role, settings.roles_of_two_factors)),
        link_lasts=timedelta(seconds=settings.link_seconds),
        allowed_origins=settings.allowed_origins.split(),
        allowed_hosts=settings.allowed_hosts.split(),
        proxies=Proxies.named(settings.trusted_proxies.split(), settings.proxy_header),
        hsts_seconds=settings.hsts_seconds,
        secure_cookies=not settings.insecure_cookies,
        address=settings.address,
        answered=answered_to(settings, tallied),
    )
