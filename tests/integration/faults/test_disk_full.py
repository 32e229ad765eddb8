"""The disk that keeps files and mail is full for a while: nothing half-written counts, and work goes on afterwards."""

import hashlib
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest
from processes import Process, Processes
from records import PDF
from waiting import until

from .writers import DOCUMENTS, a_student

ROOM = 4 * 2**20


def _can_mount() -> bool:
    """Whether this user may have a small file system in a name space of its own; root may, and most others on Linux."""
    if not sys.platform.startswith("linux") or shutil.which("unshare") is None:
        return False
    attempt = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/mnt"]
    return subprocess.run(attempt, capture_output=True, timeout=20).returncode == 0


pytestmark = pytest.mark.skipif(not _can_mount(), reason="unshare may not make a small file system here")


@pytest.fixture
def api(started: Processes, database_url: str) -> Process:
    """A server whose home has four megabytes."""
    started.home.mkdir()
    started.settings["DATABASE_URL"] = database_url
    mount = f'mount -t tmpfs -o size={ROOM},mode=700 tmpfs "$HIGHERSTUDY_HOME" && exec "$@"'
    return started.serve(through=["unshare", "-rm", "sh", "-c", mount, "sh"], JOBS_AT_ONCE="2")


@pytest.fixture
def home(api: Process, started: Processes) -> Path:
    """Its home as it sees it."""
    return Path(f"/proc/{api.program.pid}/root{started.home}")


async def test_uploads_and_mail_wait_for_room_and_nothing_half_written_counts(api: Process, home: Path) -> None:
    """Survives: what was stored before, and the mail that was owed. Need not: uploads that were refused with 503."""
    filler = home / "filler"
    async with api.client(await a_student(api.address, "first@example.org")) as owner:
        paper = await _paper(owner)
        stored = await _upload(owner, paper, PDF)
        assert stored.status_code == 201, stored.text
        await until(lambda: len(_mails(home)) == 1)

        _fill(filler)
        refused = await _upload(owner, paper, PDF + bytes(2**20))
        await a_student(api.address, "second@example.org")
        read = await owner.get(stored.headers["location"], follow_redirects=True)
        versions = (await owner.get(paper)).json()["versions"]

        filler.unlink()
        taken = await _upload(owner, paper, PDF + bytes(2**20))
        waited = await until(lambda: len(_mails(home)) == 2, 30)

    assert refused.status_code == 503
    assert refused.json()["code"] == "unavailable"
    assert read.content == PDF
    assert len(versions) == 1
    assert taken.status_code == 201
    assert waited < 15
    assert [path.name for path in _kept(home)] == [_hash(path) for path in _kept(home)], "each is whole"
    assert len(_kept(home)) == 2
    assert not list(home.rglob(".new-*"))
    assert api.lives()


async def _paper(owner: httpx2.AsyncClient) -> str:
    made = await owner.post(DOCUMENTS, json={"kind": "passport"})
    assert made.status_code == 201, made.text
    return f"/v1/documents/{made.json()['id']}"


async def _upload(owner: httpx2.AsyncClient, paper: str, content: bytes) -> httpx2.Response:
    return await owner.post(f"{paper}/versions", content=content, params={"file_name": "passport.pdf"})


def _fill(filler: Path) -> None:
    """Leave no room at all."""
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def _mails(home: Path) -> list[Path]:
    return list((home / "outbox").glob("*.eml"))


def _kept(home: Path) -> list[Path]:
    """The files of students, whose names are their hashes."""
    return sorted(path for path in (home / "files").rglob("*") if path.is_file() and len(path.name) == 64)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
