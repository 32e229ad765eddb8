"""Lists that are looked at often, as they stand in the rows: nothing is decided with them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from ..domain.applications.application import Offer, Receipt
from ..domain.shared.ids import ApplicationId, StudentId


class HistoryRow(NamedTuple):
    """One thing that was done, in the words of Action, State and Side."""

    action: str
    before: str
    after: str
    side: str
    at: datetime
    note: str


class ApplicationRow(NamedTuple):
    """An application as a list shows it; ``state`` is a word of State."""

    id: UUID
    student_id: UUID
    programme_id: UUID
    term: str
    starts_on: date
    started_at: datetime
    version: int
    state: str
    offer: Offer | None
    receipt: Receipt | None
    history: Sequence[HistoryRow]


class ApplicationList(Protocol):
    """What students look at first: their applications."""

    async def of_student(
        self, student_id: StudentId, after: ApplicationId | None, limit: int
    ) -> Sequence[ApplicationRow]:
        """Return what is kept now of the student, ordered by id, from just after the given one, at most ``limit``.

        Raises Unavailable when the store does not answer.
        """
        ...
