"""What a repeated request gets, and what every answer carries."""

import asyncio
import re

import httpx2
from records import PROFILE, Server, change_profile, programme_id, with_ports

from higherstudy.adapters.memory.passwords import MemoryPasswords

PASSWORD = "seven quiet rivers at dawn"


async def _intake(client: httpx2.AsyncClient) -> dict[str, str]:
    await change_profile(client, **PROFILE)
    programme = await programme_id(client, "informatics munich")
    return {"programme_id": programme, "term": "winter", "starts_on": "2027-10-01"}


async def test_the_same_key_gives_the_same_bytes_and_creates_nothing_more(owner: httpx2.AsyncClient) -> None:
    plan = {"targets": [await _intake(owner)]}
    key = {"Idempotency-Key": "first-plan"}

    first = await owner.post("/v1/students/me/plans", json=plan, headers=key)
    again = await owner.post("/v1/students/me/plans", json=plan, headers=key)
    plans = (await owner.get("/v1/students/me/plans")).json()["items"]

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["etag"] == first.headers["etag"]
    assert len(plans) == 1


async def test_the_same_key_with_another_body_is_refused(owner: httpx2.AsyncClient) -> None:
    key = {"Idempotency-Key": "papers"}
    await owner.post("/v1/students/me/documents", json={"kind": "passport"}, headers=key)

    other = await owner.post("/v1/students/me/documents", json={"kind": "transcript"}, headers=key)

    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"


async def test_a_refusal_is_not_kept(owner: httpx2.AsyncClient) -> None:
    intake = await _intake(owner)
    key = {"Idempotency-Key": "soon"}
    await owner.post("/v1/students/me/applications", json={**intake, "term": "monsoon"}, headers=key)

    mended = await owner.post("/v1/students/me/applications", json=intake, headers=key)

    assert mended.status_code == 201


async def test_ten_at_once_with_one_key_make_one(owner: httpx2.AsyncClient) -> None:
    intake = await _intake(owner)
    headers = {"Idempotency-Key": "all-at-once"}

    answers = await asyncio.gather(
        *(owner.post("/v1/students/me/applications", json=intake, headers=headers) for _ in range(10))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len((await owner.get("/v1/students/me/applications")).json()["items"]) == 1


async def test_another_account_may_use_the_same_key(owner: httpx2.AsyncClient, admin: httpx2.AsyncClient) -> None:
    key = {"Idempotency-Key": "shared"}

    mine = await owner.post("/v1/students/me/documents", json={"kind": "passport"}, headers=key)
    theirs = await admin.post("/v1/students/me/documents", json={"kind": "passport"}, headers=key)

    assert mine.json()["id"] != theirs.json()["id"]


async def test_two_strangers_who_chose_the_same_key_both_register(anybody: httpx2.AsyncClient) -> None:
    key = {"Idempotency-Key": "1"}

    answers = [
        await anybody.post("/v1/accounts", json={"email": email, "password": PASSWORD}, headers=key)
        for email in ("one@example.org", "another@example.org")
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


async def test_a_registration_repeated_with_its_key_gets_the_first_answer(anybody: httpx2.AsyncClient) -> None:
    who = {"email": "one@example.org", "password": PASSWORD, "name": "MY NAME"}
    key = {"Idempotency-Key": "1"}

    first = await anybody.post("/v1/accounts", json=who, headers=key)
    again = await anybody.post("/v1/accounts", json=who, headers=key)

    assert first.status_code == 201
    assert (again.status_code, again.content) == (201, first.content)


async def test_the_first_answer_is_for_whoever_has_the_password_alone(anybody: httpx2.AsyncClient) -> None:
    who = {"email": "one@example.org", "password": PASSWORD}
    key = {"Idempotency-Key": "1"}
    await anybody.post("/v1/accounts", json=who, headers=key)

    guessed = await anybody.post("/v1/accounts", json={**who, "password": "another long password"}, headers=key)

    assert guessed.status_code == 409
    assert guessed.json()["code"] == "email_taken"


async def test_a_password_is_hashed_while_no_transaction_is_open(server: Server) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    class SlowPasswords(MemoryPasswords):
        async def hash(self, password: str) -> str:
            begun.set()
            await go_on.wait()
            return await super().hash(password)

    slow = with_ports(server, passwords=SlowPasswords())
    async with slow.client() as client:
        who = {"email": "one@example.org", "password": PASSWORD}
        registering = asyncio.create_task(client.post("/v1/accounts", json=who, headers={"Idempotency-Key": "1"}))
        await begun.wait()
        # Units of work in memory follow one another: this one would wait for ever for one that is open.
        neighbour = await asyncio.wait_for(client.get("/v1/programmes"), 5)
        go_on.set()
        registered = await registering

    assert (neighbour.status_code, registered.status_code) == (200, 201)


async def test_two_writers_at_the_same_version_leave_one_change(owner: httpx2.AsyncClient) -> None:
    seen = {"If-Match": (await owner.get("/v1/students/me/profile")).headers["etag"]}

    answers = await asyncio.gather(
        *(
            owner.patch("/v1/students/me/profile", json={"name": name}, headers=seen)
            for name in ("One Name", "Another Name")
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def test_every_answer_names_its_request_and_guards_the_browser(anybody: httpx2.AsyncClient) -> None:
    named = await anybody.get("/health/live", headers={"X-Request-Id": "from-the-client.1"})
    unnamed = await anybody.get("/v1/nothing", headers={b"X-Request-Id": "no spaces or \N{SNOWMAN}".encode()})

    assert named.headers["x-request-id"] == "from-the-client.1"
    assert re.fullmatch(r"[0-9a-f-]{36}", unnamed.headers["x-request-id"])
    for answer in (named, unnamed):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "access-control-allow-origin" not in answer.headers


async def test_a_method_that_a_route_lacks_names_those_it_has(anybody: httpx2.AsyncClient) -> None:
    answer = await anybody.put("/v1/programmes", json={})

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, OPTIONS"
