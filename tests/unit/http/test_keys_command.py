"""The commands ``keys``, ``service-accounts`` and ``roles`` against a server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx2
import pytest
from everybody import PASSWORD
from records import Server

from higherstudy.domain.identity.account import Role
from higherstudy.entrypoints.cli import connection
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.main import main

Run = Callable[..., tuple[int, str, str]]
KEEPER = {"email": "keeper@example.org", "password": PASSWORD}


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


async def _an_administrator(server: Server) -> str:
    async with server.client() as client:
        await client.post("/v1/accounts", json=KEEPER)
        async with server.ports.transactions() as work:
            account = await work.accounts.find_by_email(KEEPER["email"])
            assert account is not None
            account.grant(Role.ADMIN)
            await work.accounts.save(account)
        return str((await client.post("/v1/sessions", json=KEEPER)).json()["access_token"])


def test_a_key_is_made_shown_once_listed_and_revoked(server: Server, run: Run) -> None:
    code, key, told = run("keys", "add", "Nightly copy", "--scope", "account:read", "--scope", "jobs:read")
    _, before, _ = run("keys", "list")
    worked = asyncio.run(_me(server, key.strip()))
    _, after, _ = run("keys", "list")
    revoked = run("keys", "revoke", before.partition(" ")[0])
    _, over, _ = run("keys", "list")

    assert (code, key.startswith("hs_"), told) == (
        0,
        True,
        "This is the key. Keep it now: nobody can show it again.\n",
    )
    assert before.endswith("  Nightly copy  account:read, jobs:read  never used\n")
    assert worked == 200
    assert "last used 23 Nov 2026" in after
    assert revoked == (0, "The key is good no more.\n", "")
    assert over.endswith("(over)\n")
    assert asyncio.run(_me(server, key.strip())) == 401


def test_an_account_of_a_program_is_made_given_a_key_and_a_role_and_closed(server: Server, run: Run) -> None:
    _, made, _ = run("service-accounts", "add", "Admissions desk")
    account = made.partition(" ")[0]
    _, key, _ = run("keys", "add", "Its key", "--scope", "account:read", "--service-account", account)
    _, roles, _ = run("roles", "give", account, "auditor")
    taken = run("roles", "take", account, "auditor")
    _, keys, _ = run("keys", "list", "--service-account", account)
    worked = asyncio.run(_me(server, key.strip()))
    closed = run("service-accounts", "close", account)
    _, listed, _ = run("service-accounts", "list")

    assert made == f"{account}  Admissions desk  service\n"
    assert roles == "auditor, service\n"
    assert taken == (0, "The role is taken.\n", "")
    assert "Its key" in keys
    assert worked == 200
    assert closed == (0, "closed\n", "")
    assert listed == f"{account}  Admissions desk  service  closed\n"
    assert asyncio.run(_me(server, key.strip())) == 401


def test_a_key_with_a_scope_or_a_range_that_there_is_not_is_refused(run: Run) -> None:
    no_scope = run("keys", "add", "A copy", "--scope", "everything")
    no_range = run("keys", "add", "A copy", "--scope", "plans:read", "--network", "home")
    over = run("keys", "add", "A copy", "--scope", "plans:read", "--until", "2020-01-31")

    assert [one[0] for one in (no_scope, no_range, over)] == [2, 2, 2]
    assert no_scope[2].startswith("higherstudy: scopes[0]: ")
    assert no_range[2].startswith("higherstudy: networks[0]: ")
    assert over[2] == "higherstudy: until: The key would have ended already.\n"


async def _me(server: Server, key: str) -> int:
    async with server.client(key) as client:
        answer: httpx2.Response = await client.get("/v1/me")
        return answer.status_code
