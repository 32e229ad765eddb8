"""What a provider says of itself: its addresses (OpenID Connect Discovery 1.0) and its keys, kept for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet

from ...ports.clock import Clock
from .asking import Asking
from .trusted import KINDS, Patience, Trusted

_WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a provider is asked what; ``names_itself`` says that its answers hold its issuer (RFC 9207)."""

    authorization: str
    token: str
    keys: str
    user_info: str | None
    names_itself: bool
    seen_at: datetime


class Knowing:
    """What is known of one provider, asked for when it is needed and too old."""

    def __init__(self, trusted: Trusted, asking: Asking, clock: Clock, patience: Patience) -> None:
        self._trusted = trusted
        self._asking = asking
        self._clock = clock
        self._patience = patience
        self._addresses: Addresses | None = None
        self._keys: KeySet | None = None
        self._keys_seen_at: datetime | None = None
        self._one_asks = asyncio.Lock()

    async def addresses(self) -> Addresses:
        """Return them; raise Unavailable where the provider says none that can be trusted."""
        async with self._one_asks:
            known, now = self._addresses, self._clock.now()
            if known is None or now >= known.seen_at + self._patience.kept:
                known = self._read(await self._asking.get(self._trusted.issuer.rstrip("/") + _WELL_KNOWN), now)
                self._addresses = known
            return known

    async def keys(self, kid: object) -> KeySet:
        """Return the keys that tokens may be signed with; asked for anew where none has the id, but not all the time.

        Raises Unavailable where there are none.
        """
        address = (await self.addresses()).keys
        async with self._one_asks:
            if self._keys is None or self._is_too_old(kid):
                self._keys_seen_at = self._clock.now()
                self._keys = _public_keys(await self._asking.get(address), KINDS[self._trusted.algorithm])
            if not self._keys:
                raise self._asking.no_answer()
            return self._keys

    def _is_too_old(self, kid: object) -> bool:
        if self._keys_seen_at is None or self._keys is None:
            return True
        is_known = kid is None or any(key.kid == kid for key in self._keys)
        lasts = self._patience.kept if is_known else self._patience.again
        return self._clock.now() >= self._keys_seen_at + lasts

    def _read(self, said: Mapping[str, Any], now: datetime) -> Addresses:
        """Return the addresses of the document, which has to be of this issuer to the letter (Discovery 1.0, 4.3)."""
        named = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        authorization, token, keys = wanted = [said.get(name) for name in named]
        challenges = said.get("code_challenge_methods_supported", ["S256"])
        user_info = said.get("userinfo_endpoint")
        is_ours = said.get("issuer") == self._trusted.issuer and all(
            isinstance(one, str) and self._trusted.may_be_asked(one) for one in wanted
        )
        if not is_ours or not isinstance(challenges, list) or "S256" not in challenges:
            raise self._asking.no_answer()
        return Addresses(
            str(authorization),
            str(token),
            str(keys),
            user_info=user_info if isinstance(user_info, str) and self._trusted.may_be_asked(user_info) else None,
            names_itself=said.get("authorization_response_iss_parameter_supported") is True,
            seen_at=now,
        )


def _public_keys(said: Mapping[str, Any], kind: str) -> KeySet:
    """Return the keys of the kind that sign; others, and those that cannot be read, are nobody's business here."""
    found = []
    given = said.get("keys")
    for one in given if isinstance(given, list) else []:
        if isinstance(one, dict) and one.get("kty") == kind and one.get("use", "sig") == "sig":
            try:
                found.append(JWKRegistry.import_key(one))
            except (JoseError, ValueError, TypeError, KeyError):
                continue
    return KeySet(found)
