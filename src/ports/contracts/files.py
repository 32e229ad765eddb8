"""What any keeper of files must do."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from datetime import timedelta
from typing import cast
from uuid import uuid4

import pytest

from ...domain.shared.errors import NotFound, RuleBroken
from ..files import Files, StoredFile
from .passing_time import PassingTime, RealTime

Opener = Callable[[Files, str], Awaitable[tuple[str, str, bytes]]]
"""Opens a link now: returns file name, content type and content, or raises NotFound."""

MEGABYTE = 1024 * 1024
A_MOMENT = timedelta(seconds=2)
A_WHILE = timedelta(seconds=8)  # long enough to open a link on a busy machine: stores count whole seconds
"""Stores that keep times in whole seconds tell these two apart."""


class FilesContract:
    """Override ``files`` and ``opener``; ``time`` where the store's clock can be moved.

    Set ``links_can_be_opened`` to False where nothing that the test can start follows the links.
    """

    links_can_be_opened = True

    @pytest.fixture
    def files(self) -> Files:
        """Return a place to keep files."""
        raise NotImplementedError

    @pytest.fixture
    def opener(self) -> Opener:
        """Return what opens a link of these files."""
        if not self.links_can_be_opened:
            pytest.skip("links_can_be_opened is False: nothing in this test can follow a link of these files")
        raise NotImplementedError

    @pytest.fixture
    def time(self) -> PassingTime:
        """Return the store's clock."""
        return RealTime()

    async def test_what_was_stored_is_read_byte_for_byte(self, files: Files) -> None:
        content = _fresh() * 5000

        stored = await files.store(_pieces(content, 4097), at_most=MEGABYTE)

        assert (stored.sha256, stored.size) == (hashlib.sha256(content).hexdigest(), len(content))
        assert await _read(files, stored.sha256) == content

    async def test_the_head_is_enough_to_judge_the_content_by(self, files: Files) -> None:
        content = _fresh() * 500

        stored = await files.store(_pieces(content, 7), at_most=MEGABYTE)

        assert stored.head == content[:4096]

    async def test_a_small_file_is_all_head(self, files: Files) -> None:
        content = _fresh()

        stored = await files.store(_pieces(content, 5), at_most=len(content))

        assert (stored.head, stored.size) == (content, len(content))

    async def test_one_byte_too_many_is_refused_and_nothing_is_left(self, files: Files) -> None:
        content = _fresh() * 100

        with pytest.raises(RuleBroken) as refused:
            await files.store(_pieces(content, 64), at_most=len(content) - 1)

        assert refused.value.reasons[0].code == "file.too_large"
        with pytest.raises(NotFound):
            await _read(files, hashlib.sha256(content).hexdigest())

    async def test_what_is_too_large_is_not_read_to_its_end(self, files: Files) -> None:
        given = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal given
            while given < 100 * MEGABYTE:
                given += 65536
                yield bytes(65536)

        with pytest.raises(RuleBroken):
            await files.store(endless(), at_most=MEGABYTE)

        assert given <= 2 * MEGABYTE

    async def test_a_file_without_a_byte_is_refused(self, files: Files) -> None:
        with pytest.raises(RuleBroken) as refused:
            await files.store(_pieces(b"", 1), at_most=MEGABYTE)

        assert refused.value.reasons[0].code == "file.empty"

    async def test_an_upload_that_breaks_off_leaves_nothing(self, files: Files) -> None:
        content = _fresh()

        async def broken() -> AsyncIterator[bytes]:
            yield content
            raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            await files.store(broken(), at_most=MEGABYTE)

        with pytest.raises(NotFound):
            await _read(files, hashlib.sha256(content).hexdigest())

    async def test_equal_content_is_one_file(self, files: Files) -> None:
        content = _fresh()

        first = await files.store(_pieces(content, 9), at_most=MEGABYTE)
        second = await files.store(_pieces(content, 4), at_most=MEGABYTE)
        await files.delete(first.sha256)

        assert first == second
        with pytest.raises(NotFound):
            await _read(files, second.sha256)

    async def test_many_may_store_equal_content_at_once(self, files: Files) -> None:
        content = _fresh() * 1000

        stored = await asyncio.gather(*(files.store(_pieces(content, 4097), at_most=MEGABYTE) for _ in range(8)))

        assert len(set(stored)) == 1
        assert await _read(files, stored[0].sha256) == content

    async def test_many_may_read_one_file_at_once_and_leave_when_they_like(self, files: Files) -> None:
        content = _fresh() * 20_000
        stored = await files.store(_pieces(content, 65_536), at_most=MEGABYTE)

        async def first_piece() -> bytes:
            async with aclosing(cast("AsyncGenerator[bytes, None]", files.read(stored.sha256))) as pieces:
                return await anext(pieces)

        begun = await asyncio.gather(*(first_piece() for _ in range(8)))

        assert all(content.startswith(piece) and piece for piece in begun)
        assert await _read(files, stored.sha256) == content

    async def test_a_file_that_is_not_there_is_not_found(self, files: Files) -> None:
        with pytest.raises(NotFound):
            await _read(files, hashlib.sha256(_fresh()).hexdigest())

    @pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "/etc/passwd", "A" * 64, "0" * 63])
    async def test_what_is_no_hash_opens_nothing(self, files: Files, name: str) -> None:
        with pytest.raises(NotFound):
            await _read(files, name)

    async def test_deleting_what_is_not_there_changes_nothing(self, files: Files) -> None:
        stored = await files.store(_pieces(_fresh(), 10), at_most=MEGABYTE)

        await files.delete(hashlib.sha256(_fresh()).hexdigest())

        assert await _read(files, stored.sha256)

    async def test_what_is_looked_at_first_is_all_of_it(self, files: Files) -> None:
        content, seen = _fresh() * 5000, []

        async def look(stored: StoredFile, pieces: AsyncIterator[bytes]) -> None:
            seen.append((stored, b"".join([piece async for piece in pieces])))

        stored = await files.store(_pieces(content, 4097), at_most=MEGABYTE, look=look)

        assert seen == [(stored, content)]
        assert await _read(files, stored.sha256) == content

    async def test_what_may_not_be_kept_was_never_there(self, files: Files, time: PassingTime) -> None:
        content = _fresh()

        async def look(stored: StoredFile, _: AsyncIterator[bytes]) -> None:
            with pytest.raises(NotFound):
                await _read(files, stored.sha256)
            raise RuleBroken

        with pytest.raises(RuleBroken):
            await files.store(_pieces(content, 10), at_most=MEGABYTE, look=look)

        with pytest.raises(NotFound):
            await _read(files, hashlib.sha256(content).hexdigest())

    async def test_what_may_not_be_kept_leaves_equal_content_alone(self, files: Files) -> None:
        content = _fresh()
        stored = await files.store(_pieces(content, 10), at_most=MEGABYTE)

        async def refuse(_: StoredFile, __: AsyncIterator[bytes]) -> None:
            raise RuleBroken

        with pytest.raises(RuleBroken):
            await files.store(_pieces(content, 10), at_most=MEGABYTE, look=refuse)

        assert await _read(files, stored.sha256) == content

    async def test_files_are_known_by_when_they_were_last_stored(self, files: Files, time: PassingTime) -> None:
        old, again = _fresh(), _fresh()
        for content in (old, again):
            await files.store(_pieces(content, 10), at_most=MEGABYTE)
        await time.go_on(A_MOMENT)
        moment = time.now()
        await time.go_on(A_MOMENT)
        for content in (again, new := _fresh()):
            await files.store(_pieces(content, 10), at_most=MEGABYTE)

        found = {sha256 async for sha256 in files.kept_before(moment)}

        names = [hashlib.sha256(content).hexdigest() for content in (old, again, new)]
        assert [name in found for name in names] == [True, False, False]

    async def test_only_what_was_not_stored_again_is_deleted(self, files: Files, time: PassingTime) -> None:
        old, again = [await files.store(_pieces(_fresh(), 10), at_most=MEGABYTE) for _ in range(2)]
        await time.go_on(A_MOMENT)
        moment = time.now()
        await time.go_on(A_MOMENT)
        await files.store(_pieces(again.head, 10), at_most=MEGABYTE)

        for stored in (old, again):
            await files.delete(stored.sha256, stored_before=moment)

        assert await _read(files, again.sha256) == again.head
        with pytest.raises(NotFound):
            await _read(files, old.sha256)

    async def test_deleting_takes_away_every_time_it_was_stored(self, files: Files) -> None:
        content = _fresh()
        stored, _ = [await files.store(_pieces(content, 10), at_most=MEGABYTE) for _ in range(2)]

        await files.delete(stored.sha256)

        with pytest.raises(NotFound):
            await _read(files, stored.sha256)

    async def test_a_link_opens_the_file_under_its_name_until_it_ends(
        self, files: Files, opener: Opener, time: PassingTime
    ) -> None:
        content = _fresh()
        stored = await files.store(_pieces(content, 10), at_most=MEGABYTE)
        until = time.now() + A_WHILE

        link = await files.link(stored.sha256, file_name="রেজাল্ট 1.pdf", content_type="application/pdf", until=until)

        assert await opener(files, link) == ("রেজাল্ট 1.pdf", "application/pdf", content)
        await time.go_on(A_WHILE + timedelta(seconds=1))
        with pytest.raises(NotFound):
            await opener(files, link)

    async def test_a_link_that_was_changed_opens_nothing(self, files: Files, opener: Opener, time: PassingTime) -> None:
        stored = await files.store(_pieces(_fresh(), 10), at_most=MEGABYTE)
        until = time.now() + timedelta(minutes=1)
        link = await files.link(stored.sha256, file_name="marks.pdf", content_type="application/pdf", until=until)

        for place in (len(link) * 3 // 4, len(link) - 6):
            changed = link[:place] + ("b" if link[place] != "b" else "c") + link[place + 1 :]
            with pytest.raises(NotFound):
                await opener(files, changed)


def _fresh() -> bytes:
    """Content that nobody has stored yet."""
    return uuid4().hex.encode()


async def _pieces(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def _read(files: Files, sha256: str) -> bytes:
    return b"".join([piece async for piece in files.read(sha256)])
