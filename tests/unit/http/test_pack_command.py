"""The command ``pack`` against a server."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from records import Server, a_record
from rule_worlds import germany

from higherstudy.entrypoints.cli import connection
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.main import main
from higherstudy.entrypoints.jobs.process import running
from higherstudy.entrypoints.processes.running_jobs import duties
from higherstudy.entrypoints.wiring.containers.every import use_cases_over

from .test_jobs_command import an_administrator

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as an administrator of the server, which carries out its jobs meanwhile."""

    @asynccontextmanager
    async def connected(_: str | None) -> AsyncIterator[Api]:
        known = duties(use_cases_over(server.ports))
        async with (
            running(server.ports.transactions, server.ports.ids, known),
            server.client(await an_administrator(server)) as client,
        ):
            yield Api(client, "https://study.example.org")

    monkeypatch.setattr(connection, "connected", connected)
    monkeypatch.setenv("HIGHERSTUDY_SERVER", "https://study.example.org")

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


async def a_student(server: Server) -> None:
    async with server.client() as stranger:
        account = {"email": "student@example.org", "password": "seven quiet rivers at dawn"}
        await stranger.post("/v1/accounts", json={**account, "name": "MY NAME"})
        token = (await stranger.post("/v1/sessions", json=account)).json()["access_token"]
    async with server.client(token) as client:
        assert isinstance(client, httpx2.AsyncClient)
        await a_record(client)


def test_it_prints_who_is_affected_and_how(server: Server, run: Run, tmp_path: Path) -> None:
    asyncio.run(a_student(server))
    file = tmp_path / "germany.toml"
    file.write_text(germany(), encoding="utf-8")

    code, printed, told = run("pack", "impact", str(file))

    lines = " ".join(printed.split())
    assert (code, told) == (0, "")
    assert lines.startswith("This affects 1 of 2 students; 1 must top up, the first of them before ")
    assert "EUR 12,624 must be shown instead of EUR 11,904; that is EUR 720 more, by " in lines


def test_a_pack_is_switched_on_by_its_report_and_taken_back_with_a_reason(
    server: Server, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "germany.toml"
    file.write_text(germany(), encoding="utf-8")

    report = json.loads(run("pack", "impact", str(file), "--json")[1])
    without = run("pack", "switch-on", str(file))
    on = json.loads(run("pack", "switch-on", str(file), "--impact", report["id"], "--json")[1])
    back = run("pack", "back", report["before"], "--reason", "taken back")
    listed = run("pack", "editions")

    assert without[0] == 2
    assert "Name the finished impact report of exactly this step" in without[2]
    assert (on["number"], on["impact"], on["sha256"]) == (2, report["id"], report["after"])
    assert back[1].startswith(f"3  {report['before']}, in force since ")
    assert [line[:1] for line in listed[1].splitlines() if not line.startswith(" ")] == ["3", "2", "1"]
    assert ": taken back" in listed[1]
    assert "- as shipped" in listed[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("impact",), "FILE: This is needed."),
        (("back",), "EDITION: This is needed."),
        (("editions", "more"), "This is more than is expected here: more."),
    ],
)
def test_what_is_missing_or_too_much_is_said(run: Run, arguments: tuple[str, ...], said: str) -> None:
    code, printed, told = run("pack", *arguments)

    assert (code, printed, told) == (2, "", f"higherstudy: {said} Try --help.\n")


def test_a_broken_pack_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[pack]\nid = 7\n", encoding="utf-8")

    code, printed, told = run("pack", "impact", str(file))

    assert (code, printed) == (2, "")
    assert "mine.toml:2: pack.id:" in told
