"""Which tickets were used, in PostgreSQL, by the SHA-256 of their ids."""

import hashlib
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from .engine import translated
from .tables import used_tickets


class PostgresUsedTickets:
    """The used tickets as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def use(self, ticket_id: str, until: datetime) -> bool:
        digest = hashlib.sha256(ticket_id.encode()).hexdigest()
        statement = insert(used_tickets).values(digest=digest, until=until).on_conflict_do_nothing()
        with translated():
            return (await self._connection.execute(statement)).rowcount == 1

    async def remove_over(self, before: datetime, limit: int) -> int:
        over = select(used_tickets.c.digest).where(used_tickets.c.until < before).limit(limit)
        with translated():
            done = await self._connection.execute(delete(used_tickets).where(used_tickets.c.digest.in_(over)))
        return done.rowcount
