"""Statements that are sent with almost every request: put into words once, and given straight to the driver."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

import asyncpg
from sqlalchemy import Executable, text
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.shared.errors import DomainError
from .engine import translated

_DIALECT = dialect()  # type: ignore[no-untyped-call]
_FIRST = text("SELECT")


class Often:
    """One statement whose parameters are named by ``bindparam``.

    Going around SQLAlchemy's execution saves most of a short statement's cost. What it would convert has to be given
    as the driver takes it: JSON as text, enumerations as their words.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement

    @cached_property
    def _words(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        compiled: Any = self._statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
        return str(compiled), tuple(compiled.positiontup), dict(compiled.params)

    async def rows(self, connection: AsyncConnection, **given: Any) -> list[Any]:
        """Return the rows of the statement, carried out within the connection's transaction."""
        words, names, fixed = self._words
        driver = driver_of(connection)
        if not driver.is_in_transaction():  # where SQLAlchemy begins one, it does at its own first statement
            with translated():
                await connection.execute(_FIRST)
        async with asking(connection):
            found: list[Any] = await driver.fetch(words, *[given.get(name, fixed.get(name)) for name in names])
        return found


def driver_of(connection: AsyncConnection) -> "asyncpg.Connection[Any]":
    """Return the driver's connection behind SQLAlchemy's."""
    pooled: Any = connection.sync_connection
    driver: asyncpg.Connection[Any] = pooled.connection.driver_connection
    return driver


@asynccontextmanager
async def asking(connection: AsyncConnection) -> AsyncIterator[None]:
    """Translate what the driver raises in the block, and take a connection that died in it from the pool."""
    try:
        with translated():
            yield
    except DomainError as error:
        # One that is out of step with the server may not know yet that it is dead.
        if driver_of(connection).is_closed() or isinstance(error.__cause__, asyncpg.InternalClientError):
            await connection.invalidate()
        raise
