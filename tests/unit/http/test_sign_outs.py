"""Signing an account out everywhere, as an administrator who states why."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from everybody import PASSWORD
from records import Server

from higherstudy.domain.identity.session import Because
from higherstudy.domain.shared.ids import AccountId, JobId
from higherstudy.entrypoints.cli import connection
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.main import main
from higherstudy.ports.jobs import Priority

from .test_cookies import a_browser, signed_in
from .test_keys_command import _an_administrator

WHO = {"email": "student@example.org", "password": PASSWORD}
WHY = {"reason": "Her laptop was stolen."}
KEY = {"name": "Nightly copy", "scopes": ["account:read"]}


async def a_student(server: Server) -> tuple[dict[str, Any], str]:
    """Somebody who is signed in, with an API key."""
    async with server.client() as client:
        await client.post("/v1/accounts", json=WHO)
        session: dict[str, Any] = (await client.post("/v1/sessions", json=WHO)).json()
    async with server.client(session["access_token"]) as hers:
        return session, (await hers.post("/v1/me/keys", json=KEY)).json()["key"]


async def signed_out(server: Server, account: str, **given: Any) -> httpx2.Response:
    async with server.client(await _an_administrator(server)) as admin:
        return await admin.post(f"/v1/accounts/{account}/sign-out", json={**WHY, **given})


async def let_in(server: Server, *tokens: str) -> list[int]:
    found = []
    for token in tokens:
        async with server.client(token) as client:
            found.append((await client.get("/v1/me")).status_code)
    return found


async def test_every_token_and_cookie_is_refused_and_her_programs_go_on(server: Server) -> None:
    session, key = await a_student(server)
    async with a_browser(server) as browser:
        csrf = {"X-CSRF-Token": (await signed_in(browser, WHO["email"])).json()["csrf_token"]}
        done = await signed_out(server, session["account"]["id"])
        by_cookie = await browser.get("/v1/me")
        refreshed_by_cookie = await browser.post("/v1/sessions/refresh/cookie", headers=csrf)
    async with server.client() as client:
        refreshed = await client.post("/v1/sessions/refresh", json={"refresh_token": session["refresh_token"]})
        again = await client.post("/v1/sessions", json=WHO)

    assert (done.status_code, done.json()) == (200, {"sessions": 2, "keys": 0})
    assert await let_in(server, session["access_token"], key) == [401, 200]
    assert [one.status_code for one in (by_cookie, refreshed_by_cookie, refreshed)] == [401, 401, 401]
    assert again.status_code == 201, "she may sign in again"


async def test_keys_are_revoked_where_that_is_asked_for(server: Server) -> None:
    session, key = await a_student(server)

    done = await signed_out(server, session["account"]["id"], keys=True)

    assert done.json() == {"sessions": 1, "keys": 1}
    assert await let_in(server, session["access_token"], key) == [401, 401]


async def test_she_reads_the_reason_in_her_activity_and_the_trail_keeps_it(server: Server) -> None:
    session, _ = await a_student(server)
    account = session["account"]["id"]

    await signed_out(server, account)
    again = await signed_out(server, account)
    async with server.client() as client:
        token = (await client.post("/v1/sessions", json=WHO)).json()["access_token"]
    async with server.client(token) as hers:
        rows = (await hers.get("/v1/students/me/activity")).json()["items"]

    told = [one for one in rows if one["action"] == "account.sign_out_ordered"]
    assert again.json() == {"sessions": 0, "keys": 0}
    assert [(one["by"], one["reason"], one["message"]) for one in told] == [
        (
            "somebody_else",
            WHY["reason"],
            "An administrator signed an account out everywhere, for a stated reason.",
        )
    ] * 2
    async with server.ports.transactions() as work:
        (ended,) = [one for one in await work.sessions.every_of(AccountId(UUID(account))) if one.ended_because]
    assert ended.ended_because is Because.BY_ADMINISTRATOR


@pytest.mark.parametrize("reason", [None, "", "  ", "x" * 1001, "a\x00b"])
async def test_without_a_reason_nothing_is_ended(server: Server, reason: str | None) -> None:
    session, _ = await a_student(server)

    refused = await signed_out(server, session["account"]["id"], reason=reason)

    assert refused.status_code in (400, 422)
    assert refused.json()["errors"][0]["field"] == "reason"
    assert await let_in(server, session["access_token"]) == [200]


async def test_who_is_no_administrator_learns_nothing_and_an_administrator_that_there_is_none(server: Server) -> None:
    session, key = await a_student(server)
    paths = [f"/v1/accounts/{one}/sign-out" for one in (session["account"]["id"], uuid4())]

    async with server.client(session["access_token"]) as hers, server.client(key) as program:
        refused = [await client.post(path, json=WHY) for path in paths for client in (hers, program)]
    nobody = await signed_out(server, str(uuid4()))

    assert {one.status_code for one in refused} == {403}
    for_her, _, for_her_of_nobody, _ = (one.json() | {"instance": "", "request_id": ""} for one in refused)
    assert for_her == for_her_of_nobody
    assert nobody.status_code == 404
    assert await let_in(server, session["access_token"]) == [200]


async def test_a_key_of_an_administrator_signs_nobody_out(server: Server) -> None:
    session, _ = await a_student(server)
    async with server.client(await _an_administrator(server)) as admin:
        key = (await admin.post("/v1/me/keys", json=KEY)).json()["key"]
    async with server.client(key) as program:
        refused = await program.post(f"/v1/accounts/{session['account']['id']}/sign-out", json=WHY)

    assert refused.status_code == 403
    assert await let_in(server, session["access_token"]) == [200]


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as an administrator of the server."""

    @asynccontextmanager
    async def connected(_: str | None) -> AsyncIterator[Api]:
        async with server.client(await _an_administrator(server)) as client:
            yield Api(client, "https://study.example.org")

    monkeypatch.setattr(connection, "connected", connected)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def test_the_command_signs_out_and_says_of_how_much(server: Server, run: Run) -> None:
    session, key = asyncio.run(a_student(server))
    account = session["account"]["id"]

    first = run("accounts", "sign-out", account, "--reason", "Her laptop was stolen.")
    then = run("accounts", "sign-out", account, "--reason", "A key was found too.", "--keys")
    without = run("accounts", "sign-out", account)

    assert first == (0, "Ended: 1 session, 0 API keys.\n", "")
    assert then == (0, "Ended: 0 sessions, 1 API key.\n", "")
    assert (without[0], "--reason" in without[2]) == (2, True)
    assert asyncio.run(let_in(server, session["access_token"], key)) == [401, 401]


def test_the_command_for_everybody_begins_a_job_and_takes_nothing_beside(server: Server, run: Run) -> None:
    begun = run("accounts", "sign-out", "--everybody", "--reason", "A leak.")
    wrong = [
        run("accounts", "sign-out", *more, "--reason", "A leak.")
        for more in ((), ("x", "--everybody"), ("--everybody", "--keys"))
    ]

    assert (begun[0], "higherstudy jobs show " in begun[1]) == (0, True)
    assert [one[0] for one in wrong] == [2, 2, 2]


async def test_everybody_is_signed_out_by_a_job_that_an_administrator_orders_with_a_reason(server: Server) -> None:
    session, _ = await a_student(server)
    admin = await _an_administrator(server)
    async with server.client(admin) as keeper, server.client(session["access_token"]) as hers:
        refused = await hers.post("/v1/accounts/sign-out", json=WHY)
        without = await keeper.post("/v1/accounts/sign-out", json={"reason": " "})
        begun = await keeper.post("/v1/accounts/sign-out", json={"reason": "A copy was lost."})
        twice = await keeper.post("/v1/accounts/sign-out", json={"reason": "A copy was lost."})

    assert [one.status_code for one in (refused, without, begun, twice)] == [403, 422, 202, 409]
    async with server.ports.transactions() as work:
        job = await work.jobs.get(JobId(UUID(begun.json()["job_id"])))
    assert (job.name, set(job.arguments), job.priority) == ("sign_out_all", {"before"}, Priority.HIGH)
