"""A server that starts takes away what dead processes left behind."""

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.imports.catalogue_import import Import, ImportKind, State
from higherstudy.domain.shared.ids import AccountId, ImportId
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
    engine, ids = create_engine(database_url), SystemIds()
    transactions = PostgresTransactions(engine, ids)
    run = Import(
        ImportId(ids.new()), ImportKind.CATALOGUE_CSV, "mine.csv", "0" * 64, False, AccountId(ids.new()), LONG_AGO
    )
    async with transactions() as work:
        await work.imports.add(run)

    async with running(read_settings({"DATABASE_URL": database_url, "HIGHERSTUDY_HOME": str(home)})):
        pass

    async with transactions() as work:
        found = await work.imports.get(run.id)
    await engine.dispose()
    assert found.state is State.BROKEN_OFF
    assert (upload.exists(), folder.exists(), datetime.now(UTC) - (found.finished_at or LONG_AGO) < timedelta(1)) == (
        False,
        False,
        True,
    )
