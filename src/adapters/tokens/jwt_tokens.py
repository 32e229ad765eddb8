"""Access tokens: who asks, signed, for a short while."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from uuid import UUID

import jwt

from ...domain.identity.account import Asker, Role
from ...domain.shared.ids import AccountId, StudentId
from ...ports.clock import Clock
from ...ports.tokens import TokenRefused
from .keys import SigningKey

_ALGORITHM = "EdDSA"
_SKEW = timedelta(seconds=30)
_MOST_REMEMBERED = 10_000


class _Said(NamedTuple):
    """What a token says, after its signature was found to be ours."""

    account_id: AccountId
    roles: frozenset[Role]
    student_id: StudentId | None
    begins: datetime
    ends: datetime


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
        self._read_before: dict[bytes, _Said] = {}

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
            said = self._said(token)
            if not said.begins - _SKEW <= self._clock.now() < said.ends:
                raise jwt.ExpiredSignatureError
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, OverflowError, OSError) as error:
            raise TokenRefused from error
        return Asker(said.account_id, said.roles, said.student_id, request_id)

    def account_of(self, token: str) -> AccountId | None:
        try:
            return self.read(token).account_id
        except TokenRefused:
            return None

    def _said(self, token: str) -> _Said:
        """Return what the token says; that its signature is ours is looked at once, its times each time."""
        name = hashlib.sha256(token.encode()).digest()
        said = self._read_before.get(name)
        if said is None:
            said = self._read_before[name] = _said(self._claims(token), self._clock.now().tzinfo)
            if len(self._read_before) > _MOST_REMEMBERED:
                del self._read_before[next(iter(self._read_before))]
        return said

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
        return claims


def _said(claims: dict[str, Any], zone: tzinfo | None) -> _Said:
    student = claims["student"]
    return _Said(
        account_id=AccountId(UUID(claims["sub"])),
        roles=frozenset(map(Role, claims["roles"])),
        student_id=None if student is None else StudentId(UUID(student)),
        begins=datetime.fromtimestamp(claims["nbf"], zone),
        ends=datetime.fromtimestamp(claims["exp"], zone),
    )
