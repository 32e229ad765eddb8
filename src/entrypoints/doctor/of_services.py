"""Whatever an installation leans on beside its database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from ...ports.errors import Unavailable
from ..parts.checks import Check
from ..parts.nearby import open_nearby
from ..parts.scanning import scanning_of
from ..parts.store import Store
from ..settings import Settings
from .finding import Finding, broken, warning

_PATIENCE = 10.0  # seconds


async def of_services(settings: Settings, store: Store) -> AsyncIterator[Finding]:
    """Yield which of them do not answer as they should."""
    if settings.s3_bucket is not None and not await _answers(store.checks["files"]):
        yield broken("store_away", bucket=settings.s3_bucket)
    async with open_nearby(settings) as nearby:
        for check in nearby.checks.values():
            if not await _answers(check):
                yield broken("redis_away")
    for check in scanning_of(settings).checks.values():
        if not await _answers(check):
            yield broken("scanner_away", address=settings.clamd or "")
    if settings.mail_channel == "smtp" and settings.smtp_host:
        port = settings.smtp_port or 587
        if not await _takes_connections(settings.smtp_host, port):
            yield broken("mail_server_away", host=settings.smtp_host, port=port)
    if settings.clamd is None and settings.database_url is not None:
        yield warning("no_scanner")


async def _answers(check: Check) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            return await check.look() is not False
    except (Unavailable, OSError, TimeoutError):
        return False
    except Exception:  # noqa: BLE001 - whatever goes wrong means that it cannot be used
        return False


async def _takes_connections(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
