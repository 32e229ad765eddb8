"""The processes beside the API, each as one block: workers, and the relay that hands work to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...domain.shared.errors import Reason
from ..parts.database import Tell
from ..parts.opened import Opened, opened
from ..parts.rules import rules_kept_fresh
from ..settings import Settings, WrongSettings
from ..watching.tracing import follow, traced
from ..watching.watched import Tallied, checks_of, watched
from ..wiring.containers.every import use_cases_over
from .running_jobs import relaying, working

if TYPE_CHECKING:
    from ..watching.telemetry import Telemetry


@dataclass(frozen=True)
class Background:
    """A process that runs, and the port at which it can be watched."""

    health_port: int | None


@asynccontextmanager
async def worker_process(settings: Settings, tell: Tell) -> AsyncIterator[Background]:
    """Carry out jobs while the block runs. Raises WrongSettings without a database that others share, Unavailable
    where it cannot be had or is older than this code."""
    tallied = Tallied()
    async with (
        traced(settings, "work") as telemetry,
        _parts(settings, tell, telemetry, seals=True) as found,
        working(settings, found, use_cases_over(found.ports), tallied, telemetry),
        watched(settings, "work", found, checks_of(found), tallied) as port,
    ):
        yield Background(port)


@asynccontextmanager
async def relay_process(settings: Settings, tell: Tell) -> AsyncIterator[Background]:
    """Hand out work while the block runs: events become jobs, jobs reach workers, schedules fire. Raises as
    ``worker_process`` does."""
    async with (
        traced(settings, "relay") as telemetry,
        _parts(settings, tell, telemetry, seals=False) as found,
        relaying(settings, found, use_cases_over(found.ports)),
        watched(settings, "relay", found, checks_of(found), Tallied()) as port,
    ):
        yield Background(port)


@asynccontextmanager
async def _parts(settings: Settings, tell: Tell, telemetry: Telemetry | None, *, seals: bool) -> AsyncIterator[Opened]:
    if settings.database_url is None:
        raise WrongSettings(Reason("setting.needs_shared_database", {}, "DATABASE_URL"))
    settings.home_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with opened(settings, tell, seals=seals) as found:
        await follow(telemetry, found)
        await found.database.demand_current()
        async with rules_kept_fresh(found.rules, found.database.url):
            yield found
