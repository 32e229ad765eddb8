"""Access tokens: who asks, signed, for a short while."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from ...domain.identity.account import Asker, Role
from ...domain.shared.ids import AccountId, StudentId
from ...ports.clock import Clock
from ...ports.tokens import TokenRefused
from .keys import SigningKey

_ALGORITHM = "EdDSA"
_SKEW = timedelta(seconds=30)


class JwtTokens:
    """Signs with one key and accepts that one and older ones."""

    def __init__(
        self,
        key: SigningKey,
        clock: Clock,
        *,
        issuer: str = "higherstudy",
        audience: str = "higherstudy-api",
        older: Iterable[SigningKey] = (),
    ) -> None:
        self._key = key
        self._clock = clock
        self._issuer = issuer
        self._audience = audience
        self._known = {known.id: known.public for known in (key, *older)}

    def issue(self, asker: Asker, lasting: timedelta) -> str:
        now = self._clock.now()
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(asker.account_id),
            "student": None if asker.student_id is None else str(asker.student_id),
            "roles": sorted(asker.roles),
            "iat": now,
            "nbf": now,
            "exp": now + lasting,
        }
        return jwt.encode(claims, self._key.private, _ALGORITHM, headers={"kid": self._key.id, "typ": "at+jwt"})

    def read(self, token: str, request_id: str = "") -> Asker:
        try:
            claims = self._claims(token)
            student = claims["student"]
            return Asker(
                account_id=AccountId(UUID(claims["sub"])),
                roles=frozenset(map(Role, claims["roles"])),
                student_id=None if student is None else StudentId(UUID(student)),
                request_id=request_id,
            )
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, OverflowError, OSError) as error:
            raise TokenRefused from error

    def account_of(self, token: str) -> AccountId | None:
        try:
            return self.read(token).account_id
        except TokenRefused:
            return None

    def _claims(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != "at+jwt":
            raise jwt.InvalidTokenError("not an access token")
        claims: dict[str, Any] = jwt.decode(
            token,
            self._known[header["kid"]],
            algorithms=[_ALGORITHM],
            issuer=self._issuer,
            audience=self._audience,
            # The times are compared below, with our own clock instead of the library's.
            options={
                "require": ["iss", "aud", "sub", "iat", "nbf", "exp"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        self._demand_current(claims)
        return claims

    def _demand_current(self, claims: dict[str, Any]) -> None:
        now = self._clock.now()
        begins, ends = (datetime.fromtimestamp(claims[name], now.tzinfo) for name in ("nbf", "exp"))
        if not begins - _SKEW <= now < ends:
            raise jwt.ExpiredSignatureError
