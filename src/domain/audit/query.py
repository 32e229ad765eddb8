"""What is searched for in the trail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId, StudentId
from .chain import Kept


@dataclass(frozen=True, slots=True)
class Query:
    """Entries that are all of this; what is left out may be anything.

    ``action`` ending in a dot stands for every action that begins so, such as ``audit.``.
    ``until`` is not within the time.
    """

    actor: AccountId | None = None
    student_id: StudentId | None = None
    action: str = ""
    subject: str = ""
    subject_id: UUID | None = None
    request_id: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def names(self) -> dict[str, str]:
        """What of it was asked for, as the trail notes that: ids and codes only."""
        given = {
            "actor": self.actor,
            "student": self.student_id,
            "action": self.action,
            "subject": self.subject,
            "subject_id": self.subject_id,
            "request": self.request_id,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }
        return {name: str(value) for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: entries are listed from the latest to the earliest."""

    at: datetime
    place: int


def position_of(kept: Kept) -> Position:
    """Return where a page ends that ends with this entry."""
    return Position(kept.entry.at, kept.place)
