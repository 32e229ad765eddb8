"""The commands for a plan's views against a server."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar
from records import Server, a_record

from higherstudy.entrypoints.cli import connection
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.main import main

Run = Callable[..., tuple[int, str, str]]
STUDENT = {"email": "student@example.org", "password": "seven quiet rivers at dawn"}


@pytest.fixture
def run(server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as a student of the server."""

    @asynccontextmanager
    async def connected(_: str | None) -> AsyncIterator[Api]:
        async with server.client() as client:
            session = await client.post("/v1/sessions", json=STUDENT)
            client.headers["Authorization"] = f"Bearer {session.json()['access_token']}"
            yield Api(client, "https://study.example.org")

    monkeypatch.setattr(connection, "connected", connected)

    def command(*arguments: str | Path) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def sign_up(server: Server, *, with_plan: bool) -> None:
    async def signed_up() -> None:
        async with server.client() as client:
            await client.post("/v1/accounts", json={**STUDENT, "name": "MY NAME"})
            session = await client.post("/v1/sessions", json=STUDENT)
            client.headers["Authorization"] = f"Bearer {session.json()['access_token']}"
            if with_plan:
                await a_record(client)

    asyncio.run(signed_up())


def test_every_view_of_the_newest_plan_is_had_from_the_server(server: Server, run: Run, tmp_path: Path) -> None:
    sign_up(server, with_plan=True)
    picture, calendar = tmp_path / "plan.svg", tmp_path / "plan.ics"

    today, board = run("plan", "today", "--json"), run("plan", "board", "--json")
    drawn, written = run("plan", "timeline", "-o", picture), run("plan", "calendar", "-o", calendar)

    assert [code for code, _, _ in (today, board, drawn, written)] == [0, 0, 0, 0]
    assert json.loads(today[1])["next"]["why"]
    assert len(json.loads(board[1])["to_do"]) > 10
    assert ET.fromstring(picture.read_bytes()).get("role") == "img"
    assert len(Calendar.from_ical(calendar.read_bytes()).walk("VEVENT")) > 10


@pytest.mark.parametrize("view", ["today", "board", "timeline", "calendar"])
def test_without_any_plan_that_is_said_in_one_sentence(server: Server, run: Run, view: str) -> None:
    sign_up(server, with_plan=False)

    assert run("plan", view) == (
        1,
        "",
        "higherstudy: https://study.example.org: There is no plan yet; make one first.\n",
    )


def test_a_refusal_is_told_in_the_servers_words(server: Server, run: Run) -> None:
    sign_up(server, with_plan=True)

    code, out, err = run("plan", "timeline", "--today", "9999-01-01")

    assert (code, out) == (2, "")
    assert err.startswith("higherstudy: today: ")
