"""Which addresses a provider may be asked at: encrypted, and on hosts that the settings name."""

import pytest

from higherstudy.adapters.oidc.trusted import Trusted

GOOGLE = Trusted("google", "Google", "https://accounts.google.com", "us", hosts=frozenset({"oauth2.googleapis.com"}))
AT_A_PORT = Trusted("university", "My University", "https://login.university.example:8443/realms/a", "us")
HERE = Trusted("here", "Here", "http://127.0.0.1:9000", "us", loopback_http=True)


@pytest.mark.parametrize(
    "address",
    [
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://accounts.google.com:443/",
    ],
)
def test_its_own_host_and_those_that_are_named_may_be_asked(address: str) -> None:
    assert GOOGLE.may_be_asked(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://accounts.google.com/",
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest",
        "https://accounts.google.com.evil.example/",
        "https://evil.example/accounts.google.com",
        "https://evil.example#@accounts.google.com",
        "https://accounts.google.com@evil.example/",
        "https://evil.example@accounts.google.com/",
        "https://accounts.google.com:8443/",
        "https://accounts.google.com./",
        "https://a\u0441counts.google.com/",
        "ftp://accounts.google.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//accounts.google.com/",
        "https:///token",
        "https://[x/",
        "https://accounts.google.com:port/",
        "https://sub.accounts.google.com/",
        "",
    ],
)
def test_nobody_else_is_asked(address: str) -> None:
    assert not GOOGLE.may_be_asked(address)


def test_a_port_of_the_issuer_is_its_own() -> None:
    assert AT_A_PORT.may_be_asked("https://login.university.example:8443/token")
    assert not AT_A_PORT.may_be_asked("https://login.university.example:9443/token")


def test_without_encryption_only_this_machine_is_asked_and_only_where_that_is_set() -> None:
    assert HERE.may_be_asked("http://127.0.0.1:9000/token")
    assert HERE.may_be_asked("http://[::1]:9000/token")
    assert not HERE.may_be_asked("http://10.0.0.1:9000/token")
    assert not HERE.may_be_asked("http://127.0.0.1.evil.example/token")
