"""Where needs are kept that were found before, beside what they were found from."""

from collections.abc import Collection, Sequence
from typing import Protocol

from ..domain.counselling.kept import KeptNeeds, Standing
from ..domain.shared.ids import StudentId


class Needs(Protocol):
    """A copy of what was found of students: whatever of it is lost is found anew."""

    async def standings(self, student_ids: Collection[StudentId]) -> Sequence[Standing]:
        """Return how these students stand, ordered by id, each with what is kept of her; without those that there are
        not."""
        ...

    async def keep(self, found: Sequence[KeptNeeds]) -> None:
        """Keep these in place of what was kept of the students; not of one whose record has another version by now."""
        ...
