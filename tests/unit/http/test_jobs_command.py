"""The command ``jobs`` against a server."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from records import Server

from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.shared.ids import AccountId, JobId
from higherstudy.entrypoints.cli import connection
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.main import main
from higherstudy.ports.jobs import Job

Run = Callable[..., tuple[int, str, str]]
ID = JobId(UUID(int=7))


@pytest.fixture
def run(server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as an administrator of the server."""

    @asynccontextmanager
    async def connected(_: str | None) -> AsyncIterator[Api]:
        async with server.client(await an_administrator(server)) as client:
            yield Api(client, "https://study.example.org")

    monkeypatch.setattr(connection, "connected", connected)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


async def an_administrator(server: Server) -> str:
    async with server.client() as client:
        keeper = {"email": "keeper@example.org", "password": "seven quiet rivers at dawn"}
        await client.post("/v1/accounts", json={**keeper, "name": "MY NAME"})
        async with server.ports.transactions() as work:
            account = await work.accounts.find_by_email(keeper["email"])
            assert account is not None
            account.grant(Role.ADMIN)
            await work.accounts.save(account)
        return str((await client.post("/v1/sessions", json=keeper)).json()["access_token"])


async def park(server: Server) -> None:
    asker = Asker(AccountId(UUID(int=1)), frozenset(), request_id="a-request")
    async with server.ports.transactions() as work:
        await work.jobs.add(Job(ID, "scan", work.now, origin=asker.origin))
        [held] = await work.jobs.lease_many([ID], timedelta(minutes=1))
        await work.jobs.report(held, 40, 100)
        await work.jobs.park(held, "the store did not answer")


def test_what_was_set_aside_is_listed_shown_and_tried_again(server: Server, run: Run) -> None:
    asyncio.run(park(server))

    listed, shown, requeued, left = (
        run("jobs", "parked"),
        *(run("jobs", action, str(ID)) for action in ("show", "requeue")),
        run("jobs", "parked"),
    )

    assert listed[:2] == (
        0,
        f"{ID}  scan, tried 1 time, last at 2026-11-23T09:00:00Z\n  the store did not answer\n",
    )
    assert "40 of 100 done since 2026-11-23T09:00:00Z" in shown[1]
    assert "caused by request a-request" in shown[1]
    assert f"{ID}  scan, waiting" in requeued[1]
    assert left[:2] == (0, "No job is set aside.\n")


def test_everything_is_to_be_had_as_json(server: Server, run: Run) -> None:
    asyncio.run(park(server))

    code, out, _ = run("jobs", "parked", "--json")

    [job] = json.loads(out)
    assert (code, job["id"], job["progress"]["of"]) == (0, str(ID), 100)


def test_a_job_that_is_not_there_is_one_sentence(run: Run) -> None:
    code, out, err = run("jobs", "show", str(ID))

    assert (code, out, err.count("\n")) == (1, "", 1)


@pytest.mark.parametrize("arguments", [("parked", str(ID)), ("show",), ("requeue",), ("drop", str(ID))])
def test_what_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run("jobs", *arguments)

    assert (code, out) == (2, "")
    assert err
