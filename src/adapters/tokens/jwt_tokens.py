"""Access tokens and refresh tokens: who asks in which session, and which session goes on; signed."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ...domain.identity.account import Asker, Role
from ...domain.identity.factor import Method
from ...domain.identity.ticket import Ticket, TicketFor
from ...domain.shared.ids import AccountId, SessionId, StudentId
from ...ports.clock import Clock
from ...ports.tokens import Refresh, TokenRefused
from .keys import SigningKey

_ALGORITHM = "EdDSA"
_SKEW = timedelta(seconds=30)
_MOST_REMEMBERED = 10_000
_ACCESS, _REFRESH, _TICKET = "at+jwt", "rt+jwt", "ticket+jwt"
"""What a token is for stands in its header (RFC 8725, 3.11): one kind never passes for the other."""
_CSRF = b"higherstudy csrf"

_NO_TOKEN = (jwt.PyJWTError, KeyError, ValueError, TypeError, OverflowError, OSError)


class _Said(NamedTuple):
    """What a token says, after its signature was found to be ours."""

    account_id: AccountId
    roles: frozenset[Role]
    student_id: StudentId | None
    session_id: SessionId | None
    methods: frozenset[str]
    begins: datetime
    ends: datetime


class JwtTokens:
    """Signs with one key and accepts that one and others, which are going out of use or coming into it."""

    def __init__(
        self,
        key: SigningKey,
        clock: Clock,
        *,
        issuer: str = "higherstudy",
        audience: str = "higherstudy-api",
        others: Iterable[SigningKey] = (),
    ) -> None:
        self._key = key
        self._clock = clock
        self._issuer = issuer
        self._audience = audience
        self._known = {known.id: known.public for known in (key, *others)}
        self._csrf_keys = [known.secret_for(_CSRF) for known in (key, *others)]
        self._read_before: dict[bytes, _Said] = {}

    def issue(self, asker: Asker, lasting: timedelta) -> str:
        claims = {
            "sub": str(asker.account_id),
            "student": None if asker.student_id is None else str(asker.student_id),
            "sid": None if asker.session_id is None else str(asker.session_id),
            "roles": sorted(asker.roles),
            "amr": sorted(asker.methods),
        }
        return self._signed(_ACCESS, claims, self._clock.now() + lasting)

    def read(self, token: str, request_id: str = "") -> Asker:
        try:
            said = self._said(token)
            if not said.begins - _SKEW <= self._clock.now() < said.ends:
                raise jwt.ExpiredSignatureError
        except _NO_TOKEN as error:
            raise TokenRefused from error
        return Asker(
            said.account_id,
            said.roles,
            said.student_id,
            request_id,
            session_id=said.session_id,
            methods=said.methods,
        )

    def account_of(self, token: str) -> AccountId | None:
        try:
            return self.read(token).account_id
        except TokenRefused:
            return None

    def issue_refresh(self, refresh: Refresh, until: datetime) -> str:
        return self._signed(_REFRESH, {"sub": str(refresh.session_id), "turn": refresh.turn}, until)

    def read_refresh(self, token: str) -> Refresh:
        try:
            claims = self._claims(token, _REFRESH)
            begins, ends = _span(claims, self._clock.now().tzinfo)
            if not begins - _SKEW <= self._clock.now() < ends:
                raise jwt.ExpiredSignatureError
            return Refresh(SessionId(UUID(claims["sub"])), int(claims["turn"]))
        except _NO_TOKEN as error:
            raise TokenRefused from error

    def csrf_of(self, session_id: SessionId) -> str:
        return _csrf(self._csrf_keys[0], session_id)

    def is_csrf_of(self, session_id: SessionId, given: str) -> bool:
        said = given.encode("utf-8", "replace")
        return any(hmac.compare_digest(_csrf(key, session_id).encode(), said) for key in self._csrf_keys)

    def issue_ticket(self, ticket: Ticket) -> str:
        account = None if ticket.account_id is None else str(ticket.account_id)
        claims = {
            "sub": account or "anybody",
            "account": account,
            "for": ticket.purpose.value,
            "jti": ticket.id,
            "amr": sorted(ticket.methods),
        }
        return self._signed(_TICKET, claims, ticket.until)

    def read_ticket(self, token: str, purpose: TicketFor) -> Ticket:
        try:
            claims = self._claims(token, _TICKET)
            begins, ends = _span(claims, self._clock.now().tzinfo)
            if claims["for"] != purpose.value or not begins - _SKEW <= self._clock.now() < ends:
                raise jwt.ExpiredSignatureError
            account = claims["account"]
            return Ticket(
                str(claims["jti"]),
                purpose,
                ends,
                None if account is None else AccountId(UUID(account)),
                frozenset(map(Method, claims["amr"])),
            )
        except _NO_TOKEN as error:
            raise TokenRefused from error

    def public_keys(self) -> Sequence[Mapping[str, str]]:
        return [
            {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": _ALGORITHM, "kid": name, "x": _base64(public)}
            for name, public in self._known.items()
        ]

    def _signed(self, kind: str, claims: Mapping[str, Any], ends: datetime) -> str:
        now = self._clock.now()
        whole = {"iss": self._issuer, "aud": self._audience, "iat": now, "nbf": now, "exp": ends, **claims}
        return jwt.encode(whole, self._key.private, _ALGORITHM, headers={"kid": self._key.id, "typ": kind})

    def _said(self, token: str) -> _Said:
        """Return what the token says; that its signature is ours is looked at once, its times each time."""
        name = hashlib.sha256(token.encode()).digest()
        said = self._read_before.get(name)
        if said is None:
            said = self._read_before[name] = _said(self._claims(token, _ACCESS), self._clock.now().tzinfo)
            if len(self._read_before) > _MOST_REMEMBERED:
                del self._read_before[next(iter(self._read_before))]
        return said

    def _claims(self, token: str, kind: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if header.get("typ") != kind:
            raise jwt.InvalidTokenError("another kind of token")
        claims: dict[str, Any] = jwt.decode(
            token,
            self._known[header["kid"]],
            algorithms=[_ALGORITHM],
            issuer=self._issuer,
            audience=self._audience,
            # The times are compared with our own clock instead of the library's.
            options={
                "require": ["iss", "aud", "sub", "iat", "nbf", "exp"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        return claims


def _said(claims: dict[str, Any], zone: tzinfo | None) -> _Said:
    student, session = claims["student"], claims["sid"]
    begins, ends = _span(claims, zone)
    return _Said(
        account_id=AccountId(UUID(claims["sub"])),
        roles=frozenset(map(Role, claims["roles"])),
        student_id=None if student is None else StudentId(UUID(student)),
        session_id=None if session is None else SessionId(UUID(session)),
        methods=frozenset(map(str, claims.get("amr", ()))),  # tokens from before that was noted have none
        begins=begins,
        ends=ends,
    )


def _span(claims: Mapping[str, Any], zone: tzinfo | None) -> tuple[datetime, datetime]:
    return datetime.fromtimestamp(claims["nbf"], zone), datetime.fromtimestamp(claims["exp"], zone)


def _csrf(key: bytes, session_id: SessionId) -> str:
    return hmac.new(key, session_id.bytes, hashlib.sha256).hexdigest()


def _base64(public: Any) -> str:
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
