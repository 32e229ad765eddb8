"""Sealing the audit trail, and noting its end elsewhere, again and again beside whatever relays."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from ...ports.errors import Unavailable
from ..settings import Settings

if TYPE_CHECKING:
    from ..wiring.containers.every import UseCases

log = logging.getLogger(__name__)


@asynccontextmanager
async def sealing(settings: Settings, use_cases: UseCases) -> AsyncIterator[None]:
    """Seal while the block runs; of several processes one does at a time."""
    tasks = [
        asyncio.create_task(_again_and_again(_seal(use_cases), settings.audit_seal_seconds, "sealing the audit trail")),
        asyncio.create_task(_again_and_again(_anchor(use_cases), settings.audit_anchor_seconds, "noting its end")),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _again_and_again(work: Callable[[], Awaitable[None]], seconds: float, what: str) -> None:
    """Never return; where something does not answer, say so once and go on trying."""
    is_well = True
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Unavailable:
            if is_well:
                log.warning("%s waits: a part that it needs does not answer", what)
            is_well = False
        except Exception:  # the loop outlives whatever one round meets
            log.exception("%s failed", what)
        else:
            is_well = True


def _seal(use_cases: UseCases) -> Callable[[], Awaitable[None]]:
    async def seal() -> None:
        while await use_cases.seal_entries()():
            pass

    return seal


def _anchor(use_cases: UseCases) -> Callable[[], Awaitable[None]]:
    async def anchor() -> None:
        for finding in await use_cases.anchor_head()():
            where = f"place {finding.place}" if finding.seal is None else f"seal {finding.seal}"
            log.error("the audit trail is not what it should be: %s, %s", finding.flaw.value, where)

    return anchor
