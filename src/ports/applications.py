"""Where applications are kept, and exactly what was sent with each."""

from collections.abc import Collection, Sequence
from typing import Protocol

from ..domain.applications.application import Application
from ..domain.shared.ids import ApplicationId, StudentId


class Applications(Protocol):
    """All applications of all students."""

    async def add(self, application: Application) -> None:
        """Keep a new application at version 1.

        Raises Conflict (application.exists) while the student has a live one (``is_live``) for the same programme,
        term and start.
        """
        ...

    async def get(self, application_id: ApplicationId) -> Application:
        """Return the application; raise NotFound where there is none."""
        ...

    async def save(self, application: Application) -> None:
        """Keep the changed application and count its version up; raise Conflict when another writer was first."""
        ...

    async def of_student(
        self, student_id: StudentId, after: ApplicationId | None = None, limit: int = 100
    ) -> Sequence[Application]:
        """Return the student's applications, ordered by id, from just after the given one, at most ``limit``."""
        ...

    async def of_students(self, student_ids: Collection[StudentId]) -> Sequence[Application]:
        """Return all applications of these students, ordered by id."""
        ...

    async def keep_snapshot(self, application_id: ApplicationId, content: bytes) -> None:
        """Keep what was sent; raise Conflict when something was kept before, since what was sent never changes."""
        ...

    async def unsealed_snapshots(self, limit: int) -> Sequence[tuple[StudentId, ApplicationId]]:
        """Return whose snapshots, of which applications, are kept as they were sent, not sealed; at most ``limit``."""
        ...

    async def seal_snapshot(self, application_id: ApplicationId, sealed: bytes) -> None:
        """Keep the sealed snapshot in place of the one that is not sealed; one that is sealed already stays."""
        ...

    async def snapshot(self, application_id: ApplicationId) -> bytes:
        """Return exactly the bytes that were kept; raise NotFound where nothing was sent."""
        ...
