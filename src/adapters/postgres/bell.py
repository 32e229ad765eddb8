"""Tells whoever listens that there is something new (NOTIFY), after the commit and at almost no cost.

A NOTIFY inside a transaction would be simpler: but all commits with one wait for each other, through the flush to disk,
which lets a server write some dozens of events a second. So it goes out in a transaction of its own, which nothing
depends on and which therefore waits for no flush. If the process dies in between, the listeners' own look finds it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

DOORBELL = "outbox"
"""The channel on which it is said that events or jobs came in."""

_RING = f"BEGIN; SET LOCAL synchronous_commit = off; NOTIFY {DOORBELL}; COMMIT"

log = logging.getLogger(__name__)


class Bell:
    """Rings for all who have committed since the last time: one ring is on its way at most, and one waits."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waits = False

    async def ring(self, connection: AsyncConnection) -> None:
        """Ring over this connection, on which no transaction is open, unless somebody else is about to."""
        if self._waits:
            return
        self._waits = True
        async with self._turn:
            self._waits = False
            try:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await driver.execute(_RING)
            except Exception as error:  # noqa: BLE001 - what was committed stays so, whether anybody hears of it or not
                log.info("nobody was told of new events: %s", type(error).__name__)
