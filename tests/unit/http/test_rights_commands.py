"""The commands about one's own data, and of administrators about that of others, against a server."""

import asyncio
import io
import json
import re
import sys
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from everybody import PASSWORD
from records import Server

from higherstudy.domain.identity.account import Role
from higherstudy.entrypoints.cli import connection
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.main import main

from .test_rights import carry_out, student_of

Run = Callable[..., tuple[int, str, str]]
WHO = {"email": "student@example.org", "password": PASSWORD}


@pytest.fixture
def run(server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as a student who is an administrator too while ``as_admin`` says so."""

    @asynccontextmanager
    async def connected(_: str | None) -> AsyncIterator[Api]:
        async with server.client() as client:
            await client.post("/v1/accounts", json=WHO)
            token = (await client.post("/v1/sessions", json=WHO)).json()["access_token"]
        async with server.client(token) as client:
            yield Api(client, "https://study.example.org")

    monkeypatch.setattr(connection, "connected", connected)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


async def _made_administrator(server: Server) -> str:
    """Make the account one of an administrator; return the id of another student."""
    async with server.client() as client:
        another = {"email": "another@example.org", "password": PASSWORD}
        await client.post("/v1/accounts", json=another)
        await client.post("/v1/accounts", json=WHO)
        token = (await client.post("/v1/sessions", json=another)).json()["access_token"]
    async with server.ports.transactions() as work:
        account = await work.accounts.find_by_email(WHO["email"])
        assert account is not None
        account.grant(Role.ADMIN)
        await work.accounts.save(account)
    async with server.client(token) as client:
        return await student_of(client)


def test_everything_is_asked_for_listed_and_taken(server: Server, run: Run, tmp_path: Path) -> None:
    early = run("export", "take", "--to", str(tmp_path / "none.zip"))
    asked = run("export", "ask")
    asyncio.run(carry_out(server))
    listed = run("export")
    taken = run("export", "take", "--to", str(tmp_path / "mine.zip"))

    assert (early[0], "no export that is ready" in early[2]) == (1, True)
    assert "export take" in asked[1]
    assert listed[1].endswith("  ready\n")
    assert taken[:2] == (0, f"Kept as {tmp_path / 'mine.zip'}.\n")
    assert "record.json" in zipfile.ZipFile(tmp_path / "mine.zip").namelist()
    assert (tmp_path / "mine.zip").stat().st_mode & 0o077 == 0, "passports are nobody else's to read"
    assert not (tmp_path / "none.zip").exists()


def test_an_erasure_is_asked_for_shown_and_cancelled(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))

    asked, shown, cancelled = run("erasure", "ask"), run("erasure", "show", "--json"), run("erasure", "cancel")
    nothing_left = run("erasure", "cancel")

    assert re.search(r"is erased after 30 Nov 2026, \d\d:\d\d\.", asked[1])
    assert json.loads(shown[1])["state"] == "waiting"
    assert "cancelled" in cancelled[1]
    assert (nothing_left[0], "No erasure is waiting." in nothing_left[2]) == (1, True)


def test_an_administrator_holds_lifts_and_orders(server: Server, run: Run) -> None:
    student = asyncio.run(_made_administrator(server))

    placed = run("hold", "place", student, "--reason", "A lawsuit.", "--until", "2027-01-01T00:00:00Z", "--json")
    refused = run("erasure", "order", student, "--reason", "An order.")
    listed = run("hold", "list", student)
    lifted = run("hold", "lift", student, json.loads(placed[1])[0]["id"])
    ordered = run("erasure", "order", student, "--reason", "An order.", "--json")
    again = run("erasure", "again")

    assert (refused[0], "A duty of the law" in refused[2]) == (2, True)
    assert "A lawsuit." in listed[1]
    assert "lifted" in lifted[1]
    assert json.loads(ordered[1])["because"] == "duty"
    assert "jobs show" in again[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("erasure", "order"),
        ("erasure", "order", "x"),
        ("hold", "place", "x"),
        ("hold", "place", "x", "--reason", "A lawsuit."),
        ("hold", "lift", "x"),
        ("hold", "list", "x", "y"),
        ("consent", "give"),
        ("consent", "list", "x"),
    ],
)
def test_what_is_missing_is_told_before_anybody_is_asked(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert "expected" in err


def test_consents_are_shown_given_and_withdrawn(run: Run) -> None:
    shown, given = run("consent"), run("consent", "give", "further_messages")
    withdrawn = run("consent", "withdraw", "further_messages", "--json")
    unknown = run("consent", "give", "everything")

    assert "service (Your plans, verdicts, papers and applications): goes with the service." in shown[1]
    assert "further_messages (Messages beyond those): allowed." in given[1]
    assert [one["said"] for one in json.loads(withdrawn[1])["said"]] == ["given", "withdrawn"]
    assert (unknown[0], "There is no purpose" in unknown[2]) == (1, True)


def test_rules_of_retention_are_shown_and_applied(server: Server, run: Run) -> None:
    asyncio.run(_made_administrator(server))

    shown, dry, applied = run("retention"), run("retention", "apply", "--dry-run"), run("retention", "apply")

    assert "sessions: 30 days, 0 due now" in shown[1]
    assert dry == shown
    assert "jobs show" in applied[1]
