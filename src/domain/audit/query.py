"""What is searched for in the trail."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId, StudentId
from .chain import Kept

_CODE = re.compile(r"[a-z0-9_.-]{1,80}", re.ASCII)


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
        """What of it was asked for, as the trail notes that: ids and codes only, a question mark for other words."""
        given = {
            "actor": self.actor,
            "student": self.student_id,
            "action": _as_code(self.action),
            "subject": _as_code(self.subject),
            "subject_id": self.subject_id,
            "request": _as_code(self.request_id),
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }
        return {name: str(value) for name, value in given.items() if value}


def _as_code(given: str) -> str:
    """Return what may stand in the trail for ever: whoever searches may have typed somebody's name or address."""
    return given if not given or _CODE.fullmatch(given) else "?"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: entries are listed from the latest to the earliest."""

    at: datetime
    place: int


def position_of(kept: Kept) -> Position:
    """Return where a page ends that ends with this entry."""
    return Position(kept.entry.at, kept.place)
