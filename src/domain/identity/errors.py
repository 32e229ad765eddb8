"""Why somebody is not let in."""

import math
from collections.abc import Iterable
from datetime import timedelta

from ..shared.errors import Conflict, DomainError, Forbidden, NotFound, Reason
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


class RoleRefused(Forbidden):
    """You may not do this."""

    code = Forbidden.code

    def __init__(self, role: str) -> None:
        """Say which role it takes."""
        super().__init__(Reason("identity.role_needed", {"role": role}))
        self.role = role


class EmailTaken(Conflict):
    """An account with this e-mail address exists already."""

    code = "email_taken"


class SecondFactorNeeded(DomainError):
    """This account asks for a second factor."""

    code = "second_factor_needed"

    def __init__(self, kinds: Iterable[str] = ()) -> None:
        """``kinds`` are those that the account has."""
        self.kinds = tuple(sorted(set(kinds)))
        super().__init__()


class SecondFactorRefused(DomainError):
    """This does not show the second factor, or the sign-in took too long: begin anew if it does not work again."""

    code = "second_factor_refused"


class ProofNeeded(Forbidden):
    """Show once more that it is you: by a second factor where the account has one, else by the password."""

    code = "proof_needed"


class SlowedDown(DomainError):
    """There were too many failed attempts: wait, or sign in on a device that you have used before."""

    code = "slowed_down"

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(Reason("sign_in.wait", {"seconds": self.seconds}))


class ProviderRefused(DomainError):
    """The sign-in at the provider did not succeed."""

    code = "provider_refused"


class IdentityTaken(Conflict):
    """This sign-in at the provider belongs to an account already."""

    code = "identity_taken"
