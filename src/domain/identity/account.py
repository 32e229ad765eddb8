"""Accounts and the roles that they hold."""

import unicodedata
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason, RuleBroken
from ..shared.events import Origin
from ..shared.ids import AccountId, KeyId, SessionId, StudentId
from .emails import is_address, mixed_in
from .events import (
    AccountRegistered,
    EmailConfirmed,
    PasswordChanged,
    RoleGranted,
    RoleRevoked,
    ServiceAccountClosed,
    ServiceAccountMade,
)
from .key import KeyScope
from .scopes import Granted


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
    grants: Mapping[StudentId, tuple[Granted, ...]] = field(default_factory=dict)
    """What others let the asker do with their records, as far as it is live."""
    address: str = ""
    """The network address that the request came from, as far as it can be believed."""
    key_id: KeyId | None = None
    """The API key by which it is asked, which has no session."""
    key_scopes: frozenset[KeyScope] = frozenset()
    """What that key may be used for; the entry point has held the operation against it already."""
    methods: frozenset[str] = frozenset()
    """By which methods the sign-in was made (``Method``)."""

    @property
    def origin(self) -> Origin:
        """Who stands behind the events of this request."""
        return Origin(
            actor=self.account_id,
            request_id=self.request_id,
            trace=self.trace,
            address=self.address,
            key_id=self.key_id,
        )


@dataclass(slots=True)
class Account:
    """A way to sign in: an e-mail address, the hash of a password (blank where there is none), and roles."""

    id: AccountId
    email: str
    password_hash: str
    roles: frozenset[Role]
    student_id: StudentId | None
    registered_at: datetime
    version: int = 0
    email_confirmed_at: datetime | None = None
    """When it was last shown that the mail of the address is read by the account's holder; None: not yet."""
    name: str = ""
    """What a service account is called; a person's name stands in her profile."""
    closed_at: datetime | None = None
    """From when on nobody is let in any more."""

    @classmethod
    def for_service(cls, account_id: AccountId, name: str, now: datetime) -> "Account":
        """Return a new account for a program: what stands for its address can be typed by nobody, and no password
        has the hash."""
        return cls(account_id, f"service:{account_id}", "", frozenset({Role.SERVICE}), None, now, name=name)

    @property
    def is_service(self) -> bool:
        """Whether it is a program's."""
        return Role.SERVICE in self.roles

    def made_for_service(self) -> ServiceAccountMade:
        """Return what making this account for a program means to others."""
        return ServiceAccountMade(self.id)

    def close(self, now: datetime) -> ServiceAccountClosed | None:
        """Let nobody in any more; return the event, None where it was closed before."""
        if self.closed_at is not None:
            return None
        self.closed_at = now
        return ServiceAccountClosed(self.id)

    has_short_password: bool = False
    """Whether the password is too short to stand alone: the account then cannot go back to one factor."""

    @property
    def has_password(self) -> bool:
        """Whether it can be signed in to by a password."""
        return self.password_hash != ""

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
        """Give the account the role; having it already changes nothing more.

        Raises RuleBroken for a program's role for a person, and a student's for a program.
        """
        if role is (Role.STUDENT if self.is_service else Role.SERVICE):
            raise RuleBroken(Reason("role.not_given", {"role": role.value}, "role"))
        self.roles = self.roles | {role}
        return RoleGranted(self.id, role.value)

    def revoke(self, role: Role) -> RoleRevoked | None:
        """Take the role from the account; return the event, None where it has not got it.

        Raises RuleBroken for the role that says what the account is.
        """
        if role in (Role.STUDENT, Role.SERVICE):
            raise RuleBroken(Reason("role.not_taken", {"role": role.value}, "role"))
        if role not in self.roles:
            return None
        self.roles = self.roles - {role}
        return RoleRevoked(self.id, role.value)


def normal_email(given: str) -> str:
    """Return the address in the form that is stored and compared; raise Invalid when it can be none.

    It is in small letters and otherwise what was given, so that no two mailboxes have one: folding would take ``ß`` for
    ``ss``, which are two domains (RFC 5894, 7.2), and send one's mail to the other.
    """
    address = unicodedata.normalize("NFC", given.strip())
    if len(address) > 254 or not address.isprintable() or not is_address(address):
        raise Invalid(Reason("email.malformed", {}, "email"))
    mixed = mixed_in(address)
    if mixed is not None:
        raise Invalid(Reason("email.mixed_scripts", {"part": mixed}, "email"))
    name, _, host = address.rpartition("@")
    return unicodedata.normalize("NFC", f"{name.lower()}@{host.lower()}")
