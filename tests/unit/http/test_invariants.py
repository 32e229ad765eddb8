"""Whether what must hold does, over REST and on the command line: for administrators."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx2
import pytest
from records import Server

from higherstudy.domain.identity.account import Role
from higherstudy.domain.operations.invariants import INVARIANTS, Run
from higherstudy.entrypoints.cli import connection
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.main import main
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.ports.contracts.samples import an_override

Command = Callable[..., tuple[int, str]]


async def an_administrator(server: Server) -> str:
    """Return the token of somebody with the role, who registers where there is nobody yet."""
    keeper = {"email": "keeper@example.org", "password": "seven quiet rivers at dawn"}
    async with server.client() as client:
        await client.post("/v1/accounts", json={**keeper, "name": "MY NAME"})
        async with server.ports.transactions() as work:
            account = await work.accounts.find_by_email(keeper["email"])
            assert account is not None
            account.grant(Role.ADMIN)
            await work.accounts.save(account)
        return str((await client.post("/v1/sessions", json=keeper)).json()["access_token"])


async def look(server: Server) -> Run:
    async def nobody(done: int, of: int) -> None:
        assert done <= of

    return await use_cases_over(server.ports).detect_breaches()(nobody)


async def a_breach(server: Server) -> str:
    override = replace(an_override(), reason=" ")
    async with server.ports.transactions() as work:
        await work.overrides.add(override)
    return str(override.id)


@pytest.fixture
def run(server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command as an administrator of the server."""

    @asynccontextmanager
    async def connected(_: str | None) -> AsyncIterator[Api]:
        async with server.client(await an_administrator(server)) as client:
            yield Api(client, "https://study.example.org")

    monkeypatch.setattr(connection, "connected", connected)

    def command(*arguments: str) -> tuple[int, str]:
        return main(list(arguments)), capsys.readouterr().out

    return command


async def test_an_administrator_sees_each_sentence_and_the_rows_that_break_one(server: Server) -> None:
    row = await a_breach(server)
    async with server.client(await an_administrator(server)) as client:
        before = (await client.get("/v1/invariants")).json()
        await look(server)
        after = (await client.get("/v1/invariants")).json()

    now = server.clock.now().isoformat().replace("+00:00", "Z")
    [broken] = [one for one in after["items"] if one["holds"] is False]
    assert (before["finished_at"], {one["holds"] for one in before["items"]}) == (None, {None})
    assert [one["id"] for one in after["items"]] == [one.id for one in INVARIANTS]
    assert (after["finished_at"], after["runbook"], after["next"]) == (now, "docs/runbooks.md#invariantbroken", None)
    assert (broken["id"], broken["severity"], broken["rows"]) == ("override_with_reason", "critical", "override")
    assert (broken["looked_at"], broken["breaches"]) == (1, 1)
    assert broken["broken"] == [{"row": row, "first_seen": now, "last_seen": now}]


async def test_nobody_else_sees_them(owner: httpx2.AsyncClient) -> None:
    assert (await owner.get("/v1/invariants")).status_code == 403


def test_the_command_names_the_rows_and_ends_with_1_where_anything_is_broken(run: Command, server: Server) -> None:
    never = run("invariants")
    asyncio.run(look(server))
    well = run("invariants")
    row = asyncio.run(a_breach(server))
    asyncio.run(look(server))
    broken, as_json = run("invariants"), run("invariants", "--json")

    assert never == (0, "Nobody has looked yet; a schedule does, every hour.\n")
    assert (well[0], "BROKEN" in well[1]) == (0, False)
    assert "holds application_by_the_table, over 0 rows" in well[1]
    assert broken[0] == as_json[0] == 1
    assert "BROKEN override_with_reason by 1 (critical)" in broken[1]
    assert f"override {row}, since" in broken[1]
    assert len(json.loads(as_json[1])["items"]) == len(INVARIANTS)
