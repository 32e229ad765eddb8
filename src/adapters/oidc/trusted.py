"""What is known of a provider before anybody is asked: where it is, who we are to it, and what its word counts for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from typing import Any, Literal
from urllib.parse import urlsplit

KINDS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
"""The algorithms that ID tokens may be signed with, each with the kind of its keys (RFC 7518, 6.1): no shared secrets,
and never what a token itself says of how it is to be checked."""

Emails = Literal["as_stated", "always", "never"]
"""Whether an address that the provider gives counts as verified: where ``email_verified`` says so, or in any case."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """A provider that is trusted to say who somebody is.

    ``hosts`` are those beside the issuer's own where its document may say that tokens and keys are. With
    ``loopback_http`` they, and the issuer, may be on this machine, and unencrypted.

    ``acr_values`` are asked for, the first the most welcome. A sign-in counts as two factors where its ``acr`` is one
    of ``two_factor_acr``, or its ``amr`` has all words of one of ``two_factor_amr``, and otherwise as one. With
    ``max_age`` it may not be longer ago that somebody has shown there who she is.
    """

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scopes: str = "openid email profile"
    algorithm: str = "RS256"
    emails: Emails = "as_stated"
    email_claim: str = "email"
    name_claim: str = "name"
    hosts: frozenset[str] = frozenset()
    secret_in_body: bool = False
    loopback_http: bool = False
    acr_values: tuple[str, ...] = ()
    two_factor_acr: frozenset[str] = frozenset()
    two_factor_amr: frozenset[frozenset[str]] = frozenset()
    max_age: timedelta | None = None

    def counts_as_two_factors(self, claims: Mapping[str, Any]) -> bool:
        """Whether the claims of an ID token say so in words that are taken here (OpenID Connect Core 1.0, 2)."""
        acr, amr = claims.get("acr"), claims.get("amr")
        methods = frozenset(one for one in amr if isinstance(one, str)) if isinstance(amr, list) else frozenset()
        known_class = isinstance(acr, str) and acr in self.two_factor_acr
        return known_class or any(needed <= methods for needed in self.two_factor_amr)

    def may_be_asked(self, address: str) -> bool:
        """Whether the address is one of this provider's: encrypted, and on a host that we were told of."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            return False
        if parts.username is not None or parts.fragment or not parts.hostname:
            return False
        if parts.scheme == "http":
            return self.loopback_http and is_loopback(parts.hostname)
        own = urlsplit(self.issuer)
        ports = {None, 443, own.port if parts.hostname == own.hostname else None}
        return parts.scheme == "https" and port in ports and parts.hostname in {own.hostname, *self.hosts}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a provider may take, how far its clock may be off, and how long what it says of itself is kept.

    ``again`` is how soon its keys are asked for anew where a token names one that is not among them: it may have begun
    to sign with another.
    """

    answer: timedelta = timedelta(seconds=10)
    clock: timedelta = timedelta(seconds=60)
    kept: timedelta = timedelta(hours=1)
    again: timedelta = timedelta(seconds=30)


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
