"""What any list of common passwords must do."""

import pytest

from ..common_passwords import CommonPasswords


class CommonPasswordsContract:
    """Override ``common``; the list has "password" and "qwertyuiop" at least."""

    @pytest.fixture
    def common(self) -> CommonPasswords:
        """Return a list."""
        raise NotImplementedError

    @pytest.mark.parametrize("word", ["password", "qwertyuiop", "iloveyou"])
    def test_what_everybody_uses_is_on_it(self, common: CommonPasswords, word: str) -> None:
        assert common.has(word)

    @pytest.mark.parametrize(
        "text", ["", "seven quiet rivers at dawn", "ঢাকা থেকে মিউনিখ ২০২৭", "password\x00", "\ud800", "x" * 10_000]
    )
    def test_what_nobody_uses_is_not(self, common: CommonPasswords, text: str) -> None:
        assert not common.has(text)
