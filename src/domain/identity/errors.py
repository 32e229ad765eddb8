"""Why somebody is not let in."""

from ..shared.errors import Conflict, DomainError, NotFound, Reason
from ..shared.ids import StudentId


class SignInRefused(DomainError):
    """The e-mail address and the password do not belong together."""

    code = "sign_in_refused"


class RefreshRefused(DomainError):
    """This session has ended: sign in again."""

    code = "refresh_refused"


class AccessRefused(NotFound):
    """There is no such thing here."""

    code = NotFound.code  # to whoever asked it is nothing else

    def __init__(self, student_id: StudentId, doing: str, *reasons: Reason) -> None:
        """Keep whose record it was and what was tried, for the audit trail alone."""
        super().__init__(*reasons)
        self.student_id = student_id
        self.doing = doing


class EmailTaken(Conflict):
    """An account with this e-mail address exists already."""

    code = "email_taken"
