"""Writing down something about a student, and reading what was."""

from __future__ import annotations

from collections.abc import Sequence

from ....ports.ids import Ids
from ....ports.transactions import Transactions
from ...identity.account import Asker
from ...identity.policies import admitted
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound, Reason
from ...shared.ids import NoteId, StudentId
from ..note import LONGEST, Note, demand_text


@dataclass(frozen=True)
class AddNote:
    """Write something down about a student; she reads it too."""

    transactions: Transactions
    ids: Ids

    async def __call__(self, asker: Asker, student_id: StudentId, text: str, corrects: NoteId | None = None) -> Note:
        """Return the note; raise Forbidden for one's own record, NotFound unless staff asks whom she lets see it, and
        where there is no such note of hers to correct, Invalid for a text that cannot be kept."""
        admitted(asker, student_id, Doing.ADD_NOTES)
        written = demand_text(text, "text", LONGEST)
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.ADD_NOTES)
            if corrects is not None and (await work.notes.get(corrects)).student_id != student_id:
                raise NotFound(Reason("note.unknown"))
            note = Note(NoteId(self.ids.new()), student_id, asker.account_id, work.now, written, corrects)
            await work.notes.add(note)
            work.record(note.added(), 1)
        return note


@dataclass(frozen=True, slots=True)
class ListNotes:
    """Show what was written down about a student."""

    transactions: Transactions

    async def __call__(self, asker: Asker, student_id: StudentId) -> Sequence[Note]:
        """Return every note, the newest first, those that were corrected too; raise NotFound unless it is her own
        record, or staff asks whom she lets see it."""
        admitted(asker, student_id, Doing.SEE_NOTES)
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.SEE_NOTES)
            return await work.notes.of_student(student_id)
