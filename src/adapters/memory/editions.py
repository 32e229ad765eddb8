"""Which state of the catalogue in memory stands."""

from ...domain.imports.catalogue_import import State
from .imports import ImportStore


class MemoryEditions:
    """Counts the imports that have changed the catalogue."""

    def __init__(self, imports: ImportStore) -> None:
        self._imports = imports

    async def current(self) -> str:
        """Return how many there were."""
        return str(sum(run.state is State.FINISHED and not run.dry_run for run in self._imports.runs.rows()))
