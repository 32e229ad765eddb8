"""The processes as their users start them: ready, watched, told apart by their lines, ended in order or at once."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from processes import CLI, Process, Processes, processes
from serving import environment
from waiting import until

import servers

PASSWORD = "seven quiet rivers at dawn"
READY_WITHIN = 60


def settings_for(database: servers.Database) -> dict[str, str]:
    return {
        "DATABASE_URL": database.app_url,
        "MIGRATION_DATABASE_URL": database.owner_url,
        "LOG_FORMAT": "json",
        "STOP_SECONDS": "5",
    }


@pytest.fixture(scope="module")
def three(database: servers.Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """An API, a relay and a worker on one database."""
    with processes(tmp_path_factory.mktemp("three"), settings_for(database)) as all_three:
        all_three.serve(HEALTH_PORT="0")
        all_three.relay()
        all_three.work()
        yield all_three


def named(all_three: Processes, name: str) -> Process:
    return next(process for process in all_three.started if process.name == name)


def lines_of(process: Process) -> list[dict[str, Any]]:
    return [json.loads(line) for line in process.log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]


def side_door_of(process: Process) -> str:
    ready = next(line for line in lines_of(process) if line["event"] == "ready")
    return f"http://127.0.0.1:{ready['health_port']}"


def run(command: str, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    own = {**environment(home), **settings}
    return subprocess.run([*CLI, command], env=own, capture_output=True, text=True, timeout=READY_WITHIN)


@pytest.mark.parametrize("name", ["serve", "relay", "work"])
async def test_each_process_says_how_its_parts_are(three: Processes, name: str) -> None:
    process = named(three, name)

    ready = process.ready()

    assert ready["status"] == "ok", ready
    assert {"database", "schema", "files", "jobs", "clock"} <= set(ready["parts"])
    assert ready["figures"]["jobs"]["parked"] == 0


async def test_the_id_of_a_request_follows_its_work_into_the_workers_lines(three: Processes) -> None:
    serve, work = named(three, "serve"), named(three, "work")

    async with serve.client() as client:
        body = {"email": "followed@example.org", "password": PASSWORD, "name": "Sample Student"}
        answer = await client.post("/v1/accounts", json=body, headers={"X-Request-Id": "follow-me-1"})
    assert answer.status_code == 201, answer.text

    def done() -> list[dict[str, Any]]:
        return [line for line in lines_of(work) if line["event"] == "job" and line.get("request_id") == "follow-me-1"]

    await until(lambda: bool(done()))
    (line,) = done()
    assert (line["job"], line["outcome"], line["level"]) == ("mail_welcome", "done", "info")
    assert line["job_id"]
    (access,) = [each for each in lines_of(serve) if each.get("request_id") == "follow-me-1"]
    assert (access["event"], access["method"], access["route"], access["status"]) == (
        "request",
        "POST",
        "/v1/accounts",
        201,
    )
    for process in three.started:
        assert "followed@" not in process.log.read_text(encoding="utf-8")


async def test_figures_name_routes_and_jobs_and_never_paths(three: Processes) -> None:
    serve, work = named(three, "serve"), named(three, "work")
    async with serve.client() as client:
        body = {"email": "counted@example.org", "password": PASSWORD, "name": "Sample Student"}
        assert (await client.post("/v1/accounts", json=body)).status_code == 201
        await client.get("/v1/calendars/a-secret-of-hers.ics")
        await client.get("/no/such/place")
    await until(lambda: 'name="mail_welcome",outcome="done"' in _figures(work.address))

    of_serve = _figures(side_door_of(serve))

    assert re.search(
        r'higherstudy_http_request_seconds_count\{method="POST",route="/v1/accounts",status="201"\} \d', of_serve
    )
    assert 'route="/v1/calendars/{file_name}"' in of_serve
    assert 'route="unmatched",status="404"' in of_serve
    assert "a-secret" not in of_serve
    assert "/no/such" not in of_serve
    assert 'higherstudy_jobs{state="parked"} 0.0' in of_serve
    assert 'higherstudy_database_connections{state="in_use"}' in of_serve
    assert re.search(r'higherstudy_build_info\{process="serve",version="[\d.]+"\} 1.0', of_serve)
    assert "process_resident_memory_bytes" in of_serve


@pytest.mark.parametrize(("path", "status"), [("/health/live", 200), ("/metrics", 200), ("/v1/accounts/me", 404)])
def test_the_side_door_leads_nowhere_else(three: Processes, path: str, status: int) -> None:
    assert httpx2.get(f"{named(three, 'work').address}{path}").status_code == status


def test_the_side_door_only_lets_look(three: Processes) -> None:
    assert httpx2.post(f"{named(three, 'work').address}/health/live").status_code == 405


@pytest.mark.parametrize("command", ["work", "relay"])
def test_without_a_database_that_others_share_it_is_said_what_to_set(command: str, tmp_path: Path) -> None:
    told = run(command, tmp_path / "home")

    assert told.returncode == 2
    assert told.stderr == (
        "higherstudy: DATABASE_URL: Set this to the database that the server uses; without it, higherstudy serve "
        "does this work by itself.\n"
    )


@pytest.mark.parametrize("command", ["serve", "work", "relay", "migrate"])
def test_all_wrong_settings_are_told_at_once(command: str, tmp_path: Path) -> None:
    told = run(command, tmp_path / "home", PORT="many", REDIS_URL="http://cache", S3_BUCKET="No", TOKEN_KEY="sesame")

    assert told.returncode == 2
    assert [line.split(": ")[1] for line in told.stderr.splitlines()] == ["PORT", "REDIS_URL", "S3_BUCKET", "TOKEN_KEY"]
    assert "sesame" not in told.stderr


@pytest.fixture
def empty(postgres: servers.Cluster) -> Iterator[servers.Database]:
    database = postgres.fresh("unmigrated")
    yield database
    postgres.drop(database)


@pytest.mark.parametrize("command", ["serve", "work", "relay"])
def test_tables_that_are_older_are_refused_at_the_start(command: str, empty: servers.Database, tmp_path: Path) -> None:
    told = run(command, tmp_path / "home", DATABASE_URL=empty.owner_url, MIGRATE_AT_START="false", PORT="0")

    assert told.returncode == 1
    assert len(told.stderr.splitlines()) == 1
    assert "run higherstudy migrate first" in told.stderr


def test_two_that_migrate_at_once_are_both_well(empty: servers.Database, tmp_path: Path) -> None:
    own = {**environment(tmp_path / "home"), "DATABASE_URL": empty.app_url, "MIGRATION_DATABASE_URL": empty.owner_url}
    begun = [
        subprocess.Popen([*CLI, "migrate"], env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]

    ended = [process.communicate(timeout=READY_WITHIN) for process in begun]

    assert [process.returncode for process in begun] == [0, 0], ended
    first_lines = sorted(out.splitlines()[0] for out, _ in ended)
    assert re.fullmatch(r"Database: it is at version \d{4} already\.", first_lines[0])
    assert re.fullmatch(r"Database: its tables were made, at version \d{4}\.", first_lines[1])


def test_the_embedded_database_is_migrated_too(tmp_path: Path) -> None:
    told = run("migrate", tmp_path / "home")

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("Database: its tables were made, at version ")
    assert "Files: " in told.stdout


@pytest.fixture
def here(database: servers.Database, tmp_path: Path) -> Iterator[Processes]:
    """A place for processes of one test."""
    with processes(tmp_path, settings_for(database)) as some:
        yield some


def start(command: str, place: Processes, **settings: str) -> Process:
    begin = {"serve": place.serve, "work": place.work, "relay": place.relay}[command]
    return begin(**KEYS, **settings)


KEYS = {
    "TOKEN_KEY": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
    "LINK_KEY": "A" * 43 + "=",
    "FACTOR_KEY": "A" * 43 + "=",
    "MASTER_KEY": "B" * 43 + "=",
}


def test_processes_that_would_refuse_what_the_other_has_signed_are_not_started(
    three: Processes, database: servers.Database, tmp_path: Path
) -> None:
    told = run("serve", tmp_path / "home", DATABASE_URL=database.app_url, PORT="0")

    assert told.returncode == 2
    assert len(told.stderr.splitlines()) == 1
    assert "signs with other keys; set TOKEN_KEY, LINK_KEY and MASTER_KEY" in told.stderr


def test_a_change_of_keys_process_by_process_is_only_warned_of(three: Processes, here: Processes) -> None:
    process = start("serve", here)

    signalled(process, signal.SIGTERM)

    assert "another API process signs by other keys" in process.log.read_text(encoding="utf-8")


async def test_with_the_same_keys_one_process_takes_the_sign_ins_of_another(here: Processes) -> None:
    one, other = (start("serve", here, HIGHERSTUDY_HOME=str(here.folder / home)) for home in ("one", "other"))
    who = {"email": "either@example.org", "password": PASSWORD, "name": "Sample Student"}

    async with one.client() as client:
        assert (await client.post("/v1/accounts", json=who)).status_code == 201
        signed_in = await client.post("/v1/sessions", json={"email": who["email"], "password": PASSWORD})
        token = signed_in.json()["access_token"]
    async with other.client(token) as client:
        answer = await client.get("/v1/students/me/profile")

    assert answer.status_code == 200, answer.text


def test_two_that_make_the_first_administrator_at_once_make_one(database: servers.Database, tmp_path: Path) -> None:
    homes = [tmp_path / "one", tmp_path / "other"]
    own = {**settings_for(database), **KEYS, "ADMIN_EMAIL": "first.admin@example.org", "PORT": "0"}
    begun = [
        subprocess.Popen([*CLI, "serve"], env={**environment(home), **own}, stdout=subprocess.PIPE, text=True)
        for home in homes
    ]
    for process in begun:
        assert process.stdout is not None
        assert any("Everything is kept" in line for line in process.stdout)
    for process in begun:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)

    assert [process.returncode for process in begun] == [0, 0]
    assert sorted((home / "first-admin.json").exists() for home in homes) == [False, True]


@pytest.mark.parametrize("command", ["serve", "work", "relay"])
def test_a_process_that_is_asked_to_end_does_so_in_order(command: str, here: Processes) -> None:
    process = start(command, here)

    code = signalled(process, signal.SIGTERM)

    assert code == 0
    assert "Traceback" not in process.log.read_text(encoding="utf-8")


def signalled(process: Process, *numbers: int) -> int:
    """Send the signals and return the exit code."""
    running = process.program._process
    assert running is not None
    for number in numbers:
        running.send_signal(number)
    return int(running.wait(timeout=30))


def _figures(address: str) -> str:
    return httpx2.get(f"{address}/metrics").text
