"""The counsellor's queue over REST and on the command line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from helping import COUNSELLOR, PASSWORD, let, signed_in
from records import Server, a_record, change_profile

from higherstudy.domain.identity.account import Role
from higherstudy.entrypoints.cli import connection
from higherstudy.entrypoints.cli.main import main


async def asked(server: Server, token: str, **params: Any) -> httpx2.Response:
    async with server.client(token) as client:
        return await client.get("/v1/queue", params=params)


@pytest.fixture
async def counsellor(server: Server) -> str:
    return await signed_in(server, COUNSELLOR, Role.COUNSELLOR)


async def student_with_a_plan(server: Server, name: str) -> str:
    token = await signed_in(server, f"{name}@example.org")
    async with server.client(token) as client:
        await a_record(client)
        await change_profile(client, name=name.upper(), preferred_language="bn")
    return token


async def test_it_names_each_student_with_what_to_see_to_and_what_to_send(server: Server, counsellor: str) -> None:
    planned, new = await student_with_a_plan(server, "anika"), await signed_in(server, "bina@example.org")
    for token in (planned, new):
        await let(server, token, counsellor)

    queue = (await asked(server, counsellor)).json()

    assert [(one["student_name"], one["needs"][0]["matter"]) for one in queue["items"]] == [
        ("ANIKA", "step"),
        ("BINA", "no_plan"),
    ]
    assert (queue["students"], queue["next"]) == (2, None)
    need = queue["items"][0]["needs"][0]
    assert need["step"]["title"] in need["why"]["message"]
    assert need["to_send"]["language"] == "bn"
    assert "আপনার" in need["to_send"]["text"]
    assert queue["items"][1]["needs"][0]["to_send"]["language"] == "en"


async def test_pages_follow_one_another_and_equal_questions_get_equal_answers(server: Server, counsellor: str) -> None:
    for number in range(5):
        await let(server, await signed_in(server, f"student{number}@example.org"), counsellor)
    whole = (await asked(server, counsellor)).json()["items"]

    found, cursor = [], None
    for _ in range(3):
        page = (await asked(server, counsellor, limit=2, **({"cursor": cursor} if cursor else {}))).json()
        found += page["items"]
        cursor = page["next"]

    assert (found, cursor, len(whole)) == (whole, None, 5)


async def test_nobody_without_a_grant_that_is_good_for_it_is_in_the_queue(server: Server, counsellor: str) -> None:
    ended, papers_alone, kept = [await signed_in(server, f"{name}@example.org") for name in ("ended", "papers", "kept")]
    grant = await let(server, ended, counsellor)
    await let(server, papers_alone, counsellor, "read_papers")
    await let(server, kept, counsellor)
    async with server.client(ended) as client:
        await client.delete(f"/v1/grants/{grant}")
    await signed_in(server, "stranger@example.org")

    queue = (await asked(server, counsellor)).json()

    assert [one["student_name"] for one in queue["items"]] == ["KEPT"]
    server.clock.move(timedelta(days=91))
    async with server.client() as anybody:
        again = {"email": COUNSELLOR, "password": PASSWORD}
        token = (await anybody.post("/v1/sessions", json=again)).json()["access_token"]
    assert (await asked(server, token)).json() == {"items": [], "students": 0, "next": None}


async def test_what_changed_is_found_anew_and_what_did_not_is_not(server: Server, counsellor: str) -> None:
    student = await student_with_a_plan(server, "anika")
    await let(server, student, counsellor)
    before = (await asked(server, counsellor)).json()["items"][0]["needs"][0]
    async with server.ports.transactions() as work:
        [grant] = await work.grants.live_of((await _account(work, COUNSELLOR)), work.now)
        [first] = await work.needs.standings([grant.student_id])

    async with server.client(student) as client:
        plan = (await client.get("/v1/students/me/plans")).json()["items"][0]
        report = {"started_on": plan["today"], "finished_on": plan["today"]}
        path = f"/v1/plans/{plan['id']}/steps/{before['step']['key']}"
        reported = await client.put(path, json=report, headers={"If-Match": f'"{plan["version"]}"'})
        assert reported.status_code == 200, reported.text
    after = (await asked(server, counsellor)).json()["items"][0]["needs"][0]

    assert after["step"]["key"] != before["step"]["key"]
    async with server.ports.transactions() as work:
        [second] = await work.needs.standings([grant.student_id])
        assert first.kept is not None
        assert second.kept is not None
        assert first.kept.basis != second.kept.basis
    await asked(server, counsellor)
    async with server.ports.transactions() as work:
        [third] = await work.needs.standings([grant.student_id])
    assert third == second


async def test_who_was_shown_sees_it_in_her_activity_and_who_was_not_does_not(server: Server, counsellor: str) -> None:
    first, second = await student_with_a_plan(server, "anika"), await signed_in(server, "bina@example.org")
    for token in (first, second):
        await let(server, token, counsellor)

    await asked(server, counsellor, limit=1)

    assert await _seen_plans(server, first) == 1
    assert await _seen_plans(server, second) == 0


@pytest.mark.parametrize("cursor", ["x", "WzFd", "W2ZhbHNlLDEsMSwieCJd"])
async def test_a_cursor_that_is_none_of_ours_is_refused_by_name(server: Server, counsellor: str, cursor: str) -> None:
    answer = await asked(server, counsellor, cursor=cursor)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "cursor"


async def test_a_student_has_no_queue(server: Server) -> None:
    answer = await asked(server, await signed_in(server, "anika@example.org"))

    assert answer.status_code == 403


async def test_the_command_prints_names_reasons_and_what_to_send(
    server: Server, counsellor: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await let(server, await signed_in(server, "bina@example.org"), counsellor)
    page = (await asked(server, counsellor)).json()

    class Answering:
        async def get(self, path: str, **params: Any) -> Any:
            assert (path, params["limit"]) == ("/v1/queue", 10)
            return page

    @asynccontextmanager
    async def connected(_: str | None) -> AsyncIterator[Any]:
        yield Answering()

    monkeypatch.setattr(connection, "connected", connected)
    monkeypatch.setattr(asyncio, "run", _run_beside)

    assert main(["queue"]) == 0
    printed = capsys.readouterr().out
    assert "BINA" in printed
    assert "She has no plan that is still to come." in printed
    assert "To send: You have no plan yet." in printed


def _run_beside(coroutine: Any) -> Any:
    """Carry out what does not wait, where a loop runs already."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value
    raise AssertionError("it waited")


async def _account(work: Any, email: str) -> Any:
    return (await work.accounts.find_by_email(email)).id


async def _seen_plans(server: Server, token: str) -> int:
    async with server.client(token) as client:
        items = (await client.get("/v1/students/me/activity")).json()["items"]
    return sum(one["action"] == "plan.seen" for one in items)
