"""Uploads over REST: announced, handed over, reported as complete, decided, each refusal with its sentence."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from records import PDF, Server

from higherstudy.adapters.memory.scanner import MemoryScanner
from higherstudy.domain.documents.upload_events import UploadReceived
from higherstudy.entrypoints.wiring.containers.every import use_cases_over


def announcement(content: bytes = PDF, **more: Any) -> dict[str, Any]:
    sha256 = hashlib.sha256(content).hexdigest()
    return {"size": len(content), "content_type": "application/pdf", "sha256": sha256, "file_name": "সনদ.pdf"} | more


async def a_paper(owner: httpx2.AsyncClient) -> str:
    added = await owner.post("/v1/students/me/documents", json={"kind": "passport"})
    return str(added.json()["id"])


async def hand_over(client: httpx2.AsyncClient, requested: dict[str, Any], content: bytes = PDF) -> httpx2.Response:
    [part] = requested["ticket"]["parts"]
    return await client.put(part["url"], headers=part["headers"], content=content)


async def look(server: Server) -> None:
    """Carry out what follows from received uploads, as a worker does."""
    scan = use_cases_over(server.ports).scan_upload()
    while True:
        async with server.ports.transactions() as work:
            envelopes = await work.outbox.take(1000)
            await work.outbox.passed_on([envelope.id for envelope in envelopes])
        if not envelopes:
            return
        for envelope in envelopes:
            if isinstance(envelope.event, UploadReceived):
                await scan(envelope.event, envelope.id)


async def test_a_file_becomes_a_version_without_passing_through_the_api(
    server: Server, owner: httpx2.AsyncClient, anybody: httpx2.AsyncClient
) -> None:
    paper = await a_paper(owner)
    stated: dict[str, Any] = {"issued_on": "2024-02-11", "expires_on": "2034-02-10", "name_on_document": "MY NAME"}

    requested = await owner.post(f"/v1/documents/{paper}/uploads", json=announcement(**stated))
    taken = await hand_over(anybody, requested.json())  # the address is all that is needed
    place = requested.headers["location"]
    completed = await owner.post(f"{place}/completion")
    again = await owner.post(f"{place}/completion")
    await look(server)
    decided = (await owner.get(place)).json()

    version = (await owner.get(f"/v1/documents/{paper}")).json()["versions"][0]
    assert [one.status_code for one in (requested, taken, completed, again)] == [201, 200, 202, 202]
    assert (requested.json()["upload"]["state"], completed.json()["state"]) == ("requested", "received")
    assert again.json() == completed.json()
    assert (decided["state"], decided["number"], decided["reasons"]) == ("accepted", 1, [])
    assert {name: version[name] for name in stated} == stated
    assert (version["file_name"], version["sha256"]) == ("সনদ.pdf", announcement()["sha256"])


async def test_a_refusal_says_why_in_a_sentence(server: Server, owner: httpx2.AsyncClient) -> None:
    paper = await a_paper(owner)
    assert isinstance(server.ports.scanner, MemoryScanner)
    server.ports.scanner.known = {b"worm": "A worm"}
    places = []
    for content in (PDF + b"worm", b"PK\x03\x04" + bytes(100)):
        requested = await owner.post(f"/v1/documents/{paper}/uploads", json=announcement(content))
        await hand_over(owner, requested.json(), content)
        await owner.post(f"{requested.headers['location']}/completion")
        places.append(requested.headers["location"])

    await look(server)

    decided = [(await owner.get(place)).json() for place in places]
    assert [one["state"] for one in decided] == ["refused", "refused"]
    assert [one["reasons"][0]["code"] for one in decided] == ["file.harmful", "file.type_not_accepted"]
    assert "A worm" in decided[0]["reasons"][0]["message"]
    assert decided[1]["reasons"][0]["message"].startswith("Only PDF, PNG, JPEG and HEIC")
    assert (await owner.get(f"/v1/documents/{paper}")).json()["versions"] == []


async def test_bytes_that_come_through_us_wait_for_the_scanner(server: Server, owner: httpx2.AsyncClient) -> None:
    paper = await a_paper(owner)
    assert isinstance(server.ports.scanner, MemoryScanner)
    server.ports.scanner.known = {b"worm": "A worm"}
    address = f"/v1/documents/{paper}/versions"

    harmful = await owner.post(address, content=PDF + b"worm")
    server.ports.scanner.away = True
    away = await owner.post(address, content=PDF)
    server.ports.scanner.away = False
    clean = await owner.post(address, content=PDF)

    assert [answer.status_code for answer in (harmful, away, clean)] == [415, 503, 201]
    assert "A worm" in harmful.json()["detail"]
    assert away.headers["retry-after"]


async def test_the_same_key_is_the_same_upload_with_a_ticket_anew(owner: httpx2.AsyncClient) -> None:
    paper = await a_paper(owner)
    key = {"Idempotency-Key": "my-passport"}

    first, second = [
        await owner.post(f"/v1/documents/{paper}/uploads", json=announcement(), headers=key) for _ in range(2)
    ]
    another = await owner.post(f"/v1/documents/{paper}/uploads", json=announcement(PDF + b"1"), headers=key)
    await hand_over(owner, second.json())
    await owner.post(f"{first.headers['location']}/completion")
    late = await owner.post(f"/v1/documents/{paper}/uploads", json=announcement(), headers=key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert another.status_code == 422
    assert (late.json()["upload"]["state"], late.json()["ticket"]) == ("received", None)


async def test_no_signed_address_is_kept_with_the_answer(server: Server, owner: httpx2.AsyncClient) -> None:
    paper = await a_paper(owner)

    await owner.post(f"/v1/documents/{paper}/uploads", json=announcement(), headers={"Idempotency-Key": "k"})

    store: Any = server.ports.transactions
    kept = [claim.answer.body for claim in store._store.answers.rows() if claim.answer]
    assert kept
    assert all(b"/v1/files/" not in body for body in kept)


async def test_completing_before_the_bytes_came_is_a_conflict(owner: httpx2.AsyncClient) -> None:
    paper = await a_paper(owner)
    requested = await owner.post(f"/v1/documents/{paper}/uploads", json=announcement())

    early = await owner.post(f"{requested.headers['location']}/completion")

    assert (early.status_code, early.json()["errors"][0]["code"]) == (409, "upload.not_arrived")
    assert "Send it to the address of the ticket first" in early.json()["detail"]


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (PDF + b"1", "application/pdf", 413, "file.too_large"),
        (PDF[:-1], "application/pdf", 422, "file.not_as_announced"),
        (PDF[::-1], "application/pdf", 422, "file.not_as_announced"),
        (PDF, "text/html", 422, "file.not_as_announced"),
    ],
)
async def test_our_own_address_takes_exactly_what_was_announced(
    owner: httpx2.AsyncClient, anybody: httpx2.AsyncClient, content: bytes, content_type: str, status: int, code: str
) -> None:
    paper = await a_paper(owner)
    requested = await owner.post(f"/v1/documents/{paper}/uploads", json=announcement())
    url = requested.json()["ticket"]["parts"][0]["url"]

    answer = await anybody.put(url, headers={"content-type": content_type}, content=content)
    completed = await owner.post(f"{requested.headers['location']}/completion")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)
    assert completed.status_code == 409


async def test_a_made_up_or_changed_address_takes_nothing(owner: httpx2.AsyncClient) -> None:
    paper = await a_paper(owner)
    requested = await owner.post(f"/v1/documents/{paper}/uploads", json=announcement())
    url = urlsplit(requested.json()["ticket"]["parts"][0]["url"]).path

    for changed in ("/v1/files/aaaa", url[:-5] + ("aaaaa" if url[-5:] != "aaaaa" else "bbbbb")):
        answer = await owner.put(changed, headers={"content-type": "application/pdf"}, content=PDF)

        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "file.link_not_valid")


async def test_somebody_elses_upload_is_not_there(
    server: Server, owner: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    paper = await a_paper(owner)
    requested = await owner.post(f"/v1/documents/{paper}/uploads", json=announcement())
    place = requested.headers["location"]

    answers = [
        await admin.post(f"/v1/documents/{paper}/uploads", json=announcement()),
        await admin.get(place),
        await admin.post(f"{place}/completion"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_everything_wrong_with_an_announcement_is_named(owner: httpx2.AsyncClient) -> None:
    paper = await a_paper(owner)

    answer = await owner.post(
        f"/v1/documents/{paper}/uploads", json={"size": 5, "content_type": "text/html", "sha256": "A" * 64}
    )
    long = await owner.post(f"/v1/documents/{paper}/uploads", json=announcement(file_name="x" * 401))
    huge = await owner.post(f"/v1/documents/{paper}/uploads", json=announcement(size=2**39))

    assert answer.status_code == 422
    assert {error["code"] for error in answer.json()["errors"]} == {"file.announced_type", "file.announced_hash"}
    assert (long.status_code, long.json()["errors"][0]["field"]) == (422, "file_name")
    assert (huge.status_code, huge.json()["errors"][0]["code"]) == (413, "file.too_large")
