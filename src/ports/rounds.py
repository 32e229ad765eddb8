"""When each student's plans are looked through again for what she is to be reminded of."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ..domain.shared.ids import StudentId


class Rounds(Protocol):
    """The next look at each student's plans. That one comes too early changes nothing: what is said is derived."""

    async def due(self, limit: int) -> Sequence[StudentId]:
        """Return students whose plans are to be looked through by now, those that wait longest first, at most so many;
        those that another transaction has are passed over, and these are ours until this one ends."""
        ...

    async def next(self, looks: Mapping[StudentId, datetime]) -> None:
        """Note when each of these students' plans are looked through next."""
        ...

    async def sooner(self, student_ids: Collection[StudentId]) -> None:
        """Let the plans of these be looked through now."""
        ...
