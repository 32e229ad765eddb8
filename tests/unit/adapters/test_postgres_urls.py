"""The database's address, as hosts hand it out and as the driver takes it."""

from urllib.parse import unquote, urlsplit

import pytest

from higherstudy.adapters.postgres.connecting import plain_url
from higherstudy.adapters.postgres.engine import driver_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_any_scheme_of_postgres_gets_our_driver(scheme: str) -> None:
    assert driver_url(f"{scheme}://user:secret@db.example.org/study").drivername == "postgresql+asyncpg"


def test_the_mode_of_encryption_reaches_the_driver_under_its_own_name() -> None:
    given = "postgres://user:secret@db.example.org/study?sslmode=require"

    assert driver_url(given).query == {"ssl": "require"}
    assert plain_url(given) == "postgresql://user:secret@db.example.org/study?sslmode=require"


def test_an_address_without_a_mode_stays_as_it_is() -> None:
    assert plain_url("postgresql://user@db.example.org/study") == "postgresql://user@db.example.org/study"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_the_driver_itself_is_given_the_scheme_that_it_knows(scheme: str) -> None:
    assert plain_url(f"{scheme}://user@[::1]:5433/study") == "postgresql://user@[::1]:5433/study"


@pytest.mark.parametrize("password", ["a/b", "a?b", "a#b:c", "a%40b", "a b"])
def test_a_password_reaches_the_driver_whatever_letters_it_has(password: str) -> None:
    given = f"postgres://user:{password}@db.example.org/study?application_name=x"

    plain = urlsplit(plain_url(given))

    assert unquote(plain.password or "") == driver_url(given).password
    assert (plain.hostname, plain.path, plain.query) == ("db.example.org", "/study", "application_name=x")


def test_a_socket_in_place_of_a_host_is_kept() -> None:
    given = "postgresql+asyncpg://postgres:@/postgres?host=/run/postgresql"

    assert plain_url(given) == "postgresql://postgres:@/postgres?host=/run/postgresql"
