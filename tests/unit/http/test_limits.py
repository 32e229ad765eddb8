"""Whoever asks too often is told when to come back, and what cannot be counted is not tried."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from everybody import PASSWORD
from records import Server

from higherstudy.adapters.memory.limits import MemoryLimits
from higherstudy.adapters.memory.transactions import Store
from higherstudy.entrypoints.http.addresses import address_of
from higherstudy.entrypoints.http.limits import _BY_ITSELF, _NOT_COUNTED, Rates
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.limits import Hit, Limit, Verdict

from .conftest import a_server, sign_in

EMAIL = "student@example.org"


class NobodyCounts:
    """Limits of which the counter does not answer."""

    def __init__(self) -> None:
        self.away = False
        self._counts = MemoryLimits()

    async def hit(self, limit: Limit, who: str) -> Verdict:
        return (await self.hit_all([(limit, who)]))[0]

    async def hit_all(self, hits: Sequence[Hit]) -> list[Verdict]:
        if self.away and any(limit.closed for limit, _ in hits):
            raise Unavailable
        return await self._counts.hit_all(hits)


Start = Callable[..., AbstractAsyncContextManager[httpx2.AsyncClient]]


@pytest.fixture
def start(catalogue: Store, tmp_path: Path) -> Start:
    """Starts a server with these rates and gives a client of it."""

    @asynccontextmanager
    async def started(rates: Rates, **given: Any) -> AsyncIterator[httpx2.AsyncClient]:
        server = a_server(catalogue, tmp_path, rates=rates, **given)
        async with server.client() as client:
            yield client

    return started


async def _try(client: httpx2.AsyncClient, email: str = EMAIL) -> httpx2.Response:
    return await client.post("/v1/sessions", json={"email": email, "password": "not her password at all"})


async def test_each_answer_tells_the_limit_and_what_is_left_of_it(start: Start) -> None:
    async with start(Rates(requests=5)) as client:
        first, second = await client.get("/v1/packs"), await client.get("/v1/packs")

    assert (first.headers["ratelimit-policy"], first.headers["ratelimit"]) == ('"requests";q=5;w=60', '"requests";r=4')
    assert second.headers["ratelimit"] == '"requests";r=3'


async def test_a_refusal_is_told_too(start: Start) -> None:
    async with start(Rates(requests=5)) as client:
        unknown = await client.get("/v1/programmes/0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e")

    assert unknown.status_code == 404
    assert unknown.headers["ratelimit"] == '"requests";r=4'


async def test_one_request_too_many_is_a_problem_with_the_time_to_wait(start: Start) -> None:
    async with start(Rates(requests=2)) as client:
        answers = [await client.get("/v1/packs") for _ in range(3)]

    refused = answers[2]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "too_many_requests"
    assert refused.json()["errors"][0]["params"] == {"seconds": int(refused.headers["retry-after"])}
    assert 0 < int(refused.headers["retry-after"]) <= 62
    assert refused.headers["ratelimit"].startswith('"requests";r=0;t=')


async def test_an_account_is_counted_by_itself_wherever_it_asks_from(start: Start) -> None:
    async with start(Rates(requests=3)) as client:
        token = await sign_in(client, EMAIL)
        own = [(await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})).status_code for _ in range(4)]
        strangers = (await client.get("/v1/packs")).status_code

    assert (own, strangers) == ([200, 200, 200, 429], 200)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
async def test_guessing_a_password_is_slowed_even_with_the_right_one_and_for_nobodys_address(
    start: Start, email: str
) -> None:
    async with start(Rates()) as client:
        await client.post("/v1/accounts", json={"email": EMAIL, "password": PASSWORD})
        guesses = [(await _try(client, email)).status_code for _ in range(11)]
        right = await client.post("/v1/sessions", json={"email": email, "password": PASSWORD})
        other = await _try(client, "somebody.else@example.org")

    assert guesses == [401] * 10 + [429]
    assert (right.status_code, right.json()["code"], right.headers["retry-after"]) == (429, "slowed_down", "1")
    assert other.status_code == 401


@pytest.mark.parametrize("spelling", ["STUDENT@Example.ORG", "  student@example.org "])
async def test_another_spelling_of_the_address_is_no_other_account(start: Start, spelling: str) -> None:
    async with start(Rates()) as client:
        for _ in range(10):
            await _try(client)
        other = await _try(client, spelling)

    assert other.status_code == 429


async def test_trying_one_password_on_many_accounts_ends_too(start: Start) -> None:
    async with start(Rates(sign_ins=3)) as client:
        tried = [(await _try(client, f"student{number}@example.org")).status_code for number in range(5)]

    assert tried == [401, 401, 401, 429, 429]


async def test_of_a_stranger_too_many_not_even_the_body_is_read(start: Start) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 1000

    async with start(Rates(sign_ins=1)) as client:
        await _try(client)
        refused = await client.post("/v1/sessions", content=body(), headers={"content-type": "application/json"})

    assert (refused.status_code, sent) == (429, 0)


async def test_one_can_register_and_read_while_signing_in_is_refused(start: Start) -> None:
    async with start(Rates(sign_ins=2)) as client:
        for number in range(3):
            await _try(client, f"student{number}@example.org")
        registered = await client.post("/v1/accounts", json={"email": EMAIL, "password": PASSWORD})
        read = await client.get("/v1/programmes")

    assert (registered.status_code, read.status_code) == (201, 200)


async def test_registering_cannot_be_used_to_guess_passwords_instead(start: Start) -> None:
    async with start(Rates(sign_ins=30)) as client:
        body = {"email": EMAIL, "name": ""}
        key = {"Idempotency-Key": "once"}
        await client.post("/v1/accounts", json={**body, "password": PASSWORD}, headers=key)
        guesses = [
            await client.post("/v1/accounts", json={**body, "password": f"a guess, number {number}"}, headers=key)
            for number in range(4)
        ]

    assert [guess.status_code for guess in guesses] == [409, 409, 429, 429]


async def test_whole_catalogue_matches_are_counted_apart_from_other_requests(start: Start) -> None:
    async with start(Rates(matches=1)) as client:
        me = {"Authorization": f"Bearer {await sign_in(client, EMAIL)}"}
        matches = [(await client.get("/v1/students/me/matches", headers=me)).status_code for _ in range(2)]
        profile = (await client.get("/v1/students/me/profile", headers=me)).status_code

    assert (matches, profile) == ([200, 429], 200)


async def test_whoever_looks_after_the_server_is_not_counted(start: Start) -> None:
    async with start(Rates(requests=1)) as client:
        answers = [await client.get("/health/live") for _ in range(5)]

    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers


async def test_while_nobody_can_count_signing_in_is_refused_and_everything_else_works(start: Start) -> None:
    limits = NobodyCounts()
    async with start(Rates(), limits=limits) as client:
        token = await sign_in(client, EMAIL)
        limits.away = True

        entered = await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})
        registered = await client.post("/v1/accounts", json={"email": "two@example.org", "password": PASSWORD})
        me = await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})

        limits.away = False
        again = await client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})

    assert (entered.status_code, registered.status_code, me.status_code, again.status_code) == (503, 503, 200, 201)
    assert entered.json()["errors"][0]["code"] == "limit.cannot_count"
    assert int(entered.headers["retry-after"]) > 0


async def test_the_limits_name_no_operation_that_is_not_there(anybody: httpx2.AsyncClient) -> None:
    paths = (await anybody.get("/v1/openapi.json")).json()["paths"]

    operations = {one["operationId"] for methods in paths.values() for one in methods.values()}
    assert set(_BY_ITSELF) | _NOT_COUNTED <= operations


@pytest.mark.parametrize(
    ("client", "who"),
    [
        (("198.51.100.7", 4711), "198.51.100.7"),
        (("2001:db8:1:2:3:4:5:6", 4711), "2001:db8:1:2::/64"),
        (("::ffff:198.51.100.7", 4711), "198.51.100.7"),
        (("fe80::1%eth0", 4711), "fe80::/64"),
        (("a-socket", 0), "a-socket"),
        (None, ""),
    ],
    ids=["IPv4", "IPv6 by its network", "IPv4 written as IPv6", "with a zone", "a name", "a socket file"],
)
def test_the_address_is_that_of_the_connection(client: Any, who: str) -> None:
    headers = [(b"x-forwarded-for", b"203.0.113.9"), (b"forwarded", b"for=203.0.113.9")]
    scope: Any = {"client": client, "headers": headers}

    assert address_of(scope) == who


async def test_what_somebody_writes_into_a_header_does_not_make_her_somebody_else(server: Server) -> None:
    async with server.client() as client:
        left = [
            (await client.get("/v1/packs", headers={"X-Forwarded-For": f"203.0.113.{n}"})).headers["ratelimit"]
            for n in range(2)
        ]

    assert left == ['"requests";r=5999', '"requests";r=5998']


async def _signed_in(client: httpx2.AsyncClient, email: str) -> dict[str, str]:
    account = {"email": email, "password": PASSWORD}
    await client.post("/v1/accounts", json=account)
    return {"Authorization": f"Bearer {(await client.post('/v1/sessions', json=account)).json()['access_token']}"}


async def test_a_stranger_uses_up_her_own_tries_and_nobody_elses_address(start: Start) -> None:
    async with start(Rates(requests=25)) as client:
        student, stranger = [await _signed_in(client, f"{name}@example.org") for name in ("student", "stranger")]
        of = (await client.get("/v1/students/me/profile", headers=student)).json()["student_id"]
        offer = {"email": "aunt@example.org", "scopes": ["pay"], "until": "2026-12-31T00:00:00Z"}

        refused = [
            (await client.post(f"/v1/students/{of}/grants", json=offer, headers=stranger)).status_code
            for _ in range(26)
        ]
        own = await client.post("/v1/students/me/grants", json=offer, headers=student)

    assert refused == [404] * 25 + [429]
    assert own.status_code == 201, own.text


async def test_what_strangers_try_with_her_address_keeps_nobody_from_her_own_password(start: Start) -> None:
    async with start(Rates(sign_ins=40)) as client:
        me = {"Authorization": f"Bearer {await sign_in(client, EMAIL)}"}
        strangers = [(await client.post("/v1/password-resets", json={"email": EMAIL})).status_code for _ in range(5)]
        changed = await client.put(
            "/v1/me/password", json={"current": PASSWORD, "new": "another long password"}, headers=me
        )
        confirming = await client.post("/v1/me/email-confirmation", headers=me)

    assert 429 in strangers
    assert (changed.status_code, confirming.status_code) == (204, 204)


async def test_who_has_not_signed_in_is_told_so_however_rarely_an_account_may(start: Start) -> None:
    async with start(Rates(exports=1, erasures=1)) as client:
        asked = [
            (await client.post(f"/v1/students/me/{what}", json={})).status_code
            for what in ("exports", "exports", "erasure", "erasure")
        ]
        me = {"Authorization": f"Bearer {await sign_in(client, EMAIL)}"}
        hers = [(await client.post("/v1/students/me/exports", headers=me)).status_code for _ in range(2)]

    assert asked == [401] * 4
    assert hers == [202, 429]
