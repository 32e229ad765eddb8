"""Where it is kept which exports there are, and how far each is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..domain.rights.export import Export
from ..domain.shared.ids import ExportId, StudentId


class Exports(Protocol):
    """All exports of students' records. Their files are where files are kept."""

    async def add(self, export: Export) -> None:
        """Keep a new export at version 1; raise Conflict where the id is taken."""
        ...

    async def save(self, export: Export) -> None:
        """Keep the changed export and count its version up; raise Conflict when another writer was first."""
        ...

    async def get(self, export_id: ExportId) -> Export:
        """Return the export; raise NotFound where there is none."""
        ...

    async def of_student(self, student_id: StudentId) -> Sequence[Export]:
        """Return the student's exports, the newest first; of one moment, by falling id."""
        ...

    async def over(self, now: datetime, limit: int) -> Sequence[Export]:
        """Return at most so many whose file is kept and whose time is over, the oldest first."""
        ...

    async def unused(self, hashes: Sequence[str]) -> frozenset[str]:
        """Return those of the hashes that are of no export's file."""
        ...
