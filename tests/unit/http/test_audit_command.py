"""The commands ``audit verify``, ``audit search`` and ``audit export`` against a server."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from records import Server

from higherstudy.domain.audit.deed import Deed
from higherstudy.domain.identity.account import Role
from higherstudy.entrypoints.cli import connection
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.main import main
from higherstudy.entrypoints.wiring.containers.every import use_cases_over

Run = Callable[..., tuple[int, str, str]]
PLACE = "https://study.example.org"


@pytest.fixture
def run(server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as an auditor of the server."""

    @asynccontextmanager
    async def connected(_: str | None) -> AsyncIterator[Api]:
        async with server.client(await an_auditor(server)) as client:
            yield Api(client, PLACE)

    monkeypatch.setattr(connection, "connected", connected)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


async def an_auditor(server: Server) -> str:
    credentials = {"email": "auditor@example.org", "password": "seven quiet rivers at dawn"}
    async with server.client() as client:
        await client.post("/v1/accounts", json={**credentials, "name": "MY NAME"})
        async with server.ports.transactions() as work:
            account = await work.accounts.find_by_email(credentials["email"])
            assert account is not None
            account.grant(Role.AUDITOR)
            await work.accounts.save(account)
        signed_in = await client.post("/v1/sessions", json=credentials)
    return str(signed_in.json()["access_token"])


def note(server: Server, *deeds: Deed) -> None:
    """Let the deeds be noted, and everything sealed."""

    async def noted() -> None:
        async with server.ports.transactions() as work:
            for deed in deeds:
                work.note(deed)
        await use_cases_over(server.ports).seal_entries()()

    asyncio.run(noted())


def test_a_whole_trail_is_said_to_be_whole(server: Server, run: Run) -> None:
    note(server, Deed("override.given"), Deed("override.taken_back"))

    code, out, err = run("audit", "verify")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "2 sealed entries in 1 seal and 0 noted ends of the trail were looked at.",
        "The audit trail is what was sealed.",
    ]


def test_what_is_wrong_is_named_and_the_exit_code_says_no(server: Server, run: Run) -> None:
    note(server, Deed("override.given"))
    transactions: Any = server.ports.transactions
    transactions._store.audit.entries.remove(1)
    transactions._store.audit.entries.keep()

    code, out, _ = run("audit", "verify")
    _, data, _ = run("audit", "verify", "--json")

    assert code == 1
    assert "seal 1, place 1, entry " in out
    assert "An entry that was sealed is gone." in out
    assert [finding["code"] for finding in json.loads(data)["findings"]] == ["entry_missing"]


def test_a_search_shows_entries_and_how_they_came_about(server: Server, run: Run) -> None:
    note(server, Deed("override.given", reason="the faculty confirmed it"))

    code, out, _ = run("audit", "search", "--action", "override.given")
    _, nothing, _ = run("audit", "search", "--action", "plan.made")

    assert code == 0
    assert "override.given" in out
    assert "reason the faculty confirmed it" in out
    assert nothing == "Nothing of this is in the audit trail.\n"


def test_an_export_is_written_once_and_over_nothing(server: Server, run: Run, tmp_path: Path) -> None:
    note(server, Deed("override.given"))
    file = tmp_path / "trail.csv"

    code, _, told = run("audit", "export", str(file), "--action", "override.given")
    again, _, refused = run("audit", "export", str(file))

    assert (code, told) == (0, f"Written to {file}.\n")
    assert len(file.read_text().splitlines()) == 2
    assert (again, refused) == (2, f"higherstudy: {file}: There is such a file already; it is not written over.\n")


def test_what_the_server_refuses_leaves_no_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"

    code, _, told = run("audit", "export", str(file), "--since", "yesterday")

    assert code == 2
    assert "yesterday" in told
    assert not file.exists()


def test_a_seal_below_the_first_is_refused(run: Run) -> None:
    code, _, told = run("audit", "verify", "--since", "0")

    assert (code, told.startswith("higherstudy: --since: A number from 1")) == (2, True)
