"""Heads in a file do what every anchor must, and a broken line hides no other."""

from dataclasses import replace
from pathlib import Path

import pytest

from higherstudy.adapters.folder.anchors import FolderAnchors
from higherstudy.ports.anchors import Anchors
from higherstudy.ports.contracts.anchors import HEAD, AnchorsContract
from higherstudy.ports.errors import Unavailable


class TestFolderAnchors(AnchorsContract):
    @pytest.fixture
    def anchors(self, tmp_path: Path) -> Anchors:
        return FolderAnchors(tmp_path / "audit" / "heads.jsonl")


async def test_a_line_that_was_broken_off_hides_no_other(tmp_path: Path) -> None:
    path = tmp_path / "heads.jsonl"
    anchors, later = FolderAnchors(path), replace(HEAD, number=8, hash="ef" * 32)
    await anchors.put(HEAD)
    path.write_bytes(path.read_bytes() + b'{"number":8,"ha')

    await anchors.put(later)

    assert [head async for head in anchors.heads()] == [HEAD, later]


async def test_lines_are_only_ever_added_and_only_we_may_read_them(tmp_path: Path) -> None:
    path = tmp_path / "heads.jsonl"
    anchors = FolderAnchors(path)
    await anchors.put(HEAD)
    before = path.read_bytes()

    await anchors.put(replace(HEAD, number=8))

    assert path.read_bytes().startswith(before)
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_place_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(Unavailable):
        await FolderAnchors(tmp_path / "file" / "heads.jsonl").put(HEAD)
