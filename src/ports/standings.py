"""Who an account is now: asked with every request, so answered fast."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from ..domain.identity.account import Role
from ..domain.identity.scopes import Granted
from ..domain.shared.ids import AccountId, SessionId, StudentId


class Standing(NamedTuple):
    """What an account may do, whose record is behind it, and which of its sessions are live."""

    roles: frozenset[Role]
    student_id: StudentId | None
    sessions: frozenset[SessionId] = frozenset()
    grants: Mapping[StudentId, tuple[Granted, ...]] = MappingProxyType({})
    """What others let it do with their records, the newest first."""


class Standings(Protocol):
    """The standing of every account."""

    async def of(self, account_id: AccountId, session_id: SessionId | None = None) -> Standing:
        """Return how the account stood at some moment of the last second; where a session is named that was not live
        then, how it stands now, for the session may have begun since.

        Raises NotFound where there was none, and Unavailable where that cannot be told: an older answer is never given,
        so that whoever has lost a role, the session, a grant or the account is refused within a second, whatever has
        failed.
        """
        ...
