"""Where it is kept what students have allowed: only ever added to."""

from collections.abc import Sequence
from typing import Protocol

from ..domain.rights.consent import Consent
from ..domain.shared.ids import StudentId


class Consents(Protocol):
    """Every word of every student on every purpose."""

    async def add(self, consent: Consent) -> None:
        """Keep a new word; raise Conflict where the id is taken."""
        ...

    async def of_student(self, student_id: StudentId) -> Sequence[Consent]:
        """Return everything that the student said, the oldest first; of one moment, by rising id.

        Until the transaction ends nobody else gets an answer about the same student, so that the last word is one.
        """
        ...
