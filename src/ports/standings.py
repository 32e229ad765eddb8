"""Who an account is now: asked with every request, so answered fast."""

from datetime import datetime
from typing import NamedTuple, Protocol

from ..domain.identity.account import Role
from ..domain.identity.key import Scope
from ..domain.shared.ids import AccountId, KeyId, SessionId, StudentId


class Standing(NamedTuple):
    """What an account may do, whose record is behind it, and which of its sessions are live."""

    roles: frozenset[Role]
    student_id: StudentId | None
    sessions: frozenset[SessionId] = frozenset()


class KeyStanding(NamedTuple):
    """A live key: whose it is and what that account may do, by what the key is known, and what it may be used for."""

    account_id: AccountId
    roles: frozenset[Role]
    student_id: StudentId | None
    digest: str
    scopes: frozenset[Scope]
    networks: tuple[str, ...]
    used_at: datetime | None


class Standings(Protocol):
    """The standing of every account and of its keys."""

    async def of(self, account_id: AccountId, session_id: SessionId | None = None) -> Standing:
        """Return how the account stood at some moment of the last second; where a session is named that was not live
        then, how it stands now, for the session may have begun since.

        Raises NotFound where there was none or it was closed, and Unavailable where that cannot be told: an older
        answer is never given, so that whoever has lost a role, the session or the account is refused within a second,
        whatever has failed.
        """
        ...

    async def of_key(self, key_id: KeyId) -> KeyStanding:
        """Return how the key and its account stood at some moment of the last second.

        Raises NotFound where there was none, where it was revoked or had come to its end, or the account was closed; a
        key that is new may be unknown only where nobody asked for it before. Raises Unavailable as ``of`` does.
        """
        ...
