"""Who was erased, remembered in a folder, does what every adapter must."""

from pathlib import Path

import pytest

from higherstudy.adapters.folder.tombstones import FolderTombstones
from higherstudy.ports.contracts.tombstones import TombstonesContract
from higherstudy.ports.tombstones import Tombstones


class TestFolderTombstones(TombstonesContract):
    @pytest.fixture
    def tombstones(self, tmp_path: Path) -> Tombstones:
        return FolderTombstones(tmp_path / "erased")


async def test_before_anybody_was_erased_there_is_nothing_and_no_folder(tmp_path: Path) -> None:
    tombstones = FolderTombstones(tmp_path / "erased")

    assert [one async for one in tombstones.every()] == []
    assert not (tmp_path / "erased").exists()
