"""API, relay and worker as processes of their own, with everything real: an upload survives what dies meanwhile."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
from processes import Process, Processes, processes
from waiting import until

import servers
from servers.clamav import is_installed
from servers.seaweed import client

PDF = b"%PDF-1.7\n" + os.urandom(3000)
RECOVERED_WITHIN = 30.0

pytestmark = pytest.mark.skipif(not is_installed(), reason="clamd is not installed (Debian: clamav-daemon)")


@pytest.fixture
def scanner() -> Iterator[servers.OwnClamd]:
    """A clamd that is not started yet."""
    own = servers.OwnClamd()
    yield own
    own.close()


@pytest.fixture
def started(
    tmp_path: Path, database_url: str, redis_url: str, s3_bucket: servers.Bucket, scanner: servers.OwnClamd
) -> Iterator[Processes]:
    settings = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "CLAMD": scanner.place}
    with processes(tmp_path, settings | s3_bucket.settings()) as own:
        yield own


@pytest.fixture
async def api(started: Processes) -> Process:
    return await asyncio.to_thread(started.serve)


@pytest.fixture
async def owner(api: Process) -> AsyncIterator[httpx2.AsyncClient]:
    who = {"email": "across@example.org", "password": "seven quiet rivers at dawn"}
    async with api.client() as anybody:
        await anybody.post("/v1/accounts", json=who)
        token = (await anybody.post("/v1/sessions", json=who)).json()["access_token"]
    async with api.client(token) as owner:
        yield owner


async def test_an_upload_outlives_its_worker_and_waits_for_its_scanner(
    started: Processes, owner: httpx2.AsyncClient, scanner: servers.OwnClamd, s3_bucket: servers.Bucket
) -> None:
    worker, _ = await asyncio.gather(asyncio.to_thread(started.work), asyncio.to_thread(started.relay))
    paper = (await owner.post("/v1/students/me/documents", json={"kind": "passport"})).json()["id"]
    said = {"size": len(PDF), "content_type": "application/pdf", "sha256": hashlib.sha256(PDF).hexdigest()}
    requested = await owner.post(f"/v1/documents/{paper}/uploads", json=said)
    place = requested.headers["location"]
    async with httpx2.AsyncClient() as browser:
        [part] = requested.json()["ticket"]["parts"]
        assert (await browser.put(part["url"], headers=part["headers"], content=PDF)).status_code == 200

    async def state() -> str:
        return str((await owner.get(place)).json()["state"])

    async def is_accepted() -> bool:
        return await state() == "accepted"

    assert (await owner.post(f"{place}/completion")).status_code == 202
    await asyncio.sleep(2)
    without_scanner = await state()
    worker.kill()
    scanner.program.start()
    await asyncio.to_thread(started.work, "another")
    took = await until(is_accepted, RECOVERED_WITHIN)

    def kept() -> list[str]:
        return [one["Key"] for one in client(s3_bucket).list_objects_v2(Bucket=s3_bucket.name)["Contents"]]

    # What came in is taken away once it counts, a moment after that.
    alone = ["files", "keys"]
    await until(
        lambda: [key.partition("/")[0] for key in kept()] == alone, what="one file and its key lie in the bucket"
    )
    shown = await owner.get(f"/v1/documents/{paper}/versions/1/content", follow_redirects=True)
    versions = (await owner.get(f"/v1/documents/{paper}")).json()["versions"]
    assert without_scanner == "received"
    assert took < RECOVERED_WITHIN
    assert [version["sha256"] for version in versions] == [said["sha256"]]
    assert shown.content == PDF
