"""A server that starts takes away what dead processes left behind."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from higherstudy.entrypoints.processes.api import running
from higherstudy.entrypoints.settings import read_settings

LONG_AGO = datetime(2025, 1, 4, tzinfo=UTC)


async def test_a_start_clears_away_what_is_dead(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    upload, folder = home / "files" / "new" / ".new-dead", temporary / "higherstudy-import-dead"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"half of a paper")
    folder.mkdir(parents=True)
    for path in (upload, folder):
        os.utime(path, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    async with running(read_settings({"DATABASE_URL": database_url, "HIGHERSTUDY_HOME": str(home)})):
        pass

    assert (upload.exists(), folder.exists()) == (False, False)
