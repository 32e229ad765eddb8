"""Notes about a student: part of her record, which she reads and takes along like everything else."""

from __future__ import annotations

from datetime import datetime

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason, refuse_if_any
from ..shared.ids import AccountId, NoteId, StudentId
from ..shared.texts import text_problems
from .events import NoteAdded

LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote down; it is never changed. ``corrects`` names the note that it takes the place of."""

    id: NoteId
    student_id: StudentId
    by: AccountId
    at: datetime
    text: str
    corrects: NoteId | None = None

    def added(self) -> NoteAdded:
        """Return the event."""
        return NoteAdded(self.id, self.student_id)


def demand_text(text: str, place: str, longest: int) -> str:
    """Return the text without blanks around it; raise Invalid where it is blank, too long or holds what no text may."""
    problems = [*text_problems(text, place, at_most=longest)]
    if not text.strip():
        problems.append(Reason("data.missing", {}, place))
    refuse_if_any(problems, Invalid)
    return text.strip()
