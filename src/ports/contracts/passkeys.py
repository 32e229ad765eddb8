"""What anything that asks for passkeys and checks them must do."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Protocol

import pytest

from ..passkeys import Json, NewPasskey, PasskeyRefused, Passkeys

CHALLENGE, OTHER = b"c" * 32, b"o" * 32
USER = b"u" * 16


class Device(Protocol):
    """A device of a user: makes one passkey, and signs with it. ``sure`` says whether it makes sure of its user, and
    ``counter`` how often it says that it has signed."""

    sure: bool
    counter: int

    def make(self, asked: Json) -> Json: ...

    def sign(self, asked: Json) -> Json: ...


class PasskeysContract:
    """Override ``passkeys``, and ``device`` with what makes devices of a name that answer them."""

    @pytest.fixture
    def passkeys(self) -> Passkeys:
        """Return what is tried."""
        raise NotImplementedError

    @pytest.fixture
    def device(self) -> Callable[[str], Device]:
        """Return what makes a device."""
        raise NotImplementedError

    async def test_a_passkey_is_made_and_signs(self, passkeys: Passkeys, device: Callable[[str], Device]) -> None:
        ours = device("telephone")
        made = await _made(passkeys, ours)

        answer = ours.sign(await passkeys.to_sign(CHALLENGE, [made.credential], sure_of_user=False))
        signed = await passkeys.signed(answer, CHALLENGE, made.public_key, made.counter, sure_of_user=True)

        assert passkeys.credential_of(answer) == made.credential
        assert (signed.counter, signed.user_verified) == (1, True)

    async def test_what_a_device_is_asked_with_names_the_passkeys_that_are_known(self, passkeys: Passkeys) -> None:
        known = [b"k" * 16, b"l" * 16]

        to_make = await passkeys.to_make(CHALLENGE, user=USER, name="student@example.org", known=known, service="Us")
        to_sign = await passkeys.to_sign(CHALLENGE, known, sure_of_user=True)

        assert len(to_make["excludeCredentials"]) == len(to_sign["allowCredentials"]) == 2
        assert to_make["challenge"] == to_sign["challenge"] == "Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M"
        assert (to_make["rp"]["name"], to_make["user"]["id"]) == ("Us", "dXV1dXV1dXV1dXV1dXV1dQ")
        assert to_sign["userVerification"] == "required"

    async def test_a_passkey_that_was_made_for_another_question_is_refused(
        self, passkeys: Passkeys, device: Callable[[str], Device]
    ) -> None:
        asked = await passkeys.to_make(OTHER, user=USER, name="student@example.org", known=[], service="Us")

        with pytest.raises(PasskeyRefused):
            await passkeys.made(device("telephone").make(asked), CHALLENGE)

    async def test_what_was_signed_for_another_question_is_refused(
        self, passkeys: Passkeys, device: Callable[[str], Device]
    ) -> None:
        ours = device("telephone")
        made = await _made(passkeys, ours)

        answer = ours.sign(await passkeys.to_sign(OTHER, [], sure_of_user=False))

        with pytest.raises(PasskeyRefused):
            await passkeys.signed(answer, CHALLENGE, made.public_key, 0, sure_of_user=False)

    async def test_what_another_passkey_has_signed_is_refused(
        self, passkeys: Passkeys, device: Callable[[str], Device]
    ) -> None:
        ours, theirs = device("telephone"), device("another")
        made = await _made(passkeys, ours)
        await _made(passkeys, theirs)

        answer = theirs.sign(await passkeys.to_sign(CHALLENGE, [], sure_of_user=False))

        with pytest.raises(PasskeyRefused):
            await passkeys.signed(answer, CHALLENGE, made.public_key, 0, sure_of_user=False)

    async def test_a_passkey_that_has_not_counted_on_is_a_copy(
        self, passkeys: Passkeys, device: Callable[[str], Device]
    ) -> None:
        ours = device("telephone")
        made = await _made(passkeys, ours)
        answer = ours.sign(await passkeys.to_sign(CHALLENGE, [], sure_of_user=False))

        for seen in (1, 2):
            with pytest.raises(PasskeyRefused):
                await passkeys.signed(answer, CHALLENGE, made.public_key, seen, sure_of_user=False)

    async def test_a_passkey_that_never_counts_is_good_all_the_same(
        self, passkeys: Passkeys, device: Callable[[str], Device]
    ) -> None:
        ours = device("telephone")
        made = await _made(passkeys, ours)
        ours.counter = -1  # it says 0 when it signs, and so on

        answer = ours.sign(await passkeys.to_sign(CHALLENGE, [], sure_of_user=False))

        assert (await passkeys.signed(answer, CHALLENGE, made.public_key, 0, sure_of_user=False)).counter == 0

    async def test_a_device_that_is_not_sure_of_its_user_is_refused_where_it_has_to_be(
        self, passkeys: Passkeys, device: Callable[[str], Device]
    ) -> None:
        ours = device("telephone")
        made = await _made(passkeys, ours)
        ours.sure = False
        answer = ours.sign(await passkeys.to_sign(CHALLENGE, [], sure_of_user=True))

        signed = await passkeys.signed(answer, CHALLENGE, made.public_key, 0, sure_of_user=False)

        assert not signed.user_verified
        with pytest.raises(PasskeyRefused):
            await passkeys.signed(answer, CHALLENGE, made.public_key, 0, sure_of_user=True)

    @pytest.mark.parametrize(
        "given",
        [{}, {"id": 7}, {"id": "é"}, {"id": "AAAA", "response": "text"}, {"id": "AAAA", "response": {"counter": "1"}}],
    )
    async def test_what_is_no_answer_at_all_is_refused(self, passkeys: Passkeys, given: Json) -> None:
        with pytest.raises(PasskeyRefused):
            await passkeys.made(given, CHALLENGE)
        with pytest.raises(PasskeyRefused):
            await passkeys.signed(given, CHALLENGE, b"key", 0, sure_of_user=False)

    async def test_an_answer_of_which_any_part_is_missing_or_other_is_refused(
        self, passkeys: Passkeys, device: Callable[[str], Device]
    ) -> None:
        ours = device("telephone")
        made = await _made(passkeys, ours)
        answer = ours.sign(await passkeys.to_sign(CHALLENGE, [], sure_of_user=False))

        for name in answer["response"]:
            strange: tuple[Any, ...] = (None, "AAAA", 7, [], {})
            for wrong in strange:
                changed: Any = deepcopy(dict(answer))
                changed["response"][name] = wrong
                if name == "userHandle":  # whose passkey it is, we know from its id
                    continue
                with pytest.raises(PasskeyRefused):
                    await passkeys.signed(changed, CHALLENGE, made.public_key, 0, sure_of_user=False)


async def _made(passkeys: Passkeys, device: Device) -> NewPasskey:
    asked = await passkeys.to_make(CHALLENGE, user=USER, name="student@example.org", known=[], service="Us")
    return await passkeys.made(device.make(asked), CHALLENGE)
