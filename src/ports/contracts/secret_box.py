"""What any box for secrets must do."""

import pytest

from ..secret_box import BoxNotOpened, SecretBox

SECRET, ABOUT = b"\x00twenty random bytes\xff", b"factor:1"


class SecretBoxContract:
    """Override ``box``, ``stranger`` with one of another key, and ``later`` with one that seals by another key and
    knows that of ``box``."""

    @pytest.fixture
    def box(self) -> SecretBox:
        """Return a box."""
        raise NotImplementedError

    @pytest.fixture
    def stranger(self) -> SecretBox:
        """Return a box with another key."""
        raise NotImplementedError

    @pytest.fixture
    def later(self) -> SecretBox:
        """Return a box with another key that knows the key of ``box`` as an earlier one."""
        raise NotImplementedError

    @pytest.mark.parametrize("secret", [b"", SECRET, bytes(5000)])
    def test_what_is_sealed_comes_out_as_it_was(self, box: SecretBox, secret: bytes) -> None:
        assert box.open(box.seal(secret, ABOUT), ABOUT) == secret

    def test_the_secret_does_not_stand_there(self, box: SecretBox) -> None:
        assert SECRET not in box.seal(SECRET, ABOUT)

    def test_it_opens_as_nothing_else(self, box: SecretBox) -> None:
        with pytest.raises(BoxNotOpened):
            box.open(box.seal(SECRET, ABOUT), b"factor:2")

    def test_another_key_does_not_open_it(self, box: SecretBox, stranger: SecretBox) -> None:
        with pytest.raises(BoxNotOpened):
            stranger.open(box.seal(SECRET, ABOUT), ABOUT)

    def test_one_bit_that_was_changed_shows_wherever_it_is(self, box: SecretBox) -> None:
        sealed = box.seal(SECRET, ABOUT)
        for at in range(len(sealed)):
            changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
            with pytest.raises(BoxNotOpened):
                box.open(changed, ABOUT)

    @pytest.mark.parametrize("given", [b"", b"\x01", b"\x01" + bytes(12), bytes(100)])
    def test_what_was_never_sealed_does_not_open(self, box: SecretBox, given: bytes) -> None:
        with pytest.raises(BoxNotOpened):
            box.open(given, ABOUT)

    def test_an_earlier_key_opens_and_seals_no_more(self, box: SecretBox, later: SecretBox) -> None:
        before, now = box.seal(SECRET, ABOUT), later.seal(SECRET, ABOUT)

        assert (later.open(before, ABOUT), later.open(now, ABOUT)) == (SECRET, SECRET)
        with pytest.raises(BoxNotOpened):
            box.open(now, ABOUT)

    def test_what_an_earlier_key_has_sealed_is_outdated(self, box: SecretBox, later: SecretBox) -> None:
        before, now = box.seal(SECRET, ABOUT), later.seal(SECRET, ABOUT)

        assert [box.is_outdated(before, ABOUT), later.is_outdated(before, ABOUT)] == [False, True]
        assert later.is_outdated(now, ABOUT) is False

    def test_what_nobody_opens_is_not_called_outdated(self, stranger: SecretBox, later: SecretBox) -> None:
        with pytest.raises(BoxNotOpened):
            later.is_outdated(stranger.seal(SECRET, ABOUT), ABOUT)
