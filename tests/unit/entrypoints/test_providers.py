"""The setting that says which providers are trusted, and what is opened by it."""

from datetime import timedelta
from pathlib import Path

import pytest

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.oidc.trusted import Trusted
from higherstudy.entrypoints.parts.providers import _trusted, open_identity_providers
from higherstudy.entrypoints.settings import Settings, WrongSettings, described, read_settings
from higherstudy.entrypoints.settings.providers import providers_given
from higherstudy.ports.identity_providers import Provider

UNIVERSITY = """
[[provider]]
id = "university"
name = "My University"
issuer = "https://login.university.example/realms/students"
client_id = "higherstudy"
client_secret = "a secret word"
"""
FULL = """
[[provider]]
id = "google"
name = "Google"
issuer = "https://accounts.google.com"
client_id = "123"
client_secret_file = "{file}"
client_secret_in = "body"
scopes = "openid email"
algorithm = "ES256"
email_verified = "never"
email_claim = "upn"
name_claim = "given_name"
hosts = ["oauth2.googleapis.com", "www.googleapis.com"]
acr_values = ["urn:two", "urn:one"]
two_factor_acr = ["urn:two"]
two_factor_amr = ["mfa", "pwd otp"]
max_age = 3600
"""


def test_providers_are_read_in_their_order_with_all_that_may_be_said(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("the secret\n")

    university, google = map(_trusted, providers_given(UNIVERSITY + FULL.format(file=file)))

    assert university == Trusted(
        id="university",
        name="My University",
        issuer="https://login.university.example/realms/students",
        client_id="higherstudy",
        client_secret="a secret word",
    )
    assert google == Trusted(
        id="google",
        name="Google",
        issuer="https://accounts.google.com",
        client_id="123",
        client_secret="the secret",
        scopes="openid email",
        algorithm="ES256",
        emails="never",
        email_claim="upn",
        name_claim="given_name",
        hosts=frozenset({"oauth2.googleapis.com", "www.googleapis.com"}),
        secret_in_body=True,
        acr_values=("urn:two", "urn:one"),
        two_factor_acr=frozenset({"urn:two"}),
        two_factor_amr=frozenset({frozenset({"mfa"}), frozenset({"pwd", "otp"})}),
        max_age=timedelta(hours=1),
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[[provider", "Expected ']]'"),
        ("[[provider]]\nid = 'x'", "name"),
        ("[[providers]]\nid = 'x'", "providers"),
        (UNIVERSITY + "tenant = 'x'", "tenant"),
        (UNIVERSITY + "algorithm = 'HS256'", "HS256"),
        (UNIVERSITY + "algorithm = 'none'", "none"),
        (UNIVERSITY + "scopes = 'email'", "scopes"),
        (UNIVERSITY + "email_verified = 'yes'", "email_verified"),
        (UNIVERSITY + "hosts = ['https://x.example']", "hosts"),
        (UNIVERSITY + "client_secret_file = '/run/secrets/x'", "the secret is given twice"),
        (UNIVERSITY + "acr_values = 'urn:two'", "acr_values"),
        (UNIVERSITY + "acr_values = ['urn:two urn:one']", "acr_values"),
        (UNIVERSITY + "two_factor_acr = ['']", "two_factor_acr"),
        (UNIVERSITY + "two_factor_amr = ['']", "two_factor_amr"),
        (UNIVERSITY + "two_factor_amr = [' ']", "two_factor_amr"),
        (UNIVERSITY + "max_age = -1", "max_age"),
        (UNIVERSITY + "max_age = '1 hour'", "max_age"),
        (UNIVERSITY + UNIVERSITY, "two have the id university; two have the issuer"),
        (UNIVERSITY.replace('"university"', '"My University"'), "id"),
        (UNIVERSITY.replace("https://", "http://"), "has to begin with https://"),
        (UNIVERSITY.replace("https://", "http://") + "loopback_http = true", "has to begin with https://"),
        (UNIVERSITY.replace("students", "students?x=1"), "no web address"),
        (UNIVERSITY.replace("login.", "name:word@login."), "no web address"),
        (UNIVERSITY.replace("https://login.university.example", "https://[x"), "no web address"),
    ],
)
def test_what_is_wrong_is_named_and_the_secret_is_not(text: str, named: str) -> None:
    with pytest.raises(WrongSettings) as wrong:
        read_settings({"IDENTITY_PROVIDERS": text})

    [reason] = wrong.value.reasons
    assert (reason.code, reason.where) == ("setting.not_providers", "IDENTITY_PROVIDERS")
    assert named in str(reason.params["detail"])
    assert "a secret word" not in str(wrong.value)


def test_providers_may_stand_in_a_file_and_are_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(UNIVERSITY)

    settings = read_settings({"IDENTITY_PROVIDERS_FILE": str(file)})

    shown = {one.variable: one.shown for one in described(settings)}
    assert shown["IDENTITY_PROVIDERS"] == "***"
    assert "a secret word" not in repr(settings)


def test_browsers_come_back_to_the_api_unless_the_setting_says_where() -> None:
    at_home = read_settings({"PUBLIC_URL": "https://study.example/"})
    elsewhere = read_settings({"SIGN_IN_REDIRECT_URL": "https://app.study.example/callback"})

    assert at_home.sign_in_redirect == "https://study.example/v1/sign-in/callback"
    assert elsewhere.sign_in_redirect == "https://app.study.example/callback"
    with pytest.raises(WrongSettings):
        read_settings({"SIGN_IN_REDIRECT_URL": "app.study.example"})


async def test_what_is_set_is_offered_and_nobody_is_asked_before_somebody_signs_in() -> None:
    async with open_identity_providers(Settings(identity_providers=UNIVERSITY), MemoryClock()) as providers:
        issuer = "https://login.university.example/realms/students"
        assert providers.offered() == [Provider("university", "My University", issuer)]
    async with open_identity_providers(Settings(), MemoryClock()) as none:
        assert none.offered() == []


async def test_a_secret_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    settings = Settings(identity_providers=FULL.format(file=tmp_path / "nowhere"))

    with pytest.raises(WrongSettings, match=r"setting\.file_not_read"):
        async with open_identity_providers(settings, MemoryClock()):
            pass


def test_figures_are_settings() -> None:
    told = {"PROVIDER_SECONDS": "3", "PROVIDER_CLOCK_SECONDS": "5", "PROVIDER_KEPT_MINUTES": "7"}

    settings = read_settings(told)

    assert timedelta(seconds=settings.provider_seconds) == timedelta(seconds=3)
    assert (settings.provider_clock_seconds, settings.provider_kept_minutes) == (5, 7)
