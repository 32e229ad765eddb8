"""The drill of docs/operating.md: somebody drops a table, and the database comes back as it was a moment before."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from waiting import until

from higherstudy.adapters.embedded_postgres import programs
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres

ROWS = "SELECT count(*) FROM papers"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the account which runs PostgreSQL may write in."""
    folder = Path(tempfile.mkdtemp(prefix="higherstudy-drill-"))
    account = programs.account_for(folder / "none")
    (folder / "archive").mkdir()
    folder.chmod(0o755)
    if account is not None:
        os.chown(folder / "archive", account.uid, account.gid)
    yield folder
    shutil.rmtree(folder)


async def test_a_table_that_was_dropped_is_there_again_as_of_the_moment_before(place: Path) -> None:
    archiving = {"archive_mode": "on", "archive_command": f"cp %p {place}/archive/%f", "wal_level": "replica"}
    first = place / "first"
    async with EmbeddedPostgres(first):  # makes the folder
        pass
    with (first / "data" / "pg_hba.conf").open("a") as rules:
        rules.write("host replication all 127.0.0.1/32 scram-sha-256\n")
    async with EmbeddedPostgres(first, settings=archiving) as server:
        await _do(server.owner_url, "CREATE TABLE papers (number int)", "INSERT INTO papers VALUES (1)")
        base = _base_backup(place, server.port, server.passwords["postgres"])
        await _do(server.owner_url, "INSERT INTO papers VALUES (2), (3)")
        before = await _do(server.owner_url, "SELECT clock_timestamp()")
        await _do(server.owner_url, "INSERT INTO papers VALUES (4)", "DROP TABLE papers")
        segment = await _do(
            server.url("postgres"), "SELECT pg_walfile_name(pg_current_wal_lsn())", "SELECT pg_switch_wal()"
        )
        await until((place / "archive" / segment).exists)

    second = _recovered(place, first, base)
    recovering = {
        "restore_command": f"cp {place}/archive/%f %p",
        "recovery_target_time": before.isoformat(),
        "recovery_target_action": "promote",
        "archive_mode": "off",
    }
    async with EmbeddedPostgres(second, settings=recovering) as server:
        await until(lambda: _do(server.url("postgres"), "SELECT NOT pg_is_in_recovery()"))

        assert await _do(server.owner_url, ROWS) == 3
        await _do(server.owner_url, "INSERT INTO papers VALUES (5)")
        assert await _do(server.owner_url, ROWS) == 4


def _base_backup(place: Path, port: int, password: str) -> Path:
    newest = programs.installed()[0]
    target = place / "base"
    subprocess.run(
        [
            newest.bin / "pg_basebackup",
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-U",
            "postgres",
            "-D",
            target,
            "-X",
            "none",
        ],
        env={"PATH": os.defpath, "PGPASSWORD": password},
        check=True,
        capture_output=True,
    )
    return target


def _recovered(place: Path, first: Path, base: Path) -> Path:
    """Return a folder of a server that begins at the base backup and follows the archive."""
    second = place / "second"
    second.mkdir(mode=0o711)
    shutil.copy(first / "passwords.json", second)
    base.rename(second / "data")
    (second / "data" / "recovery.signal").touch()
    (second / "data").chmod(0o700)
    owner = (first / "data").stat()
    for path in [second / "data", *(second / "data").rglob("*")]:
        os.chown(path, owner.st_uid, owner.st_gid)
    return second


async def _do(url: str, *statements: str) -> Any:
    """Carry out the statements, and return what the first one gives."""
    connection = await asyncpg.connect(url)
    try:
        found = [await connection.fetchval(statement) for statement in statements]
    finally:
        await connection.close()
    return found[0]
