"""What anything that hashes passwords must do."""

import pytest

from ..passwords import Passwords

PASSWORD = "correct horse battery staple"  # noqa: S105 - the example that everybody knows


class PasswordsContract:
    """Override ``passwords``."""

    @pytest.fixture
    def passwords(self) -> Passwords:
        """Return what hashes passwords."""
        raise NotImplementedError

    async def test_the_right_password_matches_its_hash(self, passwords: Passwords) -> None:
        hashed = await passwords.hash(PASSWORD)

        assert await passwords.matches(PASSWORD, hashed)

    @pytest.mark.parametrize("wrong", ["", PASSWORD.upper(), f"{PASSWORD} ", PASSWORD[:-1]])
    async def test_any_other_password_does_not(self, passwords: Passwords, wrong: str) -> None:
        hashed = await passwords.hash(PASSWORD)

        assert not await passwords.matches(wrong, hashed)

    async def test_two_hashes_of_one_password_differ_and_tell_nothing(self, passwords: Passwords) -> None:
        one, other = await passwords.hash(PASSWORD), await passwords.hash(PASSWORD)

        assert one != other
        assert PASSWORD not in one

    @pytest.mark.parametrize("unreadable", ["", "hash", "$argon2id$v=19$broken", "memory$"])
    async def test_an_unreadable_hash_matches_nothing(self, passwords: Passwords, unreadable: str) -> None:
        assert not await passwords.matches(PASSWORD, unreadable)

    async def test_a_hash_that_was_just_made_is_not_outdated(self, passwords: Passwords) -> None:
        assert not passwords.is_outdated(await passwords.hash(PASSWORD))

    async def test_letters_of_any_script_count(self, passwords: Passwords) -> None:
        hashed = await passwords.hash("ঢাকা থেকে মিউনিখ ২০২৭")

        assert await passwords.matches("ঢাকা থেকে মিউনিখ ২০২৭", hashed)
        assert not await passwords.matches("ঢাকা থেকে মিউনিখ ২০২৮", hashed)
