"""The commands for a plan's views against a server."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar
from records import Server, a_record, programme_id

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


SOFTWARE = "rwth-software-systems-engineering-msc"


def test_a_verdict_of_the_server_is_held_against_the_days_of_her_plan(server: Server, run: Run) -> None:
    sign_up(server, with_plan=True)

    before, then = held_on(run("verdict", SOFTWARE, "--json")), asyncio.run(_plan_for_software(server))
    with_plan = held_on(run("verdict", SOFTWARE, "--json"))
    asked = held_on(run("verdict", SOFTWARE, "--json", "--appointment", "2026-12-01"))

    assert before == {"2026-11-23"}  # nothing aims there, so today's day counts
    assert with_plan == {then} != before
    assert asked == {"2026-12-01"}


def held_on(printed: tuple[int, str, str]) -> set[str]:
    """Return the days against which test results were held in the verdict."""
    _, out, err = printed
    assert err == ""
    return {day for part in _parts(json.loads(out)["finding"]) if (day := part["held_on"])}


def _parts(finding: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield finding
    for part in finding["parts"]:
        yield from _parts(part)


async def _plan_for_software(server: Server) -> str:
    """Make a plan for it, and return the day that test results have to reach by it."""
    async with server.client() as client:
        session = await client.post("/v1/sessions", json=STUDENT)
        client.headers["Authorization"] = f"Bearer {session.json()['access_token']}"
        aim = {
            "programme_id": await programme_id(client, "software systems"),
            "term": "winter",
            "starts_on": "2028-10-01",
        }
        made = await client.post("/v1/students/me/plans", json={"targets": [aim]})
        (one,) = (await client.get(f"/v1/plans/{made.json()['id']}/verdicts")).json()["items"]
    (day,) = {part["validity"]["held_on"] for part in _parts(one["verdict"]["finding"]) if part["validity"]}
    return str(day)
