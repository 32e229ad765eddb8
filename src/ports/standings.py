"""Who an account is now: asked with every request, so answered fast."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from ..domain.identity.account import Role
from ..domain.identity.key import KeyScope
from ..domain.identity.scopes import Granted
from ..domain.shared.ids import AccountId, KeyId, SessionId, StudentId


class Standing(NamedTuple):
    """What an account may do, whose record is behind it, and which of its sessions are live."""

    roles: frozenset[Role]
    student_id: StudentId | None
    sessions: frozenset[SessionId] = frozenset()
    grants: Mapping[StudentId, tuple[Granted, ...]] = MappingProxyType({})
    """What others let it do with their records, the newest first."""


class KeyStanding(NamedTuple):
    """A live key: whose it is, by what it is known, what it may be used for, from where, and by which methods its maker
    had signed in."""

    account_id: AccountId
    digest: str
    scopes: frozenset[KeyScope]
    networks: tuple[str, ...]
    methods: frozenset[str] = frozenset()


class Standings(Protocol):
    """The standing of every account and of its keys."""

    async def of(self, account_id: AccountId, session_id: SessionId | None = None) -> Standing:
        """Return how the account stood at some moment of the last second; where a session is named that was not live
        then, how it stands now, for the session may have begun since.

        Raises NotFound where there was none or it was closed, and Unavailable where that cannot be told: an older
        answer is never given, so that whoever has lost a role, the session, a grant or the account is refused within a
        second, whatever has failed.
        """
        ...

    async def of_key(self, key_id: KeyId) -> KeyStanding:
        """Return how the key stood at some moment of the last second; what its account may do, ``of`` tells.

        Raises NotFound where there was none, or it was revoked or had come to its end, and Unavailable as ``of`` does.
        """
        ...
