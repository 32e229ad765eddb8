"""What second factors are checked with does what every adapter must."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from authenticator import Authenticator

from higherstudy.adapters.aead.secret_box import AeadSecretBox
from higherstudy.adapters.bundled.common_passwords import BundledCommonPasswords
from higherstudy.adapters.memory.common_passwords import MemoryCommonPasswords
from higherstudy.adapters.memory.one_time_codes import MemoryOneTimeCodes
from higherstudy.adapters.memory.passkeys import MemoryDevice, MemoryPasskeys
from higherstudy.adapters.memory.secret_box import MemorySecretBox
from higherstudy.adapters.passkeys.passkeys import WebauthnPasskeys
from higherstudy.adapters.totp.one_time_codes import PyotpOneTimeCodes
from higherstudy.ports.common_passwords import CommonPasswords
from higherstudy.ports.contracts.common_passwords import CommonPasswordsContract
from higherstudy.ports.contracts.one_time_codes import OneTimeCodesContract
from higherstudy.ports.contracts.passkeys import CHALLENGE, USER, Device, PasskeysContract
from higherstudy.ports.contracts.secret_box import SecretBoxContract
from higherstudy.ports.one_time_codes import OneTimeCodes
from higherstudy.ports.passkeys import PasskeyRefused, Passkeys
from higherstudy.ports.secret_box import SecretBox


class TestMemoryCommonPasswords(CommonPasswordsContract):
    @pytest.fixture
    def common(self) -> CommonPasswords:
        return MemoryCommonPasswords()


class TestBundledCommonPasswords(CommonPasswordsContract):
    @pytest.fixture
    def common(self) -> CommonPasswords:
        return BundledCommonPasswords()

    @pytest.mark.parametrize("word", ["12345", "monkey", "dragon", "trustno1", "correcthorse"])
    def test_it_has_what_other_lists_have(self, common: CommonPasswords, word: str) -> None:
        assert common.has(word) == (word != "correcthorse")

    def test_it_is_sorted_and_says_where_it_is_from(self) -> None:
        whole = (Path(sys.modules[BundledCommonPasswords.__module__].__file__ or "").parent).joinpath(
            "common_passwords.bin"
        )
        head, _, entries = whole.read_bytes().partition(b"\n\n")
        words = [entries[at : at + 5] for at in range(0, len(entries), 5)]

        assert b"zxcvbn" in head
        assert f"{len(words)} entries".encode() in head
        assert words == sorted(set(words))


class TestMemoryOneTimeCodes(OneTimeCodesContract):
    @pytest.fixture
    def codes(self) -> OneTimeCodes:
        return MemoryOneTimeCodes()


class TestPyotpOneTimeCodes(OneTimeCodesContract):
    @pytest.fixture
    def codes(self) -> OneTimeCodes:
        return PyotpOneTimeCodes()


class TestMemorySecretBox(SecretBoxContract):
    @pytest.fixture
    def box(self) -> SecretBox:
        return MemorySecretBox()

    @pytest.fixture
    def stranger(self) -> SecretBox:
        return MemorySecretBox(b"another")

    @pytest.fixture
    def later(self) -> SecretBox:
        return MemorySecretBox(b"later", b"before", b"memory")


class TestAeadSecretBox(SecretBoxContract):
    @pytest.fixture
    def box(self) -> SecretBox:
        return AeadSecretBox(lambda: [b"k" * 32])

    @pytest.fixture
    def stranger(self) -> SecretBox:
        return AeadSecretBox(lambda: [b"o" * 32])

    @pytest.fixture
    def later(self) -> SecretBox:
        return AeadSecretBox(lambda: [b"l" * 32, b"b" * 32, b"k" * 32])

    def test_the_same_secret_is_sealed_in_another_way_each_time(self, box: SecretBox) -> None:
        assert box.seal(b"secret", b"") != box.seal(b"secret", b"")

    def test_a_process_that_runs_notices_another_key(self) -> None:
        keys = [b"k" * 32]
        running = AeadSecretBox(lambda: keys)
        before = running.seal(b"secret", b"")

        keys = [b"l" * 32, b"k" * 32]
        elsewhere = AeadSecretBox(lambda: keys).seal(b"secret", b"")

        assert [running.open(one, b"") for one in (elsewhere, before)] == [b"secret", b"secret"]
        assert running.is_outdated(before, b"") is True
        assert running.is_outdated(running.seal(b"secret", b""), b"") is False


class TestMemoryPasskeys(PasskeysContract):
    @pytest.fixture
    def passkeys(self) -> Passkeys:
        return MemoryPasskeys()

    @pytest.fixture
    def device(self) -> Callable[[str], Device]:
        return MemoryDevice


SITE, ORIGIN = "study.example", "https://study.example"


class TestWebauthnPasskeys(PasskeysContract):
    @pytest.fixture
    def passkeys(self) -> Passkeys:
        return WebauthnPasskeys(SITE, [ORIGIN, "https://app.study.example"])

    @pytest.fixture
    def device(self) -> Callable[[str], Device]:
        return lambda _: Authenticator(SITE, ORIGIN)

    async def test_each_page_of_ours_may_ask(self, passkeys: Passkeys) -> None:
        device = Authenticator(SITE, "https://app.study.example")
        asked = await passkeys.to_make(CHALLENGE, user=USER, name="student@example.org", known=[], service="Us")

        assert (await passkeys.made(device.make(asked), CHALLENGE)).credential == device.credential

    @pytest.mark.parametrize(
        "device",
        [
            Authenticator("evil.example", ORIGIN),
            Authenticator(SITE, "https://evil.example"),
            Authenticator(SITE, "http://study.example"),
            Authenticator(SITE, "https://study.example.evil.example"),
            Authenticator(SITE, ORIGIN, present=False),
        ],
        ids=["another site", "another page", "without encryption", "a page that looks like ours", "nobody there"],
    )
    async def test_what_another_page_or_nobody_caused_is_refused(
        self, passkeys: Passkeys, device: Authenticator
    ) -> None:
        ours = Authenticator(SITE, ORIGIN)
        asked = await passkeys.to_make(CHALLENGE, user=USER, name="student@example.org", known=[], service="Us")
        made = await passkeys.made(ours.make(asked), CHALLENGE)
        device._key = ours._key

        with pytest.raises(PasskeyRefused):
            await passkeys.made(device.make(asked), CHALLENGE)
        answer = device.sign(await passkeys.to_sign(CHALLENGE, [], sure_of_user=False))
        with pytest.raises(PasskeyRefused):
            await passkeys.signed(answer, CHALLENGE, made.public_key, 0, sure_of_user=False)

    async def test_what_was_signed_to_sign_in_makes_no_passkey_and_the_other_way_round(
        self, passkeys: Passkeys, device: Callable[[str], Device]
    ) -> None:
        ours = device("telephone")
        asked = await passkeys.to_make(CHALLENGE, user=USER, name="student@example.org", known=[], service="Us")
        answer = ours.make(asked)
        made = await passkeys.made(answer, CHALLENGE)

        with pytest.raises(PasskeyRefused):
            await passkeys.made(ours.sign(asked), CHALLENGE)
        with pytest.raises(PasskeyRefused):
            await passkeys.signed(answer, CHALLENGE, made.public_key, 0, sure_of_user=False)


def test_what_nobody_has_asked_for_is_not_loaded() -> None:
    program = """
import sys
import higherstudy.adapters.passkeys.passkeys, higherstudy.adapters.aead.secret_box
import higherstudy.adapters.totp.one_time_codes, higherstudy.adapters.bundled.common_passwords
print([name for name in ("webauthn", "cbor2", "pyotp", "cryptography") if name in sys.modules])
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)

    assert told.stdout.strip() == "[]", told.stderr
