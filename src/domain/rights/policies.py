"""Who may use the rights of a person: herself alone, and nobody whom she lets help."""

from ..identity.account import Asker
from ..identity.errors import AccessRefused
from ..identity.policies import owns_record
from ..shared.ids import StudentId


def demand_herself(asker: Asker, student_id: StudentId) -> None:
    """Raise AccessRefused, which is a NotFound, unless the record is the asker's own."""
    if not owns_record(asker, student_id):
        raise AccessRefused(student_id, "rights")
