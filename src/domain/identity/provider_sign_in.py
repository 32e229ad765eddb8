"""Signing in at a provider: one way out to it and back, bound to the browser that began, and good once.

All that the way needs comes from one secret which the browser alone has: ``state`` and ``nonce`` tie the provider's
answer to it (RFC 9700, 4.7), the code verifier ties the code to it (RFC 7636). What is kept is a hash, so whoever reads
the rows can neither finish nor redeem anything.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import field
from datetime import datetime, timedelta

from ..shared.dataclass import dataclass
from ..shared.errors import Reason, RuleBroken
from ..shared.ids import AccountId, ProviderSignInId
from .linked_identity import Identity

LASTS = timedelta(minutes=10)
"""RFC 9700, 4.7.1 wants it short; so long somebody may take to find her password and telephone."""


@dataclass(frozen=True, slots=True)
class Way:
    """What ties the provider's answer to the browser that asked, each of 256 bits in 43 letters."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def of(cls, secret: str) -> Way:
        """Return what follows from the browser's secret, from which nothing leads back to it."""
        return cls(*(_derived(secret, what) for what in ("state", "nonce", "code verifier")))

    @property
    def challenge(self) -> str:
        """The S256 challenge of the verifier (RFC 7636, 4.2)."""
        return _letters(hashlib.sha256(self.verifier.encode("ascii")).digest())


@dataclass(slots=True)
class ProviderSignIn:
    """One such way: begun, then used by the answer, then perhaps waiting to be linked with the account ``account_id``.

    ``account_id`` is whose account an identity is to be linked with: that of who began signed in, or the one that has
    the e-mail address of the identity; None for a sign-in. ``digest`` is the SHA-256 of ``state`` in hex.
    """

    id: ProviderSignInId
    provider: str
    digest: str
    until: datetime
    account_id: AccountId | None = None
    used_at: datetime | None = None
    issuer: str | None = None
    """With ``subject``: the identity that was proved and waits to be linked."""
    subject: str | None = None
    version: int = 0

    @classmethod
    def begun(
        cls, way_id: ProviderSignInId, provider: str, way: Way, now: datetime, account_id: AccountId | None
    ) -> ProviderSignIn:
        """Return one that begins now."""
        return cls(way_id, provider, digest_of(way.state), now + LASTS, account_id)

    def use(self, now: datetime) -> None:
        """Take the provider's answer; raise RuleBroken where one was taken before, or it comes too late."""
        if self.used_at is not None or now >= self.until:
            raise not_good()
        self.used_at = now

    def wait_for_link(self, identity: Identity, account_id: AccountId, now: datetime) -> None:
        """Keep who was proved until the account's holder is proved too, as long as a whole way lasts."""
        self.issuer, self.subject = identity.issuer, identity.subject
        self.account_id, self.until = account_id, now + LASTS

    def link(self, account_id: AccountId, now: datetime) -> Identity:
        """Return whom to link with the account, once; raise RuleBroken where nobody waits for that."""
        if self.issuer is None or self.subject is None or self.account_id != account_id or now >= self.until:
            raise not_good()
        identity = Identity(self.issuer, self.subject)
        self.issuer = self.subject = None
        return identity


def is_of(secret: str, state: str) -> bool:
    """Whether the state comes from the browser that has the secret; told in the same time for any."""
    return hmac.compare_digest(Way.of(secret).state.encode(), state.encode("utf-8", "replace"))


def digest_of(state: str) -> str:
    """Return by what a way is found."""
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()


def not_good() -> RuleBroken:
    """Return what to raise for an answer that belongs to no way of this browser (any more); why, it does not say."""
    return RuleBroken(Reason("provider.not_good", {}, "state"))


def _derived(secret: str, what: str) -> str:
    return _letters(hmac.digest(secret.encode("utf-8", "replace"), what.encode(), "sha256"))


def _letters(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
