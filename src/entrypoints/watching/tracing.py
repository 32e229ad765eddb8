"""Traces over all processes, where they are asked for; without that nothing of it is loaded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from typing import TYPE_CHECKING

from ..about import not_traced, traced_by
from ..parts.opened import Opened
from ..settings import Settings

if TYPE_CHECKING:
    from .telemetry import Telemetry

_LAST_WORDS = 3.0  # seconds in which what was traced last may reach the collector


@asynccontextmanager
async def traced(settings: Settings, process: str) -> AsyncIterator[Telemetry | None]:
    """Give what traces this process, None where OTEL_EXPORTER_OTLP_ENDPOINT is not set; send the rest at the end."""
    if settings.otlp_endpoint is None:
        yield None
        return
    from .telemetry import Telemetry, traceparent  # noqa: PLC0415 - heavy, and only where the setting asks for it

    telemetry = Telemetry(settings.otlp_endpoint, process)
    telemetry.follow_clients(redis=settings.redis_url is not None, s3=settings.s3_bucket is not None)
    traced_by(traceparent, telemetry.passed_on)
    try:
        yield telemetry
    finally:
        not_traced()
        # A thread that nobody waits for: a collector that does not answer keeps no process from its end.
        ending = Thread(target=telemetry.shut_down, daemon=True)
        ending.start()
        await asyncio.to_thread(ending.join, _LAST_WORDS)


async def follow(telemetry: Telemetry | None, opened: Opened) -> None:
    """Give each statement to the database a span, where there are traces."""
    if telemetry is not None:
        telemetry.follow_engine((await opened.database.units.get()).engine)
        reading = opened.database.reading
        setattr(reading, "fetch", telemetry.fetch(reading.fetch))  # noqa: B010 - put before the method of this one
