"""What any keeper of files must do."""

import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from ...domain.shared.errors import NotFound, RuleBroken
from ..files import Files

Opener = Callable[[Files, str, datetime], tuple[str, str, str]]
"""Opens a link at a moment: returns hash, file name and content type, or raises NotFound."""

UNTIL = datetime(2027, 1, 4, 9, 0, 0, tzinfo=UTC)
MEGABYTE = 1024 * 1024


class FilesContract:
    """Override ``files``, and ``opener`` where links can be opened without a server."""

    @pytest.fixture
    def files(self) -> Files:
        """Return a place to keep files."""
        raise NotImplementedError

    @pytest.fixture
    def opener(self) -> Opener | None:
        """Return what opens a link of these files, or None when only a server can."""
        return None

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

    async def test_a_link_opens_the_file_under_its_name_until_it_ends(
        self, files: Files, opener: Opener | None
    ) -> None:
        if opener is None:
            pytest.skip("only a server can open these links")
        stored = await files.store(_pieces(_fresh(), 10), at_most=MEGABYTE)

        link = files.link(stored.sha256, file_name="রেজাল্ট 1.pdf", content_type="application/pdf", until=UNTIL)

        opened = opener(files, link, UNTIL - timedelta(seconds=1))
        assert opened == (stored.sha256, "রেজাল্ট 1.pdf", "application/pdf")
        with pytest.raises(NotFound):
            opener(files, link, UNTIL + timedelta(seconds=1))

    async def test_a_link_that_was_changed_opens_nothing(self, files: Files, opener: Opener | None) -> None:
        if opener is None:
            pytest.skip("only a server can open these links")
        stored = await files.store(_pieces(_fresh(), 10), at_most=MEGABYTE)
        link = files.link(stored.sha256, file_name="marks.pdf", content_type="application/pdf", until=UNTIL)

        for place in (len(link) // 2, len(link) * 3 // 4):
            changed = link[:place] + ("b" if link[place] != "b" else "c") + link[place + 1 :]
            with pytest.raises(NotFound):
                opener(files, changed, UNTIL - timedelta(minutes=1))


def _fresh() -> bytes:
    """Content that nobody has stored yet."""
    return uuid4().hex.encode()


async def _pieces(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def _read(files: Files, sha256: str) -> bytes:
    return b"".join([piece async for piece in files.read(sha256)])
