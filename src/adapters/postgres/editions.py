"""Which state of the catalogue in PostgreSQL stands."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from ...domain.imports.catalogue_import import State
from .engine import translated
from .tables_catalogue import imports

# Their number, not only the last one: one that began earlier may end later. They are few, and none is ever deleted.
_FINISHED = select(func.count(), func.max(imports.c.finished_at)).where(
    imports.c.state == State.FINISHED.value, imports.c.dry_run.is_(False)
)


class PostgresEditions:
    """Counts the imports that have changed the catalogue, in a single statement outside of any unit of work."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def current(self) -> str:
        """Return how many there were, and when the last one began; raise Unavailable when nobody answers."""
        with translated():
            async with self._engine.connect() as connection:
                count, last = (await connection.execute(_FINISHED)).one()
        return f"{count}.{last.timestamp():.6f}" if last else "0"
