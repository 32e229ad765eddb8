"""What processes on one database know of one another, without a table: by locks that end with who holds them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import asyncpg

from ...ports.errors import Unavailable
from .connecting import plain_url

_FAILURES = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_PATIENCE = 5.0  # seconds for a connection
_WAIT = "60s"
_ALONE = "SELECT pg_advisory_lock(hashtextextended($1, 0))"
_MARK = "SELECT pg_advisory_lock_shared($1, $2)"
_OTHERS = """
SELECT DISTINCT objid::bigint FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid = $1::int::oid AND objid <> $2::int::oid
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_MARKS = 0x68736D6B  # any number that nobody else uses for a pair of advisory locks in this database


@asynccontextmanager
async def alone(url: str, what: str) -> AsyncIterator[None]:
    """Run the block while no other process on this database runs one by these words.

    Raises Unavailable when the server does not answer, or the others take longer than a minute.
    """
    connection = await _connected(url, "higherstudy-alone")
    try:
        try:
            await connection.execute(_ALONE, what, timeout=_PATIENCE + 60)
        except _FAILURES as error:
            raise Unavailable from error
        yield
    finally:
        connection.terminate()


@asynccontextmanager
async def marked(url: str, mark: int, kind: int = 0, known: Collection[int] = ()) -> AsyncIterator[bool]:
    """Let others see our mark (31 bits) while the block runs, and give whether somebody shows another one of the kind
    that is not ``known``.

    Raises Unavailable when the server does not answer. Should the connection be lost later, the mark goes with it.
    """
    connection = await _connected(url, "higherstudy-mark")
    try:
        try:
            await connection.execute(_MARK, _MARKS + kind, mark)
            others = {row[0] for row in await connection.fetch(_OTHERS, _MARKS + kind, mark)}
        except _FAILURES as error:
            raise Unavailable from error
        yield not others <= {*known}
    finally:
        connection.terminate()


async def _connected(url: str, name: str) -> asyncpg.Connection:
    settings = {"application_name": name, "lock_timeout": _WAIT}
    try:
        return await asyncpg.connect(plain_url(url), timeout=_PATIENCE, server_settings=settings)
    except _FAILURES as error:
        raise Unavailable from error
