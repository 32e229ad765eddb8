"""Who an account is now: asked with every request, so answered fast."""

from typing import NamedTuple, Protocol

from ..domain.identity.account import Role
from ..domain.shared.ids import AccountId, StudentId


class Standing(NamedTuple):
    """What an account may do, and whose record is behind it."""

    roles: frozenset[Role]
    student_id: StudentId | None


class Standings(Protocol):
    """The standing of every account."""

    async def of(self, account_id: AccountId) -> Standing:
        """Return how the account stood at some moment of the last second.

        Raises NotFound where there was none, and Unavailable where that cannot be told: an older answer is never
        given, so that whoever has lost a role or the account is refused within a second, whatever has failed.
        """
        ...
