"""Hears what transactions call out as they commit (LISTEN, NOTIFY), so that nobody has to ask again and again."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import asyncpg

from .bell import DOORBELL
from .connecting import plain_url

log = logging.getLogger(__name__)


class PostgresListener:
    """Listens on a connection of its own, and on a new one when that is lost."""

    def __init__(self, url: str, *, again_after: float = 2.0) -> None:
        self._url = plain_url(url)
        self._again_after = again_after

    async def __call__(self, ring: Callable[[], None]) -> None:
        """Call ``ring`` for each commit that wrote events, and once after each new connection; never return."""
        await self.hear(DOORBELL, lambda _: ring())

    async def hear(self, channel: str, tell: Callable[[str | None], None]) -> None:
        """Tell each message of the channel, and None when something may have been missed: after each new connection
        and after each that was lost. Never return."""
        while True:
            try:
                await self._listen(channel, tell)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("not listening for %s: %s", channel, error)
            tell(None)
            await asyncio.sleep(self._again_after)

    async def _listen(self, channel: str, tell: Callable[[str | None], None]) -> None:
        lost = asyncio.Event()
        connection = await asyncpg.connect(
            self._url, timeout=5, server_settings={"application_name": "higherstudy-listener"}
        )
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(channel, lambda _connection, _process, _channel, said: tell(said))
            tell(None)  # what was said while nobody listened
            await lost.wait()
        finally:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=2)
