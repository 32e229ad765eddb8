"""Uploads into a folder: taken by signed addresses of our own, as a store would."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.adapters.folder.incoming import FolderIncoming
from higherstudy.domain.shared.errors import NotFound, RuleBroken
from higherstudy.ports.contracts.incoming import IncomingContract, Putter
from higherstudy.ports.files import Files
from higherstudy.ports.incoming import Incoming

KEY = bytes(range(32))


async def pieces(content: bytes, size: int = 65536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


class TestFolderIncoming(IncomingContract):
    @pytest.fixture
    def files(self, tmp_path: Path) -> Files:
        return FolderFiles(tmp_path / "files", KEY)

    @pytest.fixture
    def incoming(self, files: Files, tmp_path: Path) -> Incoming:
        assert isinstance(files, FolderFiles)
        return FolderIncoming(files, tmp_path / "incoming", KEY)

    @pytest.fixture
    def put(self) -> Putter:
        async def sent(incoming: Incoming, url: str, headers: Mapping[str, str], content: bytes) -> bool:
            assert isinstance(incoming, FolderIncoming)
            try:
                opened = incoming.open_ticket(url.rpartition("/")[2], datetime.now(UTC))
                await incoming.take(opened, headers["content-type"], pieces(content))
            except (NotFound, RuleBroken):
                return False
            return True

        return sent


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a/b", "A" * 36])
async def test_what_is_no_name_is_never_a_path(tmp_path: Path, name: str) -> None:
    incoming = FolderIncoming(FolderFiles(tmp_path / "files", KEY), tmp_path / "incoming", KEY)

    with pytest.raises(NotFound):
        await incoming.drop(name)


async def test_a_link_to_a_file_is_no_ticket(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "files", KEY)
    incoming = FolderIncoming(files, tmp_path / "incoming", KEY)
    now = datetime(2027, 1, 4, 9, tzinfo=UTC)
    link = await files.link("a" * 64, file_name="a.pdf", content_type="application/pdf", until=now)

    with pytest.raises(NotFound):
        incoming.open_ticket(link.rpartition("/")[2], now)
