"""What any vault must do."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from ...domain.shared.errors import NotFound
from ...domain.shared.ids import StudentId
from ..errors import Unreadable
from ..vault import Place, Vault, is_sealed

PAPER = Place("paper", "0199-a")
SEGMENTS = (0, 1, 65_535, 65_536, 65_537, 300_000)
"""Sizes around those of segments, and of nothing."""


class VaultContract:
    """Override ``vault``."""

    @pytest.fixture
    def vault(self) -> Vault:
        """Return a vault."""
        raise NotImplementedError

    async def test_what_was_sealed_opens_for_the_same_student_and_place(self, vault: Vault) -> None:
        student = _student()

        for size in SEGMENTS:
            sealed = (await vault.keys_of(student)).seal(PAPER, _content(size))
            assert (await vault.keys_of(student)).open(PAPER, sealed) == _content(size)
            assert is_sealed(sealed)

    async def test_streams_and_wholes_are_sealed_alike(self, vault: Vault) -> None:
        keys = await vault.keys_of(_student())

        for size in SEGMENTS:
            for piece in (7_001, 65_536, 65_552, 400_000):
                streamed = await _all(keys.sealing(PAPER, _pieces(_content(size), piece)))
                assert keys.open(PAPER, streamed) == _content(size)
                whole = keys.seal(PAPER, _content(size))
                assert await _all(keys.opening(PAPER, _pieces(whole, piece))) == _content(size)

    async def test_a_head_that_comes_in_crumbs_is_understood(self, vault: Vault) -> None:
        keys = await vault.keys_of(_student())

        assert await _all(keys.opening(PAPER, _pieces(keys.seal(PAPER, b"marks"), 1))) == b"marks"

    async def test_equal_content_is_not_seen_to_be_equal(self, vault: Vault) -> None:
        one, other = await vault.keys_of(_student()), await vault.keys_of(_student())

        sealed = {one.seal(PAPER, b"the same"), one.seal(PAPER, b"the same"), other.seal(PAPER, b"the same")}

        assert len(sealed) == 3
        assert not any(b"the same" in text for text in sealed)

    async def test_it_opens_for_no_other_student(self, vault: Vault) -> None:
        sealed = (await vault.keys_of(_student())).seal(PAPER, b"marks")

        with pytest.raises(Exception) as refused:  # noqa: PT011 - either is a refusal
            (await vault.keys_of(_student())).open(PAPER, sealed)

        assert type(refused.value).__name__ in ("Unreadable", "Unavailable")

    @pytest.mark.parametrize(
        "other", [Place("paper", "0199-b"), Place("snapshot", "0199-a"), Place("paper0199", "-a"), Place("", "")]
    )
    async def test_it_opens_in_no_other_place(self, vault: Vault, other: Place) -> None:
        keys = await vault.keys_of(_student())

        with pytest.raises(Unreadable):
            keys.open(other, keys.seal(PAPER, b"marks"))

    async def test_every_changed_byte_is_found(self, vault: Vault) -> None:
        keys = await vault.keys_of(_student())
        sealed = keys.seal(PAPER, b"marks")

        for at in range(len(sealed)):
            changed = bytes([*sealed[:at], sealed[at] ^ 1, *sealed[at + 1 :]])
            with pytest.raises(Exception) as refused:  # noqa: PT011 - a changed name of the key may be one to wait for
                keys.open(PAPER, changed)
            assert type(refused.value).__name__ in ("Unreadable", "Unavailable"), at

    async def test_what_was_cut_short_is_found_wherever_it_was_cut(self, vault: Vault) -> None:
        keys = await vault.keys_of(_student())
        sealed = keys.seal(PAPER, _content(150_000))
        head = len(keys.seal(PAPER, b"")) - 16

        for end in (0, 1, head, head + 16, head + 65_552, head + 2 * 65_552, len(sealed) - 16, len(sealed) - 1):
            with pytest.raises(Unreadable):
                await _all(keys.opening(PAPER, _pieces(sealed[:end], 65_536)))

    async def test_what_was_added_or_moved_is_found(self, vault: Vault) -> None:
        keys = await vault.keys_of(_student())
        sealed = keys.seal(PAPER, _content(150_000))
        head = len(keys.seal(PAPER, b"")) - 16
        first, second = sealed[head : head + 65_552], sealed[head + 65_552 : head + 2 * 65_552]
        rest = sealed[head + 2 * 65_552 :]

        for segments in (
            (second, first, rest),
            (first, first, second, rest),
            (first, rest),
            (first, second, rest, b"1"),
        ):
            with pytest.raises(Unreadable):
                keys.open(PAPER, sealed[:head] + b"".join(segments))

    async def test_no_piece_comes_before_it_was_found_untouched(self, vault: Vault) -> None:
        keys = await vault.keys_of(_student())
        content = _content(200_000)
        sealed = bytearray(keys.seal(PAPER, content))
        sealed[-20] ^= 1
        given = bytearray()

        async def take() -> None:
            async for piece in keys.opening(PAPER, _pieces(bytes(sealed), 10_000)):
                given.extend(piece)

        with pytest.raises(Unreadable):
            await take()

        assert content.startswith(given)

    async def test_what_was_sealed_before_a_new_key_stays_readable(self, vault: Vault) -> None:
        student = _student()
        before = (await vault.keys_of(student)).seal(PAPER, b"before")

        await vault.rotate(student)
        keys = await vault.keys_of(student)
        after = keys.seal(PAPER, b"after")

        assert (keys.open(PAPER, before), keys.open(PAPER, after)) == (b"before", b"after")
        assert before[:20] != after[:20], "the new key is used"

    async def test_destroyed_keys_open_nothing_and_do_not_come_back(self, vault: Vault) -> None:
        student, other = _student(), _student()
        await vault.keys_of(student)
        sealed = (await vault.keys_of(other)).seal(PAPER, b"hers")

        for _ in range(2):
            await vault.destroy(student)

        for ask in (vault.keys_of, vault.rotate):
            with pytest.raises(NotFound) as refused:
                await ask(student)
            assert [reason.code for reason in refused.value.reasons] == ["student.erased"]
        assert student in {one async for one in vault.destroyed()}
        assert other not in {one async for one in vault.destroyed()}
        assert (await vault.keys_of(other)).open(PAPER, sealed) == b"hers"

    async def test_a_student_without_keys_can_be_destroyed_as_well(self, vault: Vault) -> None:
        student = _student()

        await vault.destroy(student)

        with pytest.raises(NotFound):
            await vault.keys_of(student)

    async def test_wrapping_anew_changes_nothing_that_is_sealed(self, vault: Vault) -> None:
        student = _student()
        sealed = (await vault.keys_of(student)).seal(PAPER, b"marks")

        await vault.rewrap(_nobody)

        assert await vault.rewrap(_nobody) == 0, "all of them were done"
        assert (await vault.keys_of(student)).open(PAPER, sealed) == b"marks"

    async def test_what_breaks_off_on_the_way_is_raised_as_it_is(self, vault: Vault) -> None:
        keys = await vault.keys_of(_student())

        async def breaking() -> AsyncIterator[bytes]:
            yield b"marks"
            raise ConnectionError

        for stream in (keys.sealing, keys.opening):
            with pytest.raises(ConnectionError):
                await _all(stream(PAPER, breaking()))


def _student() -> StudentId:
    return StudentId(uuid4())


def _content(size: int) -> bytes:
    return (b"%PDF-1.7 marks " * (size // 15 + 1))[:size]


async def _pieces(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def _all(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def _nobody(_: int) -> None:
    """Hears of progress and does nothing."""
