"""How those who count before they add wait for one another."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from .engine import translated


async def one_at_a_time(connection: AsyncConnection, what: str) -> None:
    """Return once no other transaction holds these words; they are ours until this one ends.

    Whatever is asked next is a statement of its own, and sees what was committed while the lock was awaited.
    """
    with translated():
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


async def held(connection: AsyncConnection, what: str) -> bool:
    """Return at once whether the words are ours now until this transaction ends; not while another one holds them."""
    with translated():
        lock = select(func.pg_try_advisory_xact_lock(func.hashtextextended(what, 0)))
        return bool((await connection.execute(lock)).scalar_one())
