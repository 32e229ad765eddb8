"""Where notes about students are kept: only ever added to."""

from collections.abc import Sequence
from typing import Protocol

from ..domain.counselling.note import Note
from ..domain.shared.ids import NoteId, StudentId


class Notes(Protocol):
    """All notes."""

    async def add(self, note: Note) -> None:
        """Keep a new note; raise Conflict where the id is taken."""
        ...

    async def get(self, note_id: NoteId) -> Note:
        """Return the note; raise NotFound where there is none."""
        ...

    async def of_student(self, student_id: StudentId) -> Sequence[Note]:
        """Return every note about the student, the newest first, those that were corrected too."""
        ...
