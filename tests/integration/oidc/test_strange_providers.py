"""Providers that lie, err, are slow or away: nobody gets in by them, and it is said clearly."""

import hmac
import json
import logging
import threading
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.oidc.providers import OidcIdentityProviders
from higherstudy.adapters.oidc.trusted import Patience, Trusted
from higherstudy.domain.identity.errors import ProviderRefused
from higherstudy.domain.identity.linked_identity import Identity
from higherstudy.domain.identity.provider_sign_in import Way
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.identity_providers import Answer
from servers.strange_provider import CLIENT, StrangeProvider, an_rsa_key

REDIRECT = "https://study.example/v1/sign-in/callback"
WAY = Way.of("a secret of a browser")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEPT, AGAIN = timedelta(hours=1), timedelta(seconds=30)


class Asked:
    """Our side, with its clock."""

    def __init__(self, strange: StrangeProvider, **trusted: Any) -> None:
        self.clock = MemoryClock(NOW)
        self.strange = strange
        strange.now = lambda: self.clock.now().timestamp()
        strange.nonce = WAY.nonce
        self._said = {"id": "strange", "name": "Strange", "issuer": strange.issuer, "client_id": CLIENT}
        self.patience = timedelta(seconds=10)
        self._trusted = {"loopback_http": True, **trusted}
        self.providers = self._made()

    def _made(self) -> OidcIdentityProviders:
        patience = Patience(answer=self.patience, clock=timedelta(seconds=60), kept=KEPT, again=AGAIN)
        trusted = Trusted(**{**self._said, **self._trusted})
        return OidcIdentityProviders([trusted], REDIRECT, self.clock, patience)

    def hurried(self, patience: timedelta) -> None:
        self.patience = patience
        self.providers = self._made()

    async def finish(self, answer: Answer | None = None) -> Identity:
        return await self.providers.finish("strange", WAY, answer or Answer("a-code"))

    async def refusal(self, answer: Answer | None = None) -> str:
        with pytest.raises(ProviderRefused) as refused:
            await self.finish(answer)
        return str(refused.value.reasons[0].params["because"])

    async def is_unavailable(self) -> None:
        with pytest.raises(Unavailable) as away:
            await self.finish()
        assert [(one.code, one.params) for one in away.value.reasons] == [
            ("provider.no_answer", {"provider": "Strange"})
        ]


@pytest.fixture
async def asked(strange: StrangeProvider) -> AsyncIterator[Asked]:
    asked = Asked(strange)
    yield asked
    await asked.providers.close()


async def test_a_provider_that_is_in_order_is_believed(asked: Asked) -> None:
    identity = await asked.finish()

    email = "student@university.example"
    assert identity == Identity(asked.strange.issuer, "student-1", email, email_verified=True)


WRONG_CLAIMS: Mapping[str, tuple[dict[str, Any], str]] = {
    "another audience": ({"aud": "another-client"}, "claim_aud"),
    "another audience besides": ({"aud": [CLIENT, "another-client"], "azp": CLIENT}, "claim_aud"),
    "no audience": ({"aud": None}, "claim_aud"),
    "an empty audience": ({"aud": []}, "claim_aud"),
    "handed to another": ({"azp": "another-client"}, "claim_azp"),
    "another issuer": ({"iss": "https://another.example"}, "claim_iss"),
    "the issuer with a slash": ({"iss": "SLASH"}, "claim_iss"),
    "no issuer": ({"iss": None}, "claim_iss"),
    "another nonce": ({"nonce": "another"}, "claim_nonce"),
    "no nonce": ({"nonce": None}, "claim_nonce"),
    "a nonce that is a list": ({"nonce": [WAY.nonce]}, "claim_nonce"),
    "over": ({"exp": int(NOW.timestamp()) - 61}, "expired"),
    "without an end": ({"exp": None}, "claim_exp"),
    "an end that is a text": ({"exp": "tomorrow"}, "claim_exp"),
    "from the future": ({"iat": int(NOW.timestamp()) + 61}, "claim_iat"),
    "without a beginning": ({"iat": None}, "claim_iat"),
    "not yet good": ({"nbf": int(NOW.timestamp()) + 61}, "claim_nbf"),
    "of nobody": ({"sub": None}, "claim_sub"),
    "of a blank": ({"sub": ""}, "claim_sub"),
    "of a number": ({"sub": 7}, "claim_sub"),
    "of somebody with a very long name": ({"sub": "x" * 256}, "claim_sub"),
    "of somebody with a line break": ({"sub": "student\n1"}, "claim_sub"),
    "of another access token": ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "claim_at_hash"),
}


@pytest.mark.parametrize(("claims", "because"), WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
async def test_a_token_that_says_something_else_is_refused(asked: Asked, claims: dict[str, Any], because: str) -> None:
    if claims.get("iss") == "SLASH":
        claims = {"iss": f"{asked.strange.issuer}/"}
    asked.strange.claims = claims

    assert await asked.refusal() == because


HOUR_AGO = int(NOW.timestamp()) - 3600
STRICT: Mapping[str, Any] = {
    "two_factor_acr": frozenset({"urn:two"}),
    "two_factor_amr": frozenset({frozenset({"mfa"}), frozenset({"pwd", "otp"})}),
}
STRENGTHS: Mapping[str, tuple[dict[str, Any], bool]] = {
    "nothing": ({}, False),
    "a class that counts": ({"acr": "urn:two"}, True),
    "another class": ({"acr": "urn:one"}, False),
    "the class in capitals": ({"acr": "URN:TWO"}, False),
    "the class among others": ({"acr": "urn:one urn:two"}, False),
    "a list of classes": ({"acr": ["urn:two"]}, False),
    "a number": ({"acr": 2}, False),
    "a method that counts": ({"amr": ["mfa"]}, True),
    "all of those that count together": ({"amr": ["otp", "user", "pwd"]}, True),
    "one of those alone": ({"amr": ["pwd", "user"]}, False),
    "no methods": ({"amr": []}, False),
    "methods that are no words": ({"amr": [["mfa"], {"mfa": 1}, 7, None]}, False),
}


@pytest.mark.parametrize(("claims", "are_two"), STRENGTHS.values(), ids=STRENGTHS)
async def test_a_sign_in_counts_as_two_factors_by_the_words_of_the_settings_alone(
    strange: StrangeProvider, claims: dict[str, Any], are_two: bool
) -> None:
    trusting, default = Asked(strange, **STRICT), Asked(strange)
    strange.claims = claims

    found = [(await asked.finish()).two_factors for asked in (trusting, default)]
    for asked in (trusting, default):
        await asked.providers.close()

    assert found == [are_two, False]


async def test_methods_that_are_no_list_are_refused(strange: StrangeProvider) -> None:
    asked = Asked(strange, **STRICT)
    strange.claims = {"amr": "mfa"}

    assert await asked.refusal() == "claim_amr"
    await asked.providers.close()


async def test_what_is_told_beside_the_token_says_nothing_of_the_sign_in(strange: StrangeProvider) -> None:
    asked = Asked(strange, **STRICT)
    strange.claims = {"email": None}  # so that the provider is asked for more
    told = {"sub": "student-1", "email": "student@university.example", "acr": "urn:two", "amr": ["mfa"]}
    strange.says["/user"] = lambda _: (200, json.dumps(told).encode())

    identity = await asked.finish()
    await asked.providers.close()

    assert (identity.email, identity.two_factors) == ("student@university.example", False)


@pytest.mark.parametrize(
    ("auth_time", "is_taken"),
    [
        (HOUR_AGO, True),
        (HOUR_AGO - 60, True),  # clocks may differ
        (HOUR_AGO + 0.5, True),
        (HOUR_AGO - 61, False),
        (HOUR_AGO + 3600 + 61, False),
        (None, False),
        (0, False),
        (-1, False),
        (True, False),
        (str(HOUR_AGO), False),
        ([HOUR_AGO], False),
        (10**400, False),
        (float("nan"), False),
        (float("inf"), False),
    ],
)
async def test_who_has_signed_in_there_too_long_ago_does_it_again(
    strange: StrangeProvider, auth_time: object, is_taken: bool
) -> None:
    asked = Asked(strange, max_age=timedelta(hours=1))
    strange.claims = {"auth_time": auth_time}

    if is_taken:
        assert (await asked.finish()).subject == "student-1"
    else:
        assert await asked.refusal() == "claim_auth_time"
    await asked.providers.close()


async def test_clocks_may_differ_by_a_minute(asked: Asked) -> None:
    now = int(NOW.timestamp())
    asked.strange.claims = {"exp": now - 59, "iat": now + 59, "nbf": now + 59}

    assert (await asked.finish()).subject == "student-1"


def _none(strange: StrangeProvider) -> str:
    return strange.unsigned({"alg": "none"})


def _nOnE(strange: StrangeProvider) -> str:  # noqa: N802 - as it is written there
    return strange.unsigned({"alg": "nOnE", "kid": "first"}, b"signed")


def _no_algorithm(strange: StrangeProvider) -> str:
    return strange.unsigned({"kid": "first"}, b"signed")


def _shared_secret_of_the_public_key(strange: StrangeProvider) -> str:
    head, claims, _ = strange.unsigned({"alg": "HS256", "kid": "first"}).split(".")
    mac = hmac.digest(strange.key.as_pem(private=False), f"{head}.{claims}".encode(), "sha256")
    return f"{head}.{claims}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _another_algorithm_of_the_same_key(strange: StrangeProvider) -> str:
    return jwt.encode({"alg": "RS512", "kid": "first"}, strange.stated(), _plain(strange.key), algorithms=["RS512"])


def _another_key_of_the_same_name(strange: StrangeProvider) -> str:
    return jwt.encode({"alg": "RS256", "kid": "first"}, strange.stated(), an_rsa_key("first"))


def _a_key_of_its_own(strange: StrangeProvider) -> str:
    own = an_rsa_key("own")
    header = {"alg": "RS256", "kid": "first", "jwk": own.as_dict(private=False)}
    return jwt.encode(header, strange.stated(), own)


def _a_key_of_no_name_that_is_known(strange: StrangeProvider) -> str:
    return jwt.encode({"alg": "RS256", "kid": "unheard-of"}, strange.stated(), an_rsa_key("unheard-of"))


def _changed_claims(strange: StrangeProvider) -> str:
    head, _, signature = strange.id_token().split(".")
    strange.claims = {"sub": "somebody-else"}
    return ".".join((head, strange.id_token().split(".")[1], signature))


def _plain(key: RSAKey) -> RSAKey:
    return RSAKey.import_key(key.as_pem(private=True))


FORGED: Mapping[str, tuple[Callable[[StrangeProvider], str], str]] = {
    "no signature": (_none, "algorithm"),
    "no signature, written otherwise": (_nOnE, "algorithm"),
    "no algorithm": (_no_algorithm, "signature"),
    "HS256 with the public key": (_shared_secret_of_the_public_key, "algorithm"),
    "another algorithm": (_another_algorithm_of_the_same_key, "algorithm"),
    "another key of the same name": (_another_key_of_the_same_name, "signature"),
    "a key that it brings along": (_a_key_of_its_own, "signature"),
    "an unknown key": (_a_key_of_no_name_that_is_known, "key"),
    "changed after it was signed": (_changed_claims, "signature"),
    "no token": (lambda _: "abc", "signature"),
    "empty": (lambda _: "..", "signature"),
    "five parts": (lambda _: "a.b.c.d.e", "signature"),
    "letters that are none": (lambda _: "é.é.é", "signature"),
}


@pytest.mark.parametrize(("forge", "because"), FORGED.values(), ids=FORGED)
async def test_a_token_that_the_provider_did_not_sign_as_it_has_to_is_refused(
    asked: Asked, forge: Callable[[StrangeProvider], str], because: str
) -> None:
    token = forge(asked.strange)
    asked.strange.says["/token"] = lambda _: (200, json.dumps({"id_token": token}).encode())

    assert await asked.refusal() == because


async def test_a_key_that_the_provider_begins_to_sign_with_is_looked_up(asked: Asked) -> None:
    await asked.finish()
    second = an_rsa_key("second")
    asked.strange.key, asked.strange.shown = second, [*asked.strange.shown, second]
    asked.clock.move(AGAIN)

    assert (await asked.finish()).subject == "student-1"
    assert asked.strange.asked.count("/keys") == 2


async def test_keys_that_nobody_has_are_not_looked_up_all_the_time(asked: Asked) -> None:
    await asked.finish()
    asked.strange.key = an_rsa_key("unheard-of")

    refusals = [await asked.refusal() for _ in range(3)]

    assert refusals == ["key"] * 3
    assert asked.strange.asked.count("/keys") == 1


async def test_a_key_that_the_provider_takes_back_is_accepted_no_longer_than_it_is_kept(asked: Asked) -> None:
    await asked.finish()
    asked.strange.shown = [an_rsa_key("another")]
    asked.clock.move(KEPT)

    assert await asked.refusal() == "key"


async def test_what_a_provider_says_of_itself_is_asked_for_once_in_a_while(asked: Asked) -> None:
    for _ in range(3):
        await asked.finish()
    asked.clock.move(KEPT)
    await asked.finish()

    assert asked.strange.asked.count("/.well-known/openid-configuration") == 2
    assert asked.strange.asked.count("/keys") == 2


async def test_keys_of_other_kinds_and_uses_beside_the_right_one_do_no_harm(asked: Asked) -> None:
    right = asked.strange.key.as_dict(private=False)
    strange: list[Any] = [{"kty": "new"}, {"kty": "oct", "k": "AAAA", "kid": "first"}, 7, {"kty": "RSA", "n": "?"}]
    encryption = {**an_rsa_key("first").as_dict(private=False), "use": "enc"}
    keys = json.dumps({"keys": [*strange, encryption, right]}).encode()
    asked.strange.says["/keys"] = lambda _: (200, keys)

    assert (await asked.finish()).subject == "student-1"


async def test_an_answer_of_another_provider_is_refused_before_anything_is_sent_to_this_one(asked: Asked) -> None:
    refused = await asked.refusal(Answer("a-code", issuer="https://another.example"))

    assert refused == "issuer"
    assert "/token" not in asked.strange.asked


async def test_an_answer_without_an_issuer_is_refused_where_the_provider_always_names_it(asked: Asked) -> None:
    asked.strange.document = {"authorization_response_iss_parameter_supported": True}

    assert await asked.refusal(Answer("a-code")) == "issuer"
    assert (await asked.finish(Answer("a-code", issuer=asked.strange.issuer))).subject == "student-1"


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://another.example"},
        {"issuer": None},
        {"token_endpoint": "https://elsewhere.example/token"},
        {"token_endpoint": "http://169.254.169.254/latest/meta-data"},
        {"token_endpoint": "file:///etc/passwd"},
        {"token_endpoint": 7},
        {"jwks_uri": "https://elsewhere.example/keys"},
        {"jwks_uri": "http://[::ffff:10.0.0.1]/keys"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"code_challenge_methods_supported": ["plain"]},
        {"code_challenge_methods_supported": 7},
    ],
    ids=json.dumps,
)
async def test_a_document_that_leads_elsewhere_is_followed_nowhere(asked: Asked, document: dict[str, Any]) -> None:
    asked.strange.document = document

    await asked.is_unavailable()
    with pytest.raises(Unavailable):
        await asked.providers.begin("strange", WAY)
    assert set(asked.strange.asked) == {"/.well-known/openid-configuration"}


RUBBISH: Mapping[str, tuple[int, bytes]] = {
    "an error": (500, b"{}"),
    "a page": (200, b"<html>Please come back later</html>"),
    "a list": (200, b"[]"),
    "nothing": (200, b""),
    "no text": (200, b"\xff\xfe\x00"),
    "very deep": (200, b"[" * 100_000),
    "very much": (200, b'{"a": "' + b"x" * 600_000 + b'"}'),
    "somewhere else": (302, b"http://169.254.169.254/"),
}


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
@pytest.mark.parametrize("said", RUBBISH.values(), ids=RUBBISH)
async def test_rubbish_is_said_to_be_no_answer(asked: Asked, path: str, said: tuple[int, bytes]) -> None:
    asked.strange.says[path] = lambda _: said

    await asked.is_unavailable()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/keys", {"keys": []}),
        ("/keys", {"keys": {"first": "key"}}),
        ("/keys", {}),
        ("/token", {"access_token": "without a word about who"}),
        ("/token", {"id_token": 7}),
        ("/token", {"id_token": "x" * 70_000}),
    ],
)
async def test_objects_without_what_is_needed_are_no_answer(asked: Asked, path: str, said: dict[str, Any]) -> None:
    asked.strange.says[path] = lambda _: (200, json.dumps(said).encode())

    await asked.is_unavailable()


async def test_a_refusal_is_passed_on_as_a_code_and_nothing_else_of_it(asked: Asked) -> None:
    for said, because in (
        ("invalid_grant", "token_invalid_grant"),
        ("<b>no</b>", "token_refused"),
        (7, "token_refused"),
    ):
        body = json.dumps({"error": said, "error_description": "secret words"}).encode()
        asked.strange.says["/token"] = lambda _, body=body: (400, body)  # type: ignore[misc]

        assert await asked.refusal() == because


async def test_a_provider_that_is_down_is_said_to_be_so(asked: Asked) -> None:
    asked.strange.issuer, real = "http://127.0.0.1:9", asked.strange.issuer
    down = Asked(asked.strange)
    asked.strange.issuer = real

    await down.is_unavailable()
    await down.providers.close()


async def test_a_provider_that_lets_us_wait_is_waited_for_no_longer_than_it_may_take(asked: Asked) -> None:
    goes_on = threading.Event()

    def late(_: Mapping[str, str]) -> tuple[int, bytes]:
        goes_on.wait(60)
        return 200, b"{}"

    await asked.finish()
    asked.strange.says["/token"] = late
    asked.hurried(timedelta(seconds=0.5))
    try:
        await asked.is_unavailable()
    finally:
        goes_on.set()


async def test_an_address_counts_as_verified_only_as_the_settings_say(strange: StrangeProvider) -> None:
    seen = {}
    for emails in ("as_stated", "always", "never"):
        for stated in (True, "true", False, None, "yes", 1):
            asked = Asked(strange, emails=emails)
            strange.claims = {"email_verified": stated}
            seen[emails, str(stated)] = (await asked.finish()).email_verified
            await asked.providers.close()

    assert {key for key, verified in seen.items() if verified} == {
        ("as_stated", "True"),
        ("as_stated", "true"),
        *(("always", str(stated)) for stated in (True, "true", False, None, "yes", 1)),
    }


@pytest.mark.parametrize("email", [None, "", 7, "no address", "a@b", ["student@university.example"]])
async def test_what_is_no_address_is_none_and_never_verified(asked: Asked, email: object) -> None:
    asked.strange.claims = {"email": email}

    identity = await asked.finish()

    assert (identity.email, identity.email_verified) == (None, False)


async def test_the_address_is_asked_for_where_the_token_has_none(asked: Asked) -> None:
    asked.strange.claims = {"email": None, "email_verified": None}
    body = json.dumps({"sub": "student-1", "email": "Student@University.example", "email_verified": True}).encode()
    asked.strange.says["/user"] = lambda _: (200, body)

    identity = await asked.finish()

    assert (identity.email, identity.email_verified) == ("student@university.example", True)


async def test_the_address_of_somebody_else_is_not_taken(asked: Asked) -> None:
    asked.strange.claims = {"email": None}
    body = json.dumps({"sub": "student-2", "email": "other@university.example", "email_verified": True}).encode()
    asked.strange.says["/user"] = lambda _: (200, body)

    assert await asked.refusal() == "user_info_of_another"


async def test_the_code_goes_with_its_verifier_and_our_secret_where_the_settings_say(strange: StrangeProvider) -> None:
    forms: list[Mapping[str, str]] = []
    asked = Asked(strange, client_secret="a secret", secret_in_body=True)

    def note(form: Mapping[str, str]) -> tuple[int, bytes]:
        forms.append(form)
        return 200, json.dumps({"id_token": strange.id_token()}).encode()

    strange.says["/token"] = note
    await asked.finish()
    await asked.providers.close()

    assert forms == [
        {
            "grant_type": "authorization_code",
            "code": "a-code",
            "redirect_uri": REDIRECT,
            "code_verifier": WAY.verifier,
            "client_id": CLIENT,
            "client_secret": "a secret",
        }
    ]


async def test_neither_secrets_nor_codes_nor_who_it_is_stand_in_any_line(
    strange: StrangeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = Asked(strange, client_secret="planted-secret")
    told = await asked.finish(Answer("planted-code"))
    strange.claims = {"aud": "another-client"}
    because = await asked.refusal(Answer("planted-code"))
    await asked.providers.close()

    planted = ("planted-secret", "planted-code", WAY.verifier, WAY.nonce, "an-access-token", told.subject, "student@")
    assert because == "claim_aud"
    assert [line for line in caplog.messages if "strange was refused: claim_aud" in line]
    assert not [(text, line) for line in caplog.messages for text in planted if text in line]
