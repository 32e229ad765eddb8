"""Connections for single statements that read: no transaction to begin and end, nothing to put back afterwards."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import asyncpg

from ...ports.errors import Unavailable
from .connecting import is_for_now, plain_url, server_settings

_LOST = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # out of step with a server that went away in the middle of an answer
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
)


class Reading:
    """A few connections, opened when they are needed. Whoever waits for one holds nothing.

    A statement that only reads may be sent again, so one whose connection was lost is, once.
    """

    def __init__(
        self,
        url: str,
        *,
        size: int = 4,
        wait: timedelta = timedelta(seconds=5),
        statement_timeout: timedelta = timedelta(seconds=15),
        connect_timeout: timedelta = timedelta(seconds=5),
        role: str | None = None,
    ) -> None:
        self._url = plain_url(url)
        self._wait = wait.total_seconds()
        self._connect_timeout = connect_timeout.total_seconds()
        self._settings = {
            **server_settings(statement_timeout=statement_timeout, name="higherstudy-reading", role=role),
            "default_transaction_read_only": "on",
        }
        self._free = asyncio.Semaphore(size)
        self._idle: list[asyncpg.Connection[Any]] = []
        self._busy: set[asyncpg.Connection[Any]] = set()
        self._waiting = 0

    @property
    def connections(self) -> Mapping[str, float]:
        """How many connections are in use, how many lie idle, and how many statements wait for one."""
        return {"in_use": len(self._busy), "idle": len(self._idle), "waiting": self._waiting}

    async def fetch(self, statement: str, *values: Any) -> list[Any]:
        """Return the rows; raise Unavailable when no connection comes free in time or the server does not answer."""
        try:
            # Taking a free place costs no timer.
            if self._free.locked():
                self._waiting += 1
                try:
                    async with asyncio.timeout(self._wait):
                        await self._free.acquire()
                finally:
                    self._waiting -= 1
            else:
                await self._free.acquire()
        except TimeoutError as error:
            raise Unavailable from error
        try:
            return await self._fetch(statement, values)
        except (*_LOST, TimeoutError) as error:
            raise Unavailable from error
        except asyncpg.PostgresError as error:
            if is_for_now(error):
                raise Unavailable from error
            raise
        finally:
            self._free.release()

    async def close(self) -> None:
        """Close what is open."""
        self.end()

    def end(self) -> None:
        """Break off what is open at once; whoever is reading still is refused, and others may begin anew."""
        for connection in (*self._idle, *self._busy):
            connection.terminate()
        self._idle.clear()

    async def _fetch(self, statement: str, values: tuple[Any, ...]) -> list[Any]:
        if self._idle:
            connection = self._idle.pop()
            try:
                return await self._on(connection, statement, values)
            except _LOST:
                pass  # it had died while it lay idle, or dies now: a reading statement does no harm twice
        return await self._on(await self._connected(), statement, values)

    async def _on(self, connection: "asyncpg.Connection[Any]", statement: str, values: tuple[Any, ...]) -> list[Any]:
        self._busy.add(connection)
        try:
            rows: list[Any] = await connection.fetch(statement, *values)
        except BaseException:  # broken off in the middle, its state is not known
            connection.terminate()
            raise
        finally:
            self._busy.discard(connection)
        self._idle.append(connection)
        return rows

    async def _connected(self) -> "asyncpg.Connection[Any]":
        return await asyncpg.connect(self._url, timeout=self._connect_timeout, server_settings=self._settings)
