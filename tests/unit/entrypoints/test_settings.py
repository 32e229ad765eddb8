"""Settings are read once, all mistakes are told at once, and no password is shown."""

from pathlib import Path

import pytest

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
    "url", ["postgresql://study:s3:cr@t@localhost/study", "postgres://localhost/study?user=me&password=s3:cr@t"]
)
def test_no_password_is_shown(url: str) -> None:
    settings = read_settings({"DATABASE_URL": url})

    shown = {one.variable: one.shown for one in described(settings)}

    assert settings.database_url == url
    assert "cr@t" not in repr(settings)
    assert "cr@t" not in shown["DATABASE_URL"]
    assert "localhost" in shown["DATABASE_URL"]


def test_every_setting_says_what_it_means() -> None:
    assert all(one.meaning.endswith(".") and one.variable.isupper() for one in described(read_settings({})))
