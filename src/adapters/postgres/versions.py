"""How a changed row is kept only when nobody else changed it first."""

from typing import Any
from uuid import UUID

from sqlalchemy import Table, update
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.shared.errors import Conflict
from .engine import translated


async def save_row(connection: AsyncConnection, table: Table, key: UUID, version: int, values: dict[str, Any]) -> int:
    """Write the values over the row if it is still at that version, and return its new one; raise Conflict if not."""
    statement = update(table).where(table.c.id == key, table.c.version == version).values(**values, version=version + 1)
    with translated():
        if (await connection.execute(statement)).rowcount != 1:
            raise Conflict
    return version + 1
