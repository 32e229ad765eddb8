"""Where it is kept what counsellors' files say of applications."""

from collections.abc import Collection, Sequence
from typing import Protocol

from ..domain.imports.filed import Filed
from ..domain.shared.ids import ApplicationId, ImportId, StudentId


class FiledApplications(Protocol):
    """What rows of files said, each kept for as long as its application."""

    async def put(self, filed: Filed) -> None:
        """Keep what a row said, in place of what was kept of that row before."""
        ...

    async def of_application(self, application_id: ApplicationId) -> Sequence[Filed]:
        """Return everything that was said of the application, the oldest first, and of one moment by import and row."""
        ...

    async def of_students(self, student_ids: Collection[StudentId]) -> Sequence[Filed]:
        """Return everything that was said of applications of these students, in the same order."""
        ...

    async def of_import(self, import_id: ImportId, after: int, limit: int) -> Sequence[Filed]:
        """Return what the rows of an import said, by row, from just after that row on, at most ``limit``."""
        ...
