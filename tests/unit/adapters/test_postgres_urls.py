"""The database's address, as hosts hand it out and as the driver takes it."""

import pytest

from higherstudy.adapters.postgres.engine import driver_url, plain_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_any_scheme_of_postgres_gets_our_driver(scheme: str) -> None:
    assert driver_url(f"{scheme}://user:secret@db.example.org/study").drivername == "postgresql+asyncpg"


def test_the_mode_of_encryption_reaches_the_driver_under_its_own_name() -> None:
    given = "postgres://user:secret@db.example.org/study?sslmode=require"

    assert driver_url(given).query == {"ssl": "require"}
    assert plain_url(given) == "postgresql://user:secret@db.example.org/study?sslmode=require"


def test_an_address_without_a_mode_stays_as_it_is() -> None:
    assert plain_url("postgresql://user@db.example.org/study") == "postgresql://user@db.example.org/study"
