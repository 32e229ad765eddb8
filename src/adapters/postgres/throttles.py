"""What has failed in a row, in PostgreSQL."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.identity.throttle import Throttle
from .engine import translated
from .tables import throttles


class PostgresThrottles:
    """The counts as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def held(self, key: str) -> Throttle:
        # The row is there and locked afterwards, whoever was first: what changes nothing locks it all the same.
        statement = insert(throttles).values(key=key, failures=0)
        statement = statement.on_conflict_do_update(index_elements=["key"], set_={"failures": throttles.c.failures})
        with translated():
            row = (await self._connection.execute(statement.returning(throttles))).one()
        return Throttle(row.key, row.failures, row.failed_at)

    async def save(self, throttle: Throttle) -> None:
        values = {"failures": throttle.failures, "failed_at": throttle.failed_at}
        with translated():
            await self._connection.execute(update(throttles).where(throttles.c.key == throttle.key).values(values))

    async def remove(self, key: str) -> None:
        with translated():
            await self._connection.execute(delete(throttles).where(throttles.c.key == key))

    async def remove_over(self, before: datetime, limit: int) -> int:
        over = select(throttles.c.key).where(throttles.c.failed_at < before).limit(limit)
        with translated():
            done = await self._connection.execute(delete(throttles).where(throttles.c.key.in_(over)))
        return done.rowcount
