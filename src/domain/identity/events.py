"""What happens to accounts."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import AccountId, KeyId, LinkedIdentityId, SessionId


@dataclass(frozen=True, slots=True)
class AccountRegistered(Event):
    """Somebody registered."""

    tag: ClassVar[str] = "account.registered.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id


@dataclass(frozen=True, slots=True)
class RoleGranted(Event):
    """An account got a role."""

    tag: ClassVar[str] = "account.role_granted.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId
    role: str

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id


@dataclass(frozen=True, slots=True)
class SessionEnded(Event):
    """A session was ended before its time; ``reused`` is a refresh token that somebody had a copy of."""

    tag: ClassVar[str] = "session.ended.v1"
    aggregate: ClassVar[str] = "session"
    session_id: SessionId
    account_id: AccountId
    because: str

    @property
    def aggregate_id(self) -> UUID:
        return self.session_id


@dataclass(frozen=True, slots=True)
class AccountSignedOut(Event):
    """An administrator ended every session of an account, and so many of its API keys."""

    tag: ClassVar[str] = "account.signed_out.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId
    sessions: int
    keys: int

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id


@dataclass(frozen=True, slots=True)
class PasswordChanged(Event):
    """The holder of an account chose another password."""

    tag: ClassVar[str] = "account.password_changed.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id


@dataclass(frozen=True, slots=True)
class EmailConfirmed(Event):
    """It was shown that the mail of an account's address is read by its holder."""

    tag: ClassVar[str] = "account.email_confirmed.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id


@dataclass(frozen=True, slots=True)
class CodeAsked(Event):
    """Somebody asked for a code by mail; of a reset the account need not exist, so nobody learns whether it does."""

    tag: ClassVar[str] = "account.code_asked.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId
    purpose: str

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id


@dataclass(frozen=True, slots=True)
class RoleRevoked(Event):
    """An account lost a role."""

    tag: ClassVar[str] = "account.role_revoked.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId
    role: str

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id


@dataclass(frozen=True, slots=True)
class ServiceAccountMade(Event):
    """An account for a program of another team was made."""

    tag: ClassVar[str] = "account.service_made.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id


@dataclass(frozen=True, slots=True)
class ServiceAccountClosed(Event):
    """An account for a program was closed for good."""

    tag: ClassVar[str] = "account.service_closed.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id


@dataclass(frozen=True, slots=True)
class KeyMade(Event):
    """An account got an API key."""

    tag: ClassVar[str] = "key.made.v1"
    aggregate: ClassVar[str] = "key"
    key_id: KeyId
    account_id: AccountId

    @property
    def aggregate_id(self) -> UUID:
        return self.key_id


@dataclass(frozen=True, slots=True)
class KeyRevoked(Event):
    """An API key is good no more."""

    tag: ClassVar[str] = "key.revoked.v1"
    aggregate: ClassVar[str] = "key"
    key_id: KeyId
    account_id: AccountId

    @property
    def aggregate_id(self) -> UUID:
        return self.key_id


@dataclass(frozen=True, slots=True)
class FactorsChanged(Event):
    """What an account can show beside its password is otherwise: ``what`` is added, removed, codes_made, code_used or
    lost, where an administrator removed all.

    ``kind`` is that of the factor, blank where it is about recovery codes or about all.
    """

    tag: ClassVar[str] = "account.factors_changed.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId
    what: str
    kind: str = ""

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id


@dataclass(frozen=True, slots=True)
class IdentityLinked(Event):
    """Somebody at a provider can sign in to an account."""

    tag: ClassVar[str] = "account.identity_linked.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId
    linked_identity_id: LinkedIdentityId
    issuer: str

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id


@dataclass(frozen=True, slots=True)
class IdentityUnlinked(Event):
    """Somebody at a provider can sign in to an account no more."""

    tag: ClassVar[str] = "account.identity_unlinked.v1"
    aggregate: ClassVar[str] = "account"
    account_id: AccountId
    linked_identity_id: LinkedIdentityId
    issuer: str

    @property
    def aggregate_id(self) -> UUID:
        return self.account_id
