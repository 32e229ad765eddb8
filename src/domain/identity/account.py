"""Accounts and the roles that they hold."""

import re
from datetime import datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason
from ..shared.events import Origin
from ..shared.ids import AccountId, SessionId, StudentId
from .events import AccountRegistered, EmailConfirmed, PasswordChanged, RoleGranted

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class Role(StrEnum):
    """What an account is here for."""

    STUDENT = "student"
    COUNSELLOR = "counsellor"
    ADMIN = "admin"
    AUDITOR = "auditor"
    """Reads who did and saw what; changes nothing, and sees no student's record."""
    SERVICE = "service"
    """A program of another team: no password, no sessions, only keys with the scopes that they were given."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for something, as the entry point has established it, in which request and in which trace."""

    account_id: AccountId
    roles: frozenset[Role]
    student_id: StudentId | None = None
    request_id: str = ""
    trace: str = ""
    session_id: SessionId | None = None
    address: str = ""
    """The network address that the request came from, as far as it can be believed."""
    methods: frozenset[str] = frozenset()
    """By which methods the sign-in was made (``Method``)."""

    @property
    def origin(self) -> Origin:
        """Who stands behind the events of this request."""
        return Origin(actor=self.account_id, request_id=self.request_id, trace=self.trace, address=self.address)


@dataclass(slots=True)
class Account:
    """A way to sign in: an e-mail address, the hash of a password, and roles."""

    id: AccountId
    email: str
    password_hash: str
    roles: frozenset[Role]
    student_id: StudentId | None
    registered_at: datetime
    version: int = 0
    email_confirmed_at: datetime | None = None
    """When it was last shown that the mail of the address is read by the account's holder; None: not yet."""
    has_short_password: bool = False
    """Whether the password is too short to stand alone: the account then cannot go back to one factor."""

    def registered(self) -> AccountRegistered:
        """Return what registering this account means to others."""
        return AccountRegistered(self.id)

    def change_password(self, password_hash: str, *, is_short: bool = False) -> PasswordChanged:
        """Put another hash in the place of the one that was; ``is_short`` says that it cannot stand alone."""
        self.password_hash = password_hash
        self.has_short_password = is_short
        return PasswordChanged(self.id)

    def confirm_email(self, now: datetime) -> EmailConfirmed | None:
        """Note that the address is the holder's; return the event, None where that was known."""
        if self.email_confirmed_at is not None:
            return None
        self.email_confirmed_at = now
        return EmailConfirmed(self.id)

    def grant(self, role: Role) -> RoleGranted:
        """Give the account the role; having it already changes nothing more."""
        self.roles = self.roles | {role}
        return RoleGranted(self.id, role.value)


def normal_email(given: str) -> str:
    """Return the address in the form that is stored and compared; raise Invalid when it can be none."""
    address = given.strip()
    if len(address) > 254 or not address.isprintable() or not _ADDRESS.fullmatch(address):
        raise Invalid(Reason("email.malformed", {}, "email"))
    name, _, host = address.rpartition("@")
    return f"{name.casefold()}@{host.casefold()}"
