"""Passwords are kept as hashes that fit one password only."""

from collections.abc import Iterator

import pytest

from higherstudy.adapters.argon2.passwords import Argon2Passwords
from higherstudy.ports.contracts.passwords import PasswordsContract

PASSWORD = "a river and three boats"


@pytest.fixture
def passwords() -> Iterator[Argon2Passwords]:
    passwords = Argon2Passwords(passes=1, memory_kib=64, lanes=1)
    yield passwords
    passwords.close()


class TestArgon2Passwords(PasswordsContract):
    @pytest.fixture
    def passwords(self) -> Iterator[Argon2Passwords]:
        passwords = Argon2Passwords(passes=1, memory_kib=64, lanes=1)
        yield passwords
        passwords.close()


async def test_a_hash_fits_its_password_only(passwords: Argon2Passwords) -> None:
    hashed = await passwords.hash(PASSWORD)

    assert await passwords.matches(PASSWORD, hashed)
    assert not await passwords.matches(PASSWORD + " ", hashed)


async def test_two_hashes_of_one_password_differ(passwords: Argon2Passwords) -> None:
    assert await passwords.hash(PASSWORD) != await passwords.hash(PASSWORD)


@pytest.mark.parametrize("unreadable", ["", "plain", "$argon2id$v=19$broken"])
async def test_nothing_fits_an_unreadable_hash(passwords: Argon2Passwords, unreadable: str) -> None:
    assert not await passwords.matches("", unreadable)
    assert not await passwords.matches(PASSWORD, unreadable)


async def test_the_default_is_argon2id_as_the_rfc_recommends() -> None:
    passwords = Argon2Passwords()

    hashed = await passwords.hash(PASSWORD)
    passwords.close()

    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize("costs", [{"passes": 2}, {"memory_kib": 128}, {"lanes": 2}])
async def test_a_hash_of_other_costs_is_outdated(passwords: Argon2Passwords, costs: dict[str, int]) -> None:
    other = Argon2Passwords(**{"passes": 1, "memory_kib": 64, "lanes": 1, **costs})
    hashed = await other.hash(PASSWORD)

    found = other.is_outdated(hashed), passwords.is_outdated(hashed), passwords.is_outdated("no hash")
    other.close()

    assert found == (False, True, False)
