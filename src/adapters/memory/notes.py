"""Notes about students in memory."""

from collections.abc import Sequence

from ...domain.counselling.note import Note
from ...domain.shared.errors import Conflict, NotFound, Reason
from ...domain.shared.ids import NoteId, StudentId
from .tables import Table


class MemoryNotes:
    """The notes as the open unit sees them."""

    def __init__(self, rows: Table[NoteId, Note]) -> None:
        self._rows = rows

    async def add(self, note: Note) -> None:
        if self._rows.get(note.id) is not None:
            raise Conflict(Reason("id.taken"))
        self._rows.put(note.id, note)

    async def get(self, note_id: NoteId) -> Note:
        note = self._rows.get(note_id)
        if note is None:
            raise NotFound
        return note

    async def of_student(self, student_id: StudentId) -> Sequence[Note]:
        found = self._rows.rows(lambda one: one.student_id == student_id)
        return sorted(found, key=lambda one: (one.at, one.id), reverse=True)
