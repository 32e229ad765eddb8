"""A token says who asks, until it ends; nothing else is taken for one."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey, signing_key
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.shared.ids import AccountId, StudentId
from higherstudy.ports.contracts.tokens import PassTime, TokensContract
from higherstudy.ports.tokens import TokenRefused, Tokens

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OWNER = Asker(AccountId(UUID(int=7)), frozenset({Role.STUDENT}), StudentId(UUID(int=8)))
HOUR = timedelta(hours=1)
KEY = SigningKey(Ed25519PrivateKey.generate())


def tokens_at(moment: datetime, **others: Any) -> JwtTokens:
    return JwtTokens(others.pop("key", KEY), MemoryClock(moment), **others)


class TestJwtTokens(TokensContract):
    @pytest.fixture
    def clock(self) -> MemoryClock:
        return MemoryClock(NOON)

    @pytest.fixture
    def tokens(self, clock: MemoryClock) -> Tokens:
        return JwtTokens(KEY, clock)

    @pytest.fixture
    def stranger(self, clock: MemoryClock) -> Tokens:
        return JwtTokens(SigningKey(Ed25519PrivateKey.generate()), clock)

    @pytest.fixture
    def pass_time(self, clock: MemoryClock) -> PassTime:
        return clock.move


def test_a_token_says_who_asks() -> None:
    token = tokens_at(NOON).issue(OWNER, HOUR)

    asker = tokens_at(NOON).read(token, "a-request")

    assert asker == Asker(OWNER.account_id, OWNER.roles, OWNER.student_id, "a-request")
    assert tokens_at(NOON).account_of(token) == OWNER.account_id


def test_a_token_is_good_until_its_end_and_not_at_it() -> None:
    token = tokens_at(NOON).issue(OWNER, HOUR)

    assert tokens_at(NOON + HOUR - timedelta(seconds=1)).account_of(token) == OWNER.account_id
    assert tokens_at(NOON + HOUR).account_of(token) is None


def test_a_token_from_a_clock_a_little_ahead_is_taken_and_one_far_ahead_is_not() -> None:
    token = tokens_at(NOON).issue(OWNER, HOUR)

    assert tokens_at(NOON - timedelta(seconds=30)).account_of(token) == OWNER.account_id
    assert tokens_at(NOON - timedelta(seconds=31)).account_of(token) is None


def test_an_older_key_still_opens_its_tokens() -> None:
    newer = SigningKey(Ed25519PrivateKey.generate())
    token = tokens_at(NOON).issue(OWNER, HOUR)

    assert tokens_at(NOON, key=newer, others=[KEY]).account_of(token) == OWNER.account_id
    assert tokens_at(NOON, key=newer).account_of(token) is None


@pytest.mark.parametrize("others", [{"issuer": "another"}, {"audience": "another"}])
def test_a_token_for_another_place_is_refused(others: dict[str, str]) -> None:
    token = tokens_at(NOON, **others).issue(OWNER, HOUR)

    with pytest.raises(TokenRefused):
        tokens_at(NOON).read(token)


def test_a_token_that_names_no_algorithm_is_refused() -> None:
    claims = jwt.decode(tokens_at(NOON).issue(OWNER, HOUR), options={"verify_signature": False})
    unsigned = jwt.encode(claims, "", "none", headers={"kid": KEY.id, "typ": "at+jwt"})

    with pytest.raises(TokenRefused):
        tokens_at(NOON).read(unsigned)


def test_the_public_key_used_as_a_shared_secret_is_refused() -> None:
    claims = jwt.decode(tokens_at(NOON).issue(OWNER, HOUR), options={"verify_signature": False})
    public = KEY.public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    forged = jwt.encode(claims, public, "HS256", headers={"kid": KEY.id, "typ": "at+jwt"})

    with pytest.raises(TokenRefused):
        tokens_at(NOON).read(forged)


def test_changed_claims_are_refused() -> None:
    head, claims, signature = tokens_at(NOON).issue(OWNER, HOUR).split(".")
    changed = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"roles": ["admin"]}
    body = base64.urlsafe_b64encode(json.dumps(changed).encode()).rstrip(b"=").decode()

    with pytest.raises(TokenRefused):
        tokens_at(NOON).read(f"{head}.{body}.{signature}")


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "student", "roles", "iat", "nbf", "exp"])
def test_a_token_without_one_of_its_claims_is_refused(missing: str) -> None:
    claims = jwt.decode(tokens_at(NOON).issue(OWNER, HOUR), options={"verify_signature": False})
    del claims[missing]
    token = jwt.encode(claims, KEY.private, "EdDSA", headers={"kid": KEY.id, "typ": "at+jwt"})

    with pytest.raises(TokenRefused):
        tokens_at(NOON).read(token)


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("sub", 5),
        ("sub", "nobody"),
        ("roles", 5),
        ("roles", ["king"]),
        ("exp", "soon"),
        ("exp", 1e300),
        ("exp", -(10**18)),
        ("nbf", None),
    ],
)
def test_a_token_with_a_claim_of_the_wrong_kind_is_refused(claim: str, value: object) -> None:
    claims = jwt.decode(tokens_at(NOON).issue(OWNER, HOUR), options={"verify_signature": False})
    token = jwt.encode({**claims, claim: value}, KEY.private, "EdDSA", headers={"kid": KEY.id, "typ": "at+jwt"})

    with pytest.raises(TokenRefused):
        tokens_at(NOON).read(token)


@pytest.mark.parametrize("text", ["", "abc", "a.b.c", "é.é.é", "." * 5, "eyJhbGciOiJFZERTQSJ9..", "\x00"])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(TokenRefused):
        tokens_at(NOON).read(text)


def test_the_key_is_made_once_and_only_we_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "access.pem"

    first, second = signing_key(path), signing_key(path)

    assert first.id == second.id
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["access.pem"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "access.pem"
    signing_key(path)
    path.chmod(0o644)

    with pytest.raises(ValueError, match="chmod 600"):
        signing_key(path)
