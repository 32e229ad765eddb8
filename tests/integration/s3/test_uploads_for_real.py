"""Uploads with PostgreSQL, a real store and, where it is installed, a real clamd: what is ready has its bytes."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from real_ports import real_ports
from sqlalchemy.ext.asyncio import AsyncEngine

from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.s3.connection import Bucket
from higherstudy.adapters.s3.files import S3Files
from higherstudy.adapters.s3.incoming import S3Incoming
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.domain.documents.upload_events import UploadReceived
from higherstudy.domain.shared.errors import NotFound
from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.entrypoints.parts.elsewhere import Elsewhere
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.entrypoints.wiring.ports import Ports
from higherstudy.ports.contracts.scanner import harmless_proof
from higherstudy.ports.files import Look, StoredFile
from higherstudy.ports.vault import is_sealed
from servers.clamav import is_installed

A_DAY = timedelta(days=1, minutes=1)
PASSWORD = "seven quiet rivers at dawn"


@pytest.fixture
async def engine(owner_url: str, database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url, pool_size=10)
    yield engine
    await engine.dispose()


@pytest.fixture
async def ports(engine: AsyncEngine, opened_bucket: Bucket, tmp_path: Path) -> AsyncIterator[Ports]:
    async with real_ports(engine, tmp_path) as real:
        yield replace(real.ports, files=S3Files(opened_bucket), incoming=S3Incoming(opened_bucket))


@pytest.fixture
async def owner(ports: Ports) -> AsyncIterator[httpx2.AsyncClient]:
    """A student's client, whose requests to the API are counted."""
    tokens = JwtTokens(SigningKey(Ed25519PrivateKey.generate()), ports.clock)
    app = create_app(Given(ports, tokens, Elsewhere(), source_of, feed, Checks({})))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://server", timeout=30) as client:
        who = {"email": f"{uuid4()}@example.org", "password": PASSWORD}
        assert (await client.post("/v1/accounts", json=who)).status_code == 201
        token = (await client.post("/v1/sessions", json=who)).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def fresh(size: int = 300) -> bytes:
    begin = b"%PDF-1.7 " + uuid4().hex.encode()
    return (begin * (size // len(begin) + 1))[:size]


async def a_paper(owner: httpx2.AsyncClient) -> str:
    return str((await owner.post("/v1/students/me/documents", json={"kind": "passport"})).json()["id"])


async def hand_over(owner: httpx2.AsyncClient, paper: str, content: bytes) -> str:
    """Upload as a browser does, and return where the upload can be looked up."""
    sha256 = hashlib.sha256(content).hexdigest()
    said = {"size": len(content), "content_type": "application/pdf", "sha256": sha256, "file_name": "সনদ.pdf"}
    requested = await owner.post(f"/v1/documents/{paper}/uploads", json=said)
    assert requested.status_code == 201, requested.text
    async with httpx2.AsyncClient(timeout=30) as browser:
        for part in requested.json()["ticket"]["parts"]:
            piece = content[part["offset"] : part["offset"] + part["size"]]
            assert (await browser.put(part["url"], headers=part["headers"], content=piece)).status_code == 200
    completed = await owner.post(f"{requested.headers['location']}/completion")
    assert completed.status_code == 202, completed.text
    return str(requested.headers["location"])


async def opened(owner: httpx2.AsyncClient, paper: str) -> bytes:
    """Return the first version as its owner gets it."""
    return (await owner.get(f"/v1/documents/{paper}/versions/1/content", follow_redirects=True)).content


async def look(ports: Ports) -> None:
    """Carry out what follows from received uploads, as workers do."""
    scan = use_cases_over(ports).scan_upload()
    while True:
        async with ports.transactions() as work:
            envelopes = await work.outbox.take(1000)
            await work.outbox.passed_on([envelope.id for envelope in envelopes])
        if not envelopes:
            return
        received = [one for one in envelopes if isinstance(one.event, UploadReceived)]
        await asyncio.gather(*(scan(one.event, one.id) for one in received))  # type: ignore[arg-type]


async def test_an_upload_costs_the_api_two_requests_however_large_it_is(
    owner: httpx2.AsyncClient, ports: Ports
) -> None:
    paper, content, requests = await a_paper(owner), fresh(17 * 2**20), []

    async def count(request: httpx2.Request) -> None:
        requests.append((request.method, len(request.content)))

    owner.event_hooks["request"].append(count)
    place = await hand_over(owner, paper, content)
    owner.event_hooks["request"].remove(count)
    await look(ports)

    decided = (await owner.get(place)).json()
    shown = await owner.get(f"/v1/documents/{paper}/versions/1/content", follow_redirects=True)
    assert [method for method, _ in requests] == ["POST", "POST"]
    assert sum(size for _, size in requests) < 1000
    assert (decided["state"], decided["number"]) == ("accepted", 1)
    assert (shown.content == content, shown.headers["content-type"]) == (True, "application/pdf")


async def test_bytes_that_come_through_us_are_kept_in_the_store(owner: httpx2.AsyncClient, ports: Ports) -> None:
    paper, content = await a_paper(owner), fresh(9 * 2**20)

    taken = await owner.post(f"/v1/documents/{paper}/versions?file_name=a.pdf", content=content)
    again = await owner.post(f"/v1/documents/{paper}/versions?file_name=a.pdf", content=b"PK\x03\x04" + content)

    names = [name async for name in ports.files.kept_before(ports.clock.now() + A_DAY)]
    assert (taken.status_code, again.status_code, await opened(owner, paper) == content) == (201, 415, True)
    assert hashlib.sha256(content).hexdigest() not in names
    assert all([is_sealed(await _read(ports, name)) for name in names])


@pytest.mark.skipif(not is_installed(), reason="clamd is not installed (Debian: clamav-daemon)")
async def test_what_clamd_finds_is_refused_whichever_way_it_came(
    owner: httpx2.AsyncClient, ports: Ports, clamd: str, opened_bucket: Bucket, engine: AsyncEngine
) -> None:
    from higherstudy.adapters.clamav.scanner import ClamavScanner

    content = harmless_proof()  # it is no PDF either: both are found out, the scanner's word comes first
    scanned = replace(ports, scanner=ClamavScanner(clamd))
    paper = await a_paper(owner)

    place = await hand_over(owner, paper, content)
    await look(scanned)

    decided = (await owner.get(place)).json()
    assert (decided["state"], decided["reasons"][0]["code"]) == ("refused", "file.harmful")
    assert "Eicar" in decided["reasons"][0]["message"]


async def test_many_uploads_to_one_paper_at_once_all_become_versions(owner: httpx2.AsyncClient, ports: Ports) -> None:
    paper, same = await a_paper(owner), fresh()

    places = await asyncio.gather(*(hand_over(owner, paper, same if n % 2 else fresh()) for n in range(6)))
    for _ in range(4):  # a paper that six change at once is somebody's conflict: the job comes back
        with suppress(Exception):
            await look(ports)
        scan = use_cases_over(ports).scan_upload()
        for place in places:
            await scan.decide(place.rpartition("/")[2])  # type: ignore[arg-type]

    versions = (await owner.get(f"/v1/documents/{paper}")).json()["versions"]
    states = [(await owner.get(place)).json()["state"] for place in places]
    assert states == ["accepted"] * 6
    assert [version["number"] for version in versions] == [1, 2, 3, 4, 5, 6]


Step = Callable[[], Awaitable[None]]


class HeldUp(S3Files):
    """Does something else just before and just after it keeps a file."""

    def __init__(self, bucket: Bucket, before: Step, after: Step) -> None:
        super().__init__(bucket)
        self._before, self._after = before, after

    async def store(self, content: AsyncIterator[bytes], *, at_most: int, look: Look | None = None) -> StoredFile:
        await self._before()
        stored = await super().store(content, at_most=at_most, look=look)
        await self._after()
        return stored


@pytest.mark.parametrize(
    ("looks", "removes"),
    [("before keeping", "before counting"), ("before keeping", "at the end"), ("before counting", "at the end")],
)
async def test_no_version_is_ever_without_its_bytes_wherever_a_sweep_is_held_up(
    owner: httpx2.AsyncClient, ports: Ports, opened_bucket: Bucket, looks: str, removes: str
) -> None:
    paper, content, unused = await a_paper(owner), fresh(), set[str]()
    orphan = await ports.files.store(_pieces(content), at_most=10**6)  # nobody counts on it; it is old enough to go
    await asyncio.sleep(1.1)
    moment = ports.clock.now()
    await asyncio.sleep(1.1)

    async def look_for_orphans() -> None:
        hashes = [one async for one in ports.files.kept_before(moment)]
        async with ports.transactions() as work:
            unused.update(await work.documents.unused(hashes))

    async def remove_them() -> None:
        for one in unused:
            await ports.files.delete(one, stored_before=moment)

    async def step(now: str) -> None:
        if looks == now:
            await look_for_orphans()
        if removes == now:
            await remove_them()

    held = HeldUp(opened_bucket, lambda: step("before keeping"), lambda: step("before counting"))
    place = await hand_over(owner, paper, content)
    await look(replace(ports, files=held))
    await step("at the end")

    assert orphan.sha256 in unused
    assert (await owner.get(place)).json()["state"] == "accepted"
    assert await opened(owner, paper) == content


class Later(S3Files):
    """The store as it looks a day later."""

    def kept_before(self, moment: datetime) -> AsyncIterator[str]:
        return super().kept_before(moment + A_DAY)

    async def delete(self, sha256: str, *, stored_before: datetime | None = None) -> None:
        await super().delete(sha256, stored_before=stored_before and stored_before + A_DAY)


async def test_a_day_later_only_what_counts_is_left(
    owner: httpx2.AsyncClient, ports: Ports, opened_bucket: Bucket
) -> None:
    paper, counted, orphan = await a_paper(owner), fresh(), fresh()
    await hand_over(owner, paper, counted)
    await look(ports)
    await ports.files.store(_pieces(orphan), at_most=10**6)

    await use_cases_over(replace(ports, files=Later(opened_bucket))).drop_orphans()(nobody)

    assert await opened(owner, paper) == counted
    with pytest.raises(NotFound):
        await _read(ports, hashlib.sha256(orphan).hexdigest())


async def nobody(_: int) -> None:
    """Hears of progress and does nothing."""


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _read(ports: Ports, sha256: str) -> bytes:
    return b"".join([piece async for piece in ports.files.read(sha256)])
