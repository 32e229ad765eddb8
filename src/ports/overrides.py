"""Where counsellors' overrides of findings are kept: only ever added to."""

from collections.abc import Collection, Sequence
from typing import Protocol

from ..domain.matching.override import Override, TakenBack
from ..domain.shared.ids import OverrideId, ProgrammeId, StudentId


class Overrides(Protocol):
    """All overrides, those that were taken back among them."""

    async def add(self, override: Override) -> None:
        """Keep a new override; raise Conflict where the id is taken."""
        ...

    async def take_back(self, override_id: OverrideId, taken_back: TakenBack) -> None:
        """Keep that the override was taken back; raise Conflict where somebody was first. Nothing is removed."""
        ...

    async def get(self, override_id: OverrideId) -> Override:
        """Return the override; raise NotFound where there is none."""
        ...

    async def every_of(self, student_id: StudentId) -> Sequence[Override]:
        """Return every override of the student for any programme, the newest first; of one moment, by falling id."""
        ...

    async def of_student(self, student_id: StudentId, programme_ids: Collection[ProgrammeId]) -> Sequence[Override]:
        """Return every override of the student for these programmes, the newest first; of one moment, by falling id."""
        ...
