"""Settings are read once, all mistakes are told at once, and no password is shown."""

import re
from pathlib import Path

import pytest

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.entrypoints.settings import WrongSettings, described, read_settings


def test_without_any_variable_the_defaults_hold() -> None:
    settings = read_settings({})

    assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 8000, None)
    assert settings.home_folder == Path.cwd() / ".higherstudy"


def test_variables_are_read_as_what_they_are() -> None:
    settings = read_settings({"PORT": "0", "DATABASE_LOCK_TIMEOUT": "1.5", "HIGHERSTUDY_HOME": "/srv/study"})

    assert (settings.port, settings.lock_timeout, settings.home_folder) == (0, 1.5, Path("/srv/study"))


def test_a_blank_variable_counts_as_unset() -> None:
    assert read_settings({"PORT": " ", "DATABASE_URL": ""}) == read_settings({})


def test_every_mistake_is_named_at_once() -> None:
    wrong = {
        "PORT": "70000",
        "LOG_LEVEL": "loud",
        "JOBS_AT_ONCE": "many",
        "MIGRATION_DATABASE_URL": "mysql://owner:hidden@localhost/study",
    }

    with pytest.raises(WrongSettings) as refusal:
        read_settings(wrong)

    assert [reason.where for reason in refusal.value.reasons] == [
        "PORT",
        "JOBS_AT_ONCE",
        "LOG_LEVEL",
        "MIGRATION_DATABASE_URL",
        "MIGRATION_DATABASE_URL",
    ]
    assert "hidden" not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://study:s3:cr@t@localhost/study",
        "postgres://localhost/study?user=me&password=s3:cr@t",
        "postgresql://study:s3:/cr@t@localhost:5432/study",
    ],
)
def test_no_password_is_shown(url: str) -> None:
    settings = read_settings({"DATABASE_URL": url})

    shown = {one.variable: one.shown for one in described(settings)}

    assert settings.database_url == url
    assert "cr@t" not in repr(settings)
    assert "cr@t" not in shown["DATABASE_URL"]
    assert "localhost" in shown["DATABASE_URL"]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"HOST": "0.0.0.0", "PORT": "80"}, "http://localhost:80"),
        ({"HOST": "::1"}, "http://[::1]:8000"),
        ({"PUBLIC_URL": "https://study.example.org/"}, "https://study.example.org"),
    ],
)
def test_the_servers_address_is_one_that_can_be_followed(given: dict[str, str], address: str) -> None:
    assert read_settings(given).address == address


def test_every_setting_says_what_it_means() -> None:
    assert all(one.meaning.endswith(".") and one.variable.isupper() for one in described(read_settings({})))


@pytest.mark.parametrize(
    ("variable", "given", "sentence"),
    [
        ("PORT", "abc", "A whole number from 0 to 65535 is expected; given was abc."),
        ("PORT", "70000", "A whole number from 0 to 65535 is expected; given was 70000."),
        ("JOBS_AT_ONCE", "-1", "A whole number from 0 to 1000 is expected; given was -1."),
        ("DATABASE_LOCK_TIMEOUT", "0", "A number above 0 and up to 3600 is expected; given was 0."),
        ("LOG_LEVEL", "loud", "One of debug, error, info, warning is expected; given was loud."),
        ("DATABASE_URL", "postgresql://u:open-sesame@host:port/x", "a whole number from 0 to 65535."),
        ("ALLOWED_ORIGINS", "study.example", "given was study.example."),
    ],
)
def test_what_a_setting_may_be_is_said_in_plain_words(variable: str, given: str, sentence: str) -> None:
    with pytest.raises(WrongSettings) as refusal:
        read_settings({variable: given})

    (reason,) = refusal.value.reasons
    assert reason.where == variable
    assert Messages().reason(reason).endswith(sentence)
    assert "open-sesame" not in Messages().reason(reason)


def test_no_refusal_of_a_setting_speaks_of_types() -> None:
    wrong = {one.variable: "\x00,;" for one in described(read_settings({}))}

    with pytest.raises(WrongSettings) as refusal:
        read_settings(wrong)

    told = " ".join(Messages().reason(reason) for reason in refusal.value.reasons)
    assert len(refusal.value.reasons) > 10
    assert not re.search(r"Expected|`|\b(int|str|float|regex)\b|\{", told)
