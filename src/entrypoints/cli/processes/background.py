"""Running a process beside the API from the command line: its start, and its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog

from ...parts.database import Tell
from ...processes.background import Background
from ...settings import Settings
from ...watching.logs import log_to_stderr
from ..embedded import settings_here, told_in_sentences
from .stopping import Stopping

log = structlog.get_logger("higherstudy.process")

Opening = Callable[[Settings, Tell], AbstractAsyncContextManager[Background]]


def run_until_stopped(name: str, opening: Opening) -> int:
    """Run until SIGINT or SIGTERM and return 0; raise CommandFailed in one sentence when that cannot be."""
    settings = settings_here()
    log_to_stderr(settings.log_level, settings.log_format, final=True)
    return asyncio.run(_until_stopped(name, settings, opening))


async def _until_stopped(name: str, settings: Settings, opening: Opening) -> int:
    stopping = Stopping(asyncio.current_task())
    stopping.listen()
    try:
        with told_in_sentences(settings) as started:
            async with opening(settings, lambda _: None) as running:
                started()
                stopping.end = lambda: None
                log.info("ready", process=name, health_port=running.health_port)
                await stopping.asked.wait()
                log.info("stopping", process=name)
    except asyncio.CancelledError:
        if not stopping.asked.is_set():
            raise
    log.info("stopped", process=name)
    return 0
