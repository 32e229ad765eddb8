"""Where impact reports are kept."""

from collections.abc import Sequence
from typing import Protocol

from ..domain.impacts.changes import StudentImpact
from ..domain.impacts.impact import Impact
from ..domain.shared.ids import ImpactId, StudentId


class Impacts(Protocol):
    """All impact reports, each with the students to whom something happens."""

    async def add(self, impact: Impact) -> None:
        """Keep a new report at version 1; raise Conflict where there is one of its id."""
        ...

    async def get(self, impact_id: ImpactId) -> Impact:
        """Return the report; raise NotFound where there is none."""
        ...

    async def save(self, impact: Impact) -> None:
        """Keep the changed report and count its version up; raise Conflict when another writer was first."""
        ...

    async def add_students(self, impact_id: ImpactId, found: Sequence[StudentImpact]) -> None:
        """Keep what changes for these students; raise Conflict where something is kept for one of them already."""
        ...

    async def students(
        self, impact_id: ImpactId, after: tuple[int, StudentId] | None, limit: int
    ) -> Sequence[StudentImpact]:
        """Return students with what changes for them, the worst first, from just after that badness and id on.

        Of equally bad ones the lesser id goes first.
        """
        ...

    async def of_student(self, student_id: StudentId) -> Sequence[tuple[ImpactId, StudentImpact]]:
        """Return what each report says of the student, ordered by the report's id."""
        ...

    async def student(self, impact_id: ImpactId, student_id: StudentId) -> StudentImpact | None:
        """Return what changes for the student, None where nothing does or she is not counted yet."""
        ...
