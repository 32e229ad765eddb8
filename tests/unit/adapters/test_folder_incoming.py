"""Uploads into a folder: taken by signed addresses of our own, as a store would."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.adapters.folder.incoming import FolderIncoming
from higherstudy.adapters.folder.writing import alone_in
from higherstudy.domain.shared.errors import NotFound, RuleBroken
from higherstudy.ports.contracts.incoming import IncomingContract, Putter
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.incoming import Incoming

KEY = bytes(range(32))


async def pieces(content: bytes, size: int = 65536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


class TestFolderIncoming(IncomingContract):
    @pytest.fixture
    def incoming(self, tmp_path: Path) -> Incoming:
        return FolderIncoming(FolderFiles(tmp_path / "files", KEY), tmp_path / "incoming", KEY)

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


async def test_whoever_stores_a_file_again_while_it_is_swept_away_has_it_in_the_end(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "files", KEY)
    old = datetime(2020, 1, 4, tzinfo=UTC).timestamp()
    moment = datetime(2020, 1, 5, tzinfo=UTC)
    content = b"%PDF-1.7 kept again"

    for _ in range(200):
        stored = await files.store(pieces(content), at_most=1000)
        os.utime(files.path(stored.sha256), (old, old))

        sweeping = (files.delete(stored.sha256, stored_before=moment) for _ in range(2))
        await asyncio.gather(*sweeping, files.store(pieces(content), at_most=1000))

        assert files.path(stored.sha256).read_bytes() == content


async def test_a_folder_that_somebody_holds_for_too_long_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("higherstudy.adapters.folder.writing._LONGEST_WAIT", 0.05)
    files = FolderFiles(tmp_path, KEY)
    stored = await files.store(pieces(b"%PDF-1.7"), at_most=1000)

    with alone_in(files.path(stored.sha256).parent), pytest.raises(Unavailable):
        await files.store(pieces(b"%PDF-1.7"), at_most=1000)


async def test_who_looks_for_what_was_left_takes_away_half_uploads_of_processes_that_died(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "files", KEY)
    incoming, now = FolderIncoming(files, tmp_path / "incoming", KEY), datetime.now(UTC)
    files.new.mkdir(parents=True)
    old, fresh = files.new / ".new-old", files.new / ".new-fresh"
    for path, hours in ((old, 25), (fresh, 1)):
        path.write_bytes(b"half a passport")
        os.utime(path, times=(now.timestamp() - hours * 3600,) * 2)

    left = [name async for name in incoming.left_before(now - timedelta(days=1))]

    assert (left, old.exists(), fresh.exists()) == ([], False, True)
