"""What students have allowed, in memory."""

from collections.abc import Sequence

from ...domain.rights.consent import Consent
from ...domain.shared.errors import Conflict, Reason
from ...domain.shared.ids import ConsentId, StudentId
from .tables import Table


class MemoryConsents:
    """The words of students as the open unit sees them."""

    def __init__(self, rows: Table[ConsentId, Consent]) -> None:
        self._rows = rows

    async def add(self, consent: Consent) -> None:
        if self._rows.get(consent.id) is not None:
            raise Conflict(Reason("id.taken"))
        self._rows.put(consent.id, consent)

    async def of_student(self, student_id: StudentId) -> Sequence[Consent]:
        return sorted(self._rows.rows(lambda one: one.student_id == student_id), key=lambda one: (one.at, one.id))
