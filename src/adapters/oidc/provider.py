"""One provider: where a browser goes to sign in, and who came back."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]

from ...domain.identity.account import normal_email
from ...domain.identity.errors import ProviderRefused
from ...domain.identity.linked_identity import Identity
from ...domain.identity.provider_sign_in import Way
from ...domain.shared.errors import Invalid, Reason
from ...ports.clock import Clock
from ...ports.identity_providers import Answer
from .asking import Asking
from .id_tokens import NotTrusted, claims_of, key_id_of
from .knowing import Addresses, Knowing
from .trusted import Patience, Trusted

log = logging.getLogger(__name__)
_LONGEST_TOKEN = 64 * 1024


class OidcProvider:
    """A provider that is asked by its own addresses."""

    def __init__(
        self, trusted: Trusted, asking: Asking, redirect_address: str, clock: Clock, patience: Patience
    ) -> None:
        self._trusted = trusted
        self._asking = asking
        self._redirect_address = redirect_address
        self._clock = clock
        self._patience = patience
        self._knowing = Knowing(trusted, asking, clock, patience)

    async def address(self, way: Way) -> str:
        """Return where the browser goes (OpenID Connect Core 1.0, 3.1.2.1; RFC 7636, 4.3)."""
        addresses = await self._knowing.addresses()
        return str(
            prepare_grant_uri(
                addresses.authorization,
                self._trusted.client_id,
                "code",
                redirect_uri=self._redirect_address,
                scope=self._trusted.scopes,
                state=way.state,
                nonce=way.nonce,
                code_challenge=way.challenge,
                code_challenge_method="S256",
                **self._strength(),
            )
        )

    def _strength(self) -> Mapping[str, str]:
        """Return what is asked of how somebody signs in there; what came of it, the ID token says."""
        asked = {}
        if self._trusted.acr_values:
            asked["acr_values"] = " ".join(self._trusted.acr_values)
        if self._trusted.max_age is not None:
            asked["max_age"] = str(int(self._trusted.max_age.total_seconds()))
        return asked

    async def identity(self, way: Way, answer: Answer) -> Identity:
        """Return who came back."""
        addresses = await self._knowing.addresses()
        # Before anything is sent anywhere: the answer may be another provider's (RFC 9207, 2.4).
        if answer.issuer != self._trusted.issuer and (answer.issuer or addresses.names_itself):
            raise self._refused("issuer")
        if answer.error or not answer.code:
            raise self._refused("declined" if answer.error == "access_denied" else "refused")
        tokens = await self._redeemed(addresses, way, answer.code)
        id_token, access_token = tokens.get("id_token"), tokens.get("access_token", "")
        if not isinstance(id_token, str) or not isinstance(access_token, str) or len(id_token) > _LONGEST_TOKEN:
            raise self._asking.no_answer()
        try:
            claims = claims_of(
                id_token,
                await self._knowing.keys(key_id_of(id_token)),
                self._trusted,
                nonce=way.nonce,
                access_token=access_token,
                now=self._clock.now(),
                leeway=self._patience.clock,
            )
        except NotTrusted as error:
            raise self._refused(error.because) from error
        identity = self._identity_of(await self._with_user_info(claims, addresses, access_token))
        # By the signed token alone: what is told of a person beside it is not told of this sign-in.
        return replace(identity, two_factors=self._trusted.counts_as_two_factors(claims))

    async def _redeemed(self, addresses: Addresses, way: Way, code: str) -> Mapping[str, Any]:
        """Return the tokens for the code (RFC 6749, 4.1.3; RFC 7636, 4.5)."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_address,
            "code_verifier": way.verifier,
        }
        headers = {}
        secret = self._trusted.client_secret
        if secret and not self._trusted.secret_in_body:
            # RFC 6749, 2.3.1: both are written as in a form first.
            pair = f"{quote_plus(self._trusted.client_id)}:{quote_plus(secret)}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": self._trusted.client_id, **({"client_secret": secret} if secret else {})}
        said = await self._asking.post(addresses.token, form, headers)
        if not said.is_yes:
            raise self._refused(f"token_{_code(said.data.get('error'))}")
        return said.data

    async def _with_user_info(
        self, claims: Mapping[str, Any], addresses: Addresses, access_token: str
    ) -> Mapping[str, Any]:
        """Return the claims with what the provider tells of the same person where its token has no address.

        OpenID Connect Core 1.0, 5.3.2 and 5.4: with a code, claims of scopes stand there, not in the token.
        """
        if claims.get(self._trusted.email_claim) or addresses.user_info is None or not access_token:
            return claims
        more = await self._asking.get(addresses.user_info, access_token)
        if more.get("sub") != claims["sub"]:
            raise self._refused("user_info_of_another")
        return {**more, **claims}

    def _identity_of(self, claims: Mapping[str, Any]) -> Identity:
        stated = claims.get("email_verified")
        is_verified = self._trusted.emails == "always" or (
            self._trusted.emails == "as_stated" and (stated is True or stated == "true")
        )
        email, name = _email(claims.get(self._trusted.email_claim)), claims.get(self._trusted.name_claim)
        return Identity(
            self._trusted.issuer,
            str(claims["sub"]),
            email,
            email_verified=email is not None and is_verified,
            name=name if isinstance(name, str) else "",
        )

    def _refused(self, because: str) -> ProviderRefused:
        if because == "declined":
            return ProviderRefused(Reason("provider.declined", {"provider": self._trusted.name}))
        log.warning("a sign-in at the provider %s was refused: %s", self._trusted.id, because)
        return ProviderRefused(Reason("provider.refused", {"provider": self._trusted.name, "because": because}))


def _email(given: object) -> str | None:
    try:
        return normal_email(given) if isinstance(given, str) else None
    except Invalid:
        return None


def _code(given: object) -> str:
    """Return the error code that a provider states, as far as it is one (RFC 6749, 5.2)."""
    is_code = isinstance(given, str) and given.isascii() and given.replace("_", "").isalnum() and len(given) <= 40
    return str(given) if is_code else "refused"
