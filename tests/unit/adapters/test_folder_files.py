"""Files in a folder: whole or not at all, once for each content, and opened by links that end."""

import hashlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from higherstudy.adapters.folder.files import FolderFiles, remove_old_folders
from higherstudy.adapters.folder.links import OpenedLink
from higherstudy.domain.shared.errors import NotFound, RuleBroken
from higherstudy.ports.contracts.files import FilesContract, Opener
from higherstudy.ports.files import Files

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEY = bytes(range(32))
TRANSCRIPT = b"%PDF-1.7 transcript " * 1000
SHA256 = hashlib.sha256(TRANSCRIPT).hexdigest()


async def pieces(content: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def whole(files: FolderFiles, sha256: str) -> bytes:
    return b"".join([piece async for piece in files.read(sha256)])


def everything_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def files(tmp_path: Path) -> FolderFiles:
    return FolderFiles(tmp_path, KEY)


class TestFolderFiles(FilesContract):
    @pytest.fixture
    def files(self, tmp_path: Path) -> Files:
        return FolderFiles(tmp_path, KEY)

    @pytest.fixture
    def opener(self) -> Opener | None:
        return opened


async def opened(files: Files, link: str) -> tuple[str, str, bytes]:
    assert isinstance(files, FolderFiles)
    link_opened = files.open_link(token_of(link), datetime.now(UTC))
    return link_opened.file_name, link_opened.content_type, await whole(files, link_opened.sha256)


async def test_a_stored_file_is_read_back_under_its_hash(files: FolderFiles) -> None:
    stored = await files.store(pieces(TRANSCRIPT), at_most=len(TRANSCRIPT))

    assert (stored.sha256, stored.size, stored.head) == (SHA256, len(TRANSCRIPT), TRANSCRIPT[:4096])
    assert await whole(files, SHA256) == TRANSCRIPT


async def test_equal_content_is_kept_once(files: FolderFiles, tmp_path: Path) -> None:
    await files.store(pieces(TRANSCRIPT), at_most=10**6)
    await files.store(pieces(TRANSCRIPT, 7), at_most=10**6)

    assert everything_in(tmp_path) == [SHA256]


async def test_too_large_a_file_is_refused_and_leaves_nothing(files: FolderFiles, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken) as refusal:
        await files.store(pieces(TRANSCRIPT), at_most=len(TRANSCRIPT) - 1)

    assert refusal.value.reasons[0].code == "file.too_large"
    assert everything_in(tmp_path) == []


async def test_an_empty_file_is_refused_and_leaves_nothing(files: FolderFiles, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken) as refusal:
        await files.store(pieces(b""), at_most=10)

    assert refusal.value.reasons[0].code == "file.empty"
    assert everything_in(tmp_path) == []


async def test_an_upload_that_breaks_off_leaves_nothing(files: FolderFiles, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield TRANSCRIPT
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await files.store(broken(), at_most=10**6)

    assert everything_in(tmp_path) == []


async def test_a_deleted_file_is_gone_and_deleting_it_again_changes_nothing(files: FolderFiles) -> None:
    await files.store(pieces(TRANSCRIPT), at_most=10**6)

    await files.delete(SHA256)
    await files.delete(SHA256)

    with pytest.raises(NotFound):
        await whole(files, SHA256)


async def test_what_a_dead_process_left_is_removed_and_a_running_upload_is_not(
    files: FolderFiles, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    for name, begun in (("dead", NOON - timedelta(days=2)), ("running", NOON)):
        left = tmp_path / "new" / f".new-{name}"
        left.write_bytes(TRANSCRIPT)
        os.utime(left, (begun.timestamp(), begun.timestamp()))

    removed = await files.remove_unfinished(NOON - timedelta(days=1))

    assert (removed, everything_in(tmp_path)) == (1, [".new-running"])


def test_old_folders_of_a_name_are_removed_and_nothing_else(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    for name, begun in (
        ("ours-old", NOON - timedelta(days=2)),
        ("ours-new", NOON),
        ("other", NOON - timedelta(days=2)),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "catalogue").write_bytes(TRANSCRIPT)
        os.utime(tmp_path / name, (begun.timestamp(), begun.timestamp()))
    (tmp_path / "other").rename(elsewhere)
    (tmp_path / "ours-link").symlink_to(elsewhere)

    removed = remove_old_folders(tmp_path, "ours-*", NOON - timedelta(days=1))

    assert (removed, sorted(path.name for path in tmp_path.iterdir())) == (1, ["elsewhere", "ours-link", "ours-new"])
    assert (elsewhere / "catalogue").exists()


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 63, "G" * 64, "0" * 64 + "\n"])
async def test_what_is_no_hash_is_never_a_path(files: FolderFiles, name: str) -> None:
    with pytest.raises(NotFound):
        await whole(files, name)


async def test_only_we_can_read_what_is_kept(files: FolderFiles, tmp_path: Path) -> None:
    await files.store(pieces(TRANSCRIPT), at_most=10**6)

    modes = {path.stat().st_mode & 0o077 for path in tmp_path.rglob("*")}

    assert modes == {0}


async def test_a_link_opens_its_file_until_it_ends(files: FolderFiles) -> None:
    token = token_of(await files.link(SHA256, file_name="সনদ.pdf", content_type="application/pdf", until=NOON))

    opened = files.open_link(token, NOON)

    assert opened == OpenedLink(SHA256, "সনদ.pdf", "application/pdf")
    with pytest.raises(NotFound):
        files.open_link(token, NOON + timedelta(seconds=1))


async def test_a_link_that_somebody_changed_opens_nothing(files: FolderFiles) -> None:
    token = token_of(await files.link(SHA256, file_name="a.pdf", content_type="application/pdf", until=NOON))

    for place in range(len(token) - 1):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(NotFound):
            files.open_link(changed, NOON)


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 43, "A" * 200, "../..", "\x00"])
def test_what_is_no_link_opens_nothing(files: FolderFiles, token: str) -> None:
    with pytest.raises(NotFound):
        files.open_link(token, NOON)


async def test_a_link_of_another_key_opens_nothing(files: FolderFiles, tmp_path: Path) -> None:
    other = FolderFiles(tmp_path, bytes(32))
    token = token_of(await other.link(SHA256, file_name="a.pdf", content_type="application/pdf", until=NOON))

    with pytest.raises(NotFound):
        files.open_link(token, NOON)


def token_of(link: str) -> str:
    prefix, _, token = link.rpartition("/")
    assert prefix == "/v1/files"
    return token
