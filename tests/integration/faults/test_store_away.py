"""The store of files breaks off in the middle of an upload, refuses, is slow or not heard of, is killed, and comes
back."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import httpx2
import pytest
from processes import Processes
from proxy import Proxy
from records import PDF
from waiting import until

import servers
from servers.seaweed import client

from .registrations import connected
from .writers import DOCUMENTS, a_student

RECOVERED_WITHIN = 30.0
LARGE = PDF + bytes(3 * 2**20)


@pytest.fixture(scope="module")
def store() -> Iterator[servers.OwnSeaweedFS]:
    server = servers.OwnSeaweedFS()
    try:
        server.program.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def network(store: servers.OwnSeaweedFS) -> Iterator[Proxy]:
    with Proxy.before(store.store.endpoint_url) as proxy:
        yield proxy


@pytest.fixture
def bucket(store: servers.OwnSeaweedFS) -> servers.Bucket:
    return store.store.fresh("away")


@pytest.fixture
async def owner(
    started: Processes, database_url: str, redis_url: str, network: Proxy, bucket: servers.Bucket
) -> AsyncIterator[httpx2.AsyncClient]:
    """A student signed in at an API with a worker and a relay, which all reach the store through the proxy."""
    started.settings.update(DATABASE_URL=database_url, REDIS_URL=redis_url)
    started.settings.update(bucket.settings() | {"S3_ENDPOINT_URL": network.url(bucket.endpoint_url)})
    api, *_ = await asyncio.gather(*map(asyncio.to_thread, (started.serve, started.work, started.relay)))
    async with api.client(await a_student(api.address, f"{bucket.name}@example.org")) as owner:
        yield owner


def _kept(bucket: servers.Bucket) -> list[str]:
    """Return what lies in the bucket as it is seen without us."""
    return [one["Key"] for one in client(bucket).list_objects_v2(Bucket=bucket.name).get("Contents", ())]


async def test_an_upload_through_the_api_that_breaks_off_on_its_way_to_the_store_is_as_if_it_had_not_been(
    owner: httpx2.AsyncClient, network: Proxy, bucket: servers.Bucket
) -> None:
    """Survives: the paper, and what was stored before. Need not: the upload, which is refused with 503."""
    paper = await _paper(owner)

    network.be(breaks_after=2**20)
    refused = await owner.post(f"{paper}/versions", content=LARGE, params={"file_name": "passport.pdf"})
    left = _kept(bucket)
    versions = (await owner.get(paper)).json()["versions"]
    network.heal()
    taken = await owner.post(f"{paper}/versions", content=LARGE, params={"file_name": "passport.pdf"})

    assert refused.status_code == 503, refused.text
    assert versions == []
    assert not [key for key in left if hashlib.sha256(LARGE).hexdigest() in key]
    assert taken.status_code == 201, taken.text
    assert (await _content(owner, paper)) == LARGE


async def test_a_straight_upload_outlives_a_break_on_its_way_and_a_store_that_is_killed_before_it_is_looked_at(
    owner: httpx2.AsyncClient, network: Proxy, store: servers.OwnSeaweedFS
) -> None:
    """Survives: the upload that was reported as complete: it becomes a version, once. Need not: bytes of a PUT that
    broke off, which never count."""
    paper = await _paper(owner)
    ticket = await _announced(owner, paper)

    network.be(breaks_after=2**20)
    with pytest.raises(httpx2.HTTPError):
        await _put(ticket)
    network.heal()
    early = await owner.post(f"{ticket['upload']}/completion")
    await _put(ticket)
    network.be(refusing=True)
    network.cut()
    store.program.kill()
    unanswered = await owner.post(f"{ticket['upload']}/completion")
    shown = await owner.get(ticket["upload"])

    await asyncio.to_thread(store.program.start)
    network.heal()
    complete = await until(lambda: _completed(owner, ticket), RECOVERED_WITHIN)
    network.cut()
    accepted = await until(lambda: _has_state(owner, ticket, "accepted"), RECOVERED_WITHIN)

    assert early.status_code in (404, 409), early.text
    assert unanswered.status_code in (202, 503), unanswered.text
    assert shown.status_code == 200, shown.text
    assert complete + accepted < RECOVERED_WITHIN
    assert [one["number"] for one in (await owner.get(paper)).json()["versions"]] == [1]
    assert (await _content(owner, paper)) == LARGE


async def test_uploads_wait_for_a_store_that_is_not_heard_of_and_nobody_else_does(
    owner: httpx2.AsyncClient, started: Processes, network: Proxy, bucket: servers.Bucket, database_url: str
) -> None:
    """Survives: the upload that was answered with 202, which is accepted once the store is heard of; the bytes that the
    store had; every request that needs no store, which is answered meanwhile. Need not: what has to reach the store
    within the request, which gets 503 and is as if it had not been."""
    sent, asked, received = [await _paper(owner) for _ in range(3)]
    to_ask, to_receive = await _announced(owner, asked), await _announced(owner, received)
    await asyncio.gather(_put(to_ask), _put(to_receive))
    work = next(process for process in started.started if process.name == "work")
    work.freeze()
    assert await _completed(owner, to_receive)

    network.be(silent=True)
    work.thaw()
    waiting = [asyncio.create_task(_send(owner, sent)), asyncio.create_task(_complete(owner, to_ask))]
    others = [await owner.get(DOCUMENTS) for _ in range(10)]
    still_waiting = [not one.done() for one in waiting]
    refused = await asyncio.gather(*waiting)
    async with connected(database_url) as connection:
        await until(lambda: _scan_failed(connection), what="the worker has looked for the bytes in vain")
    shown = (await owner.get(to_receive["upload"])).json()["state"]
    left = _kept(bucket)

    network.heal()
    await until(lambda: _completed(owner, to_ask), RECOVERED_WITHIN)
    for ticket in (to_ask, to_receive):
        await until(lambda: _has_state(owner, ticket, "accepted"), RECOVERED_WITHIN)  # noqa: B023 - awaited here
    taken = await _send(owner, sent)

    assert [answer.status_code for answer in others] == [200] * 10
    assert still_waiting == [True, True]
    assert [answer.status_code for answer in refused] == [503, 503]
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    assert shown == "received"
    assert not [key for key in left if hashlib.sha256(LARGE).hexdigest() in key]
    assert taken.status_code == 201, taken.text
    for paper in (sent, asked, received):
        assert [one["number"] for one in (await owner.get(paper)).json()["versions"]] == [1]
        assert (await _content(owner, paper)) == LARGE


async def test_an_upload_over_a_slow_network_gets_one_answer_whether_it_is_cut_or_not(
    owner: httpx2.AsyncClient, network: Proxy, bucket: servers.Bucket
) -> None:
    """Survives: an upload that takes its time; every request that needs no store, which is answered meanwhile. Need
    not: an upload whose slow connection is cut, which gets 503 and is as if it had not been."""
    cut, slow = [await _paper(owner) for _ in range(2)]

    network.be(delay=0.05, rate=256 * 1024)
    before = network.taken
    cutting = asyncio.create_task(_send(owner, cut))
    await until(lambda: network.open > 0 or network.taken > before)
    others = [await owner.get(DOCUMENTS) for _ in range(5)]
    still_under_way = not cutting.done()
    network.be(refusing=True)
    network.cut()
    refused = await cutting
    left = _kept(bucket)
    network.be(delay=0.05, rate=1024 * 1024)
    taken = await _send(owner, slow)

    assert [answer.status_code for answer in others] == [200] * 5
    assert still_under_way
    assert refused.status_code == 503, refused.text
    assert int(refused.headers["retry-after"]) > 0
    assert left == []
    assert (await owner.get(cut)).json()["versions"] == []
    assert taken.status_code == 201, taken.text
    network.heal()
    assert (await _content(owner, slow)) == LARGE


async def _send(owner: httpx2.AsyncClient, paper: str) -> httpx2.Response:
    """Upload the file through the API."""
    return await owner.post(f"{paper}/versions", content=LARGE, params={"file_name": "passport.pdf"})


async def _scan_failed(connection: asyncpg.Connection) -> bool:
    asked = "SELECT count(*) > 0 FROM jobs WHERE reaction = 'scan_upload' AND status = 'waiting' AND attempts > 0"
    return bool(await connection.fetchval(asked))


async def _paper(owner: httpx2.AsyncClient) -> str:
    made = await owner.post(DOCUMENTS, json={"kind": "passport"})
    assert made.status_code == 201, made.text
    return f"/v1/documents/{made.json()['id']}"


async def _announced(owner: httpx2.AsyncClient, paper: str) -> dict[str, Any]:
    file = {"size": len(LARGE), "content_type": "application/pdf", "sha256": hashlib.sha256(LARGE).hexdigest()}
    answer = await owner.post(f"{paper}/uploads", json=file | {"file_name": "passport.pdf"})
    assert answer.status_code == 201, answer.text
    return {**answer.json()["ticket"], "upload": answer.headers["location"]}


async def _put(ticket: dict[str, Any]) -> None:
    async with httpx2.AsyncClient(timeout=20) as anybody:
        for part in ticket["parts"]:
            content = LARGE[part["offset"] : part["offset"] + part["size"]]
            answer = await anybody.put(part["url"], content=content, headers=part["headers"])
            assert answer.status_code == 200, answer.text


async def _complete(owner: httpx2.AsyncClient, ticket: dict[str, Any]) -> httpx2.Response:
    return await owner.post(f"{ticket['upload']}/completion")


async def _completed(owner: httpx2.AsyncClient, ticket: dict[str, Any]) -> bool:
    return (await _complete(owner, ticket)).status_code == 202


async def _has_state(owner: httpx2.AsyncClient, ticket: dict[str, Any], state: str) -> bool:
    return bool((await owner.get(ticket["upload"])).json()["state"] == state)


async def _content(owner: httpx2.AsyncClient, paper: str) -> bytes:
    led = await owner.get(f"{paper}/versions/1/content")
    assert led.status_code == 302, led.text
    async with httpx2.AsyncClient(timeout=20) as anybody:
        return (await anybody.get(str(owner.base_url.join(led.headers["location"])))).content
