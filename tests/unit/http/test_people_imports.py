"""Files about people over REST and by commands: sent, followed, corrected, answered, traced and undone."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from everybody import World
from records import Server

from higherstudy.domain.imports.use_cases.accepting_people import TAKE_ROWS
from higherstudy.domain.imports.use_cases.background import TAKE
from higherstudy.domain.imports.use_cases.failing import FailImports
from higherstudy.domain.shared.ids import ImportId
from higherstudy.entrypoints.cli import connection
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.imports import following, importing, remote_import
from higherstudy.entrypoints.cli.main import main
from higherstudy.entrypoints.cli.session import Session
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.ports.jobs import Priority

HEADER = "email,Name,Nationality,Favourite colour"
FILE = f"{HEADER}\nstudent@example.org,Nusrat Jahan,BD,green\nomar@example.org,Omar Faruk,XX,\n"
CATALOGUE = "key,institution_key,institution,country,name,level,source_title,retrieved_on,confidence"
Run = Callable[..., tuple[int, str, str]]


async def work_off(server: Server) -> None:
    """Take the rows that wait, as a worker does."""

    async def unheard(_: int) -> None:
        pass

    async with server.ports.transactions() as work:
        offers = await work.jobs.offer(dict.fromkeys(Priority, 50), again_after=timedelta(), named=[TAKE, TAKE_ROWS])
        jobs = list(await work.jobs.lease_many([one.job_id for one in offers], timedelta(minutes=1)))
    for job in jobs:
        import_id = ImportId(UUID(str(job.arguments["import"])))
        cases = use_cases_over(server.ports)
        take = cases.take_rows() if job.name == TAKE_ROWS else cases.take_import()
        await take(import_id, unheard, job.origin)
    async with server.ports.transactions() as work:
        await work.jobs.finish_many(jobs)


class Working(Api):
    """The API of a server whose worker has done what waited before each question."""

    def __init__(self, server: Server, *given: Any) -> None:
        super().__init__(*given)
        self._server = server

    async def get(self, path: str, **params: Any) -> Any:
        await work_off(self._server)
        return await super().get(path, **params)


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as one of the people of the world."""
    who = {"name": ""}

    @asynccontextmanager
    async def remote(session: Session) -> AsyncIterator[Api]:
        async with world.server.client(session.token) as client:
            yield Working(world.server, client, "https://study.example")

    @asynccontextmanager
    async def connected(_: str | None) -> AsyncIterator[Api]:
        async with remote(session(None)) as api:
            yield api

    def session(_: str | None) -> Session:
        return Session("https://study.example", world.tokens[who["name"]])

    def command(name: str, *arguments: object) -> tuple[int, str, str]:
        who["name"] = name
        code = main([str(one) for one in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    for variable in ("HIGHERSTUDY_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(remote_import, "remote", remote)
    monkeypatch.setattr(importing, "current_session", session)
    monkeypatch.setattr(connection, "connected", connected)
    monkeypatch.setattr(following, "LOOK_EVERY", 0)
    return command


def test_a_file_is_tried_corrected_taken_answered_traced_and_undone(run: Run, tmp_path: Path) -> None:
    file, corrections = tmp_path / "students.csv", tmp_path / "corrections.csv"
    file.write_text(FILE, encoding="utf-8")
    corrections.write_text("sheet,row,column,correction\ncsv,3,Nationality,BD\n", encoding="utf-8")

    tried = json.loads(run("counsellor", "import", file, "--of", "students", "--dry-run", "--follow", "--json")[1])
    taken = json.loads(run("counsellor", "imports", "correct", tried["id"], corrections, "--follow", "--json")[1])
    code, listed, _ = run("counsellor", "imports")
    shown = run("student", "offers")[1]
    [offer] = json.loads(run("student", "offers", "--json")[1])
    accepted = run("student", "offers", "accept", offer["id"], "--take", "name", "--take", "citizenships")[1]
    undone = run("counsellor", "imports", "undo", taken["id"], "--follow")[1]
    again = run("counsellor", "imports", "undo", taken["id"])

    assert [(one["row"], one["column"], one["severity"]) for one in tried["problems"]] == [
        (1, "Favourite colour", "warning"),
        (3, "Nationality", "error"),
    ]
    counted = [(one["counts"][0]["added"], one["counts"][0]["changed"]) for one in (tried, taken)]
    assert counted == [(0, 1), (1, 1)], "an earlier offer to the student is replaced"
    assert taken["problems"] == []
    assert code == 0
    assert listed.count("students.csv: finished") == 2
    assert listed.count("a dry run") == 1
    assert "Nusrat Jahan" in shown
    assert "counsellor@example.org" in shown
    assert "name: " in accepted
    assert "accepted this; it is hers" in undone
    assert again[0] == 2
    assert "taken back already" in again[2]


def test_a_file_that_waits_says_so_and_nobody_else_sees_it(run: Run, tmp_path: Path, world: World) -> None:
    file = tmp_path / "students.csv"
    file.write_text(FILE, encoding="utf-8")

    waits = run("counsellor", "import", file, "--of", "students")
    [found] = json.loads(run("counsellor", "imports", "list", "--json")[1])
    others = run("admin", "imports", "show", found["id"])

    assert waits[0] == 0
    assert "job of the server will take it" in waits[1]
    assert (others[0], found["kind"], found["state"]) == (1, "students", "finished")


def test_a_catalogue_is_followed_to_its_end_corrected_and_undone(run: Run, tmp_path: Path) -> None:
    file, corrections = tmp_path / "coast.csv", tmp_path / "corrections.csv"
    rows = ("data,invented,Invented University,DE,Data", "plants,invented,Invented University,DE,Plants")
    levels = ("master", "masters")
    lines = [f"{row},{level},A page,2026-11-04,U" for row, level in zip(rows, levels, strict=True)]
    file.write_text("\n".join([CATALOGUE, *lines]), encoding="utf-8")
    corrections.write_text("sheet,row,column,correction\ncsv,3,level,master\n", encoding="utf-8")

    first = json.loads(run("admin", "import", file, "--follow", "--json")[1])
    second = json.loads(run("admin", "imports", "correct", first["id"], corrections, "--follow", "--json")[1])
    code, undone, _ = run("admin", "imports", "undo", second["id"], "--follow")
    refused = run("counsellor", "imports", "show", first["id"])

    assert [(one["row"], one["column"]) for one in first["problems"]] == [(3, "level")]
    assert {one["table"]: one["added"] for one in second["counts"]}["programmes"] == 1
    assert (code, "programmes" in undone) == (0, True)
    assert refused[0] == 1


def test_an_import_that_was_set_aside_says_how_it_is_tried_again(
    run: Run, tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "students.csv"
    file.write_text(FILE, encoding="utf-8")
    server = world.server

    async def set_aside(_: Server) -> None:
        async with server.ports.transactions() as work:
            offers = await work.jobs.offer(dict.fromkeys(Priority, 50), again_after=timedelta(), named=[TAKE_ROWS])
            for job in await work.jobs.lease_many([one.job_id for one in offers], timedelta(minutes=1)):
                await work.jobs.park(job, "again and again")

    with monkeypatch.context() as broken:
        broken.setitem(globals(), "work_off", set_aside)
        told = run("counsellor", "import", file, "--of", "students", "--follow")
        [found] = json.loads(run("counsellor", "imports", "--json")[1])
        asyncio.run(FailImports(server.ports.transactions)())
        failed = run("counsellor", "imports", "show", found["id"])
    retried = json.loads(run("counsellor", "imports", "retry", found["id"], "--follow", "--json")[1])

    assert told[0] == 1
    assert f"imports retry {found['id']}" in told[2]
    assert "It did not come to its end (failed)." in failed[1]
    assert "did not come to its end; nothing was taken" in failed[1]
    assert retried["state"] == "finished"
    assert retried["counts"][0]["read"] == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("imports", "undo"), "imports undo: An id is expected."),
        (("imports", "list", "x"), "imports list: No id is expected."),
        (("imports", "correct", "x"), "A file with corrections is expected."),
        (("offers", "accept", "x"), "Name each part that you take with --take."),
        (("offers", "decline", "x", "--take", "name"), "for accept alone."),
        (("import", "students.toml", "--of", "students"), "a file ending in .csv, .xlsx."),
    ],
)
def test_what_a_command_lacks_is_told(run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run("counsellor", *words)

    assert (code, out) == (2, "")
    assert said in err


def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "students.csv"
    file.write_text("Name\nNusrat\n", encoding="utf-8")

    code, _, err = run("counsellor", "import", file, "--of", "students", "--follow")

    assert code == 2
    assert 'The column "email" is missing.' in err


async def test_what_was_taken_is_traced_and_what_came_of_each_row_is_listed(world: World) -> None:
    server = world.server
    async with (
        server.client(world.tokens["counsellor"]) as counsellor,
        server.client(world.tokens["student"]) as student,
    ):
        sent = await counsellor.post(
            "/v1/imports/students", params={"file_name": "s.csv"}, content=FILE.replace("XX", "BD").encode()
        )
        await work_off(server)
        offers = (await student.get("/v1/me/record-offers")).json()["items"]
        [offer] = [one for one in offers if one["import_id"] == sent.json()["id"]]
        parts = [one["part"] for one in offer["values"] if one["can_be_taken"]]
        answered = await student.post(f"/v1/record-offers/{offer['id']}/acceptance", json={"take": parts})
        twice = await student.post(f"/v1/record-offers/{offer['id']}/refusal")
        origins = (await student.get("/v1/students/me/profile/origins")).json()["items"]
        rows = (await counsellor.get(f"/v1/imports/{sent.json()['id']}/offers", params={"limit": 1})).json()
        rest = (await counsellor.get(f"/v1/imports/{sent.json()['id']}/offers", params={"cursor": rows["next"]})).json()
        hidden = await counsellor.get(f"/v1/students/{world.student_id}/profile")

    assert (sent.status_code, sent.headers["location"]) == (202, f"/v1/imports/{sent.json()['id']}")
    assert {one["outcome"] for one in answered.json()["values"] if one["part"] in parts} <= {"taken"}
    assert (twice.status_code, twice.json()["errors"][0]["code"]) == (409, "record_offer.answered_already")
    assert {(one["import_id"], one["row"]) for one in origins} <= {(sent.json()["id"], 2)}
    assert [(one["row"], one["state"]) for one in (*rows["items"], *rest["items"])] == [(2, "accepted"), (3, "open")]
    assert rest["next"] is None
    assert hidden.status_code == 404, "acceptance is no grant"
