"""Identities at providers outside, and the accounts that they sign in to."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId, LinkedIdentityId
from .account import Account
from .events import IdentityLinked, IdentityUnlinked
from .factor import Method

MOST_OF_AN_ACCOUNT = 20


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, by a provider's word.

    ``issuer`` and ``subject`` together are one person for ever (OpenID Connect Core 1.0, 2 and 5.7); an e-mail address
    or a name may pass to somebody else, and is never what an account is found by. ``email`` is a normal address, or
    None; it is ``email_verified`` only where the provider says so and is trusted to say it. So it is with
    ``two_factors``: this sign-in there took two. It is no part of who somebody is.
    """

    issuer: str
    subject: str
    email: str | None = None
    email_verified: bool = False
    name: str = ""
    two_factors: bool = field(default=False, compare=False)

    @property
    def methods(self) -> frozenset[Method]:
        """How somebody has shown who she is who comes back as this."""
        return frozenset({Method.FEDERATED, Method.MULTI_FACTOR} if self.two_factors else {Method.FEDERATED})


@dataclass(slots=True)
class LinkedIdentity:
    """An identity at a provider, by which its holder signs in to an account."""

    id: LinkedIdentityId
    account_id: AccountId
    issuer: str
    subject: str
    linked_at: datetime
    version: int = 0

    def linked(self) -> IdentityLinked:
        """Return what linking it means to others."""
        return IdentityLinked(self.account_id, self.id, self.issuer)

    def unlinked(self) -> IdentityUnlinked:
        """Return what taking it away means to others."""
        return IdentityUnlinked(self.account_id, self.id, self.issuer)


def is_last_way_in(account: Account, linked: int) -> bool:
    """Whether an account with so many linked identities could not be signed in to with one fewer."""
    return linked <= 1 and not account.has_password
