"""Which state of the catalogue in PostgreSQL stands."""

from ...domain.imports.catalogue_import import State
from .reading import Reading

# Their number, not only the last one: one that began earlier may end later. They are few, and none is ever deleted.
_FINISHED = "SELECT count(*), max(finished_at) FROM imports WHERE state = $1 AND NOT dry_run"


class PostgresEditions:
    """Counts the imports that have changed the catalogue, in a single statement outside of any unit of work."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def current(self) -> str:
        """Return how many there were, and when the last one began; raise Unavailable when nobody answers."""
        count, last = (await self._reading.fetch(_FINISHED, State.FINISHED.value))[0]
        return f"{count}.{last.timestamp():.6f}" if last else "0"
