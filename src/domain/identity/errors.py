"""Why somebody is not let in."""

from ..shared.errors import Conflict, DomainError


class SignInRefused(DomainError):
    """The e-mail address and the password do not belong together."""

    code = "sign_in_refused"


class RefreshRefused(DomainError):
    """This session has ended: sign in again."""

    code = "refresh_refused"


class EmailTaken(Conflict):
    """An account with this e-mail address exists already."""

    code = "email_taken"
