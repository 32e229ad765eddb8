"""What a process lets others see of it: its log, its health and its figures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from ...adapters.postgres.job_figures import job_figures
from ...domain.shared.errors import Params, Reason
from ..parts.checks import Check, Checks, Found
from ..parts.opened import Opened
from ..settings import Settings, WrongSettings
from .logs import access_line
from .side_door import SideDoor, side_door
from .tallies import Tallies

if TYPE_CHECKING:
    from ..http.edge import Answered
    from .metrics import Metrics

_LATE = 60.0  # seconds; a worker that lives takes a due job at once, one that died is replaced within 30


@dataclass(frozen=True)
class Tallied:
    """What a process counts."""

    requests: Tallies = field(default_factory=lambda: Tallies(("method", "route", "status")))
    jobs: Tallies = field(default_factory=lambda: Tallies(("name", "outcome")))


def checks_of(opened: Opened) -> Checks:
    """Return a look at each part of a process, and at how far behind the jobs are."""

    async def jobs() -> Found:
        figures = await job_figures(opened.database.reading)
        late = figures.oldest_waiting_seconds > _LATE
        return Found("late" if late else "ok", asdict(figures))

    return Checks({**opened.checks, "jobs": Check(jobs, needed=False)})


def answered_to(settings: Settings, tallied: Tallied) -> Answered:
    """Return what hears of each request that is over: it is logged and counted."""
    write, add = access_line(settings.log_format, settings.log_level), tallied.requests.add

    def answered(method: str, route: str, status: int, seconds: float, request_id: str) -> None:
        write(method, route, status, seconds, request_id)
        add((method, route, str(status)), seconds)

    return answered


@asynccontextmanager
async def watched(
    settings: Settings, process: str, opened: Opened, checks: Checks, tallied: Tallied
) -> AsyncIterator[int | None]:
    """Let the process be watched at HEALTH_PORT, if there is one, and give that port; raise WrongSettings when it
    cannot be had."""
    if settings.health_port is None:
        yield None
        return

    @cache
    def metrics() -> Metrics:
        from .metrics import metrics_of  # noqa: PLC0415 - its weight is for those who are asked

        return metrics_of(process, opened, tallied)

    async def text() -> bytes:
        return await metrics().text()

    async with AsyncExitStack() as stack:
        try:
            door = side_door(settings.host, settings.health_port, SideDoor(checks, text if settings.metrics else None))
            port = await stack.enter_async_context(door)
        except OSError as error:
            params: Params = {"host": settings.host, "port": settings.health_port}
            raise WrongSettings(Reason("setting.port_not_to_be_had", params, "HEALTH_PORT")) from error
        yield port
