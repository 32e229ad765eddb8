"""A server is backed up while it works, and all of it is put back in an empty place."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import httpx2
import pytest
import serving
from backups import run, tables
from records import PDF
from serving import Serving
from waiting import until

from higherstudy.adapters.archive.archive import check


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(scope="module")
def first(folder: Path) -> dict[str, Any]:
    """A home with a student and her paper, its two archives taken while the server ran; it has ended."""
    server = serving.start(folder / "home")
    try:
        with server.client(_signed_in(server)) as student:
            paper = _uploaded(student)
            profile = student.get("/v1/students/me/profile").json()
        for archive in ((folder / "data.tar",), (folder / "keys.tar", "--keys")):
            done = run(server.home, "backup", *archive)
            assert done.returncode == 0, done.stderr
        assert server.stop()[0] == 0
    finally:
        if server.runs:
            server.kill()
    return {"paper": paper, "profile": profile}


def test_everything_is_there_again_in_an_empty_place(folder: Path, first: dict[str, Any]) -> None:
    home = folder / "again"

    done = run(home, "restore", folder / "data.tar", folder / "keys.tar")

    assert done.returncode == 0, done.stderr
    assert tables(folder / "home" / "postgres") == tables(home / "postgres")
    assert _files(folder / "home") == _files(home) != {}
    server = serving.start(home)
    try:
        with server.client(_signed_in(server)) as student:
            assert student.get("/v1/students/me/profile").json() == first["profile"]
            link = student.get(f"{first['paper']}/versions/1/content").headers["location"]
            assert student.get(link).content == PDF
    finally:
        server.stop()


def test_a_dry_run_says_what_would_be_and_leaves_nothing(folder: Path, first: dict[str, Any]) -> None:
    done = run(folder / "nowhere", "restore", folder / "data.tar", folder / "keys.tar", "--dry-run")

    assert (done.returncode, "Nothing was changed" in done.stdout) == (0, True), done.stderr
    assert not (folder / "nowhere").exists()


def test_a_database_with_tables_is_never_written_over(folder: Path, first: dict[str, Any]) -> None:
    before = tables(folder / "home" / "postgres")

    done = run(folder / "home", "restore", folder / "data.tar")

    assert done.returncode == 1
    assert "has tables already" in done.stderr
    assert tables(folder / "home" / "postgres") == before


def test_an_archive_that_was_damaged_puts_nothing_back(folder: Path, first: dict[str, Any]) -> None:
    whole = bytearray((folder / "data.tar").read_bytes())
    whole[whole.index(b"PGDMP") + 300] ^= 1
    (folder / "damaged.tar").write_bytes(bytes(whole))

    done = run(folder / "untouched", "restore", folder / "damaged.tar", folder / "keys.tar")

    assert done.returncode == 2
    assert "database.dump" in done.stderr
    assert not (folder / "untouched").exists()


def test_without_its_keys_what_is_sealed_stays_so_and_comes_back_with_them(folder: Path, first: dict[str, Any]) -> None:
    home = folder / "sealed"

    done = run(home, "restore", folder / "data.tar")

    assert "papers stay sealed" in done.stdout, done.stderr
    shutil.rmtree(home / "keys", ignore_errors=True)  # what a start makes for itself is another key
    assert run(home, "restore", folder / "keys.tar").returncode == 0
    server = serving.start(home)
    try:
        with server.client(_signed_in(server)) as student:
            link = student.get(f"{first['paper']}/versions/1/content").headers["location"]
            assert student.get(link).content == PDF
    finally:
        server.stop()


def test_other_keys_are_never_written_over(folder: Path, first: dict[str, Any]) -> None:
    home = folder / "other"
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "master.key").write_bytes(b"k" * 32)

    done = run(home, "restore", folder / "keys.tar")

    assert done.returncode == 1
    assert "master.key" in done.stderr
    assert (home / "keys" / "master.key").read_bytes() == b"k" * 32


def test_the_archive_of_the_data_holds_no_key(folder: Path, first: dict[str, Any]) -> None:
    data = (folder / "data.tar").read_bytes()
    keys = [*(folder / "home" / "keys").rglob("*.key"), *(folder / "home" / "keys").rglob("*.pem")]

    assert len(keys) > 3
    for key in keys:
        assert key.read_bytes() not in data, key.name
    assert PDF not in data


def test_a_server_takes_a_backup_a_day_and_keeps_fourteen(folder: Path, first: dict[str, Any]) -> None:
    home = folder / "daily"
    assert run(home, "restore", folder / "data.tar", folder / "keys.tar").returncode == 0
    backups = home / "backups"
    backups.mkdir()
    old = [backups / f"data-202601{day:02}T023000Z.tar" for day in range(1, 16)]
    for path in old:
        path.write_bytes(b"an older one")
    (backups / "data-mine.tar").write_bytes(b"of somebody else")

    server = serving.start(home)
    try:
        asyncio.run(until(lambda: not old[1].exists()))
    finally:
        server.stop()

    left = sorted(path.name for path in backups.glob("data-*.tar"))
    assert left[:14] == [*(path.name for path in old[2:]), left[13]]
    assert left[14:] == ["data-mine.tar"]
    assert check(backups / left[13]).files == 1


def _signed_in(server: Serving) -> str:
    who = json.loads((server.home / "sample-accounts.json").read_text())["student"]
    with server.client() as anybody:
        answer = anybody.post("/v1/sessions", json={"email": who["email"], "password": who["password"]})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["access_token"])


def _uploaded(client: httpx2.Client) -> str:
    made = client.post("/v1/students/me/documents", json={"kind": "passport"})
    here = f"/v1/documents/{made.json()['id']}"
    stated = {"file_name": "passport.pdf", "issued_on": "2024-02-11", "expires_on": "2034-02-10"}
    assert client.post(f"{here}/versions", content=PDF, params=stated).status_code == 201
    return here


def _files(home: Path) -> dict[str, str]:
    found = [path for path in (home / "files").rglob("*") if path.is_file() and len(path.name) == 64]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}
