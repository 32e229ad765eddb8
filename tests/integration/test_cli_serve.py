"""The command line against a server that runs as a process of its own, as its users have it."""

import asyncio
import json
import re
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from serving import CLI, Serving, environment, start
from waiting import until

READY_WITHIN = 120
CATALOGUE = """
[catalogue]
id = "one"
title = "One programme"
edition = "1"

[[sources]]
id = "page"
title = "The page"
kind = "official"
retrieved_on = 2026-11-23

[[institutions]]
key = "uni"
name = "A university"
country = "DE"
source = "page"

[[programmes]]
key = "open-to-all"
institution = "uni"
name = "Open to all"
level = "master"
source = "page"
confidence = "H"
requirement = { degree = { level = "bachelor" } }
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Serving]:
    serving = start(home)
    yield serving
    if serving.runs:
        serving.stop()


class User:
    """Somebody at a shell, with a config folder of their own."""

    def __init__(self, home: Path, config: Path) -> None:
        self.config = config
        self._environment = environment(home, config)

    def run(self, *arguments: str | Path, typed: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command and return what it printed."""
        command = [*CLI, *map(str, arguments)]
        return subprocess.run(
            command, env=self._environment, input=typed, capture_output=True, text=True, timeout=READY_WITHIN
        )

    def json(self, *arguments: str | Path) -> Any:
        """Run a command with --json and return its data."""
        done = self.run(*arguments, "--json")
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout)

    @property
    def session_file(self) -> Path:
        """Where the sign-in is kept."""
        return self.config / "higherstudy" / "session.json"

    @property
    def kept(self) -> Any:
        """What is kept of the sign-in."""
        return json.loads(self.session_file.read_text(encoding="utf-8"))

    def sign_in(self, server: Serving, who: str) -> "subprocess.CompletedProcess[str]":
        """Sign in with a sample account."""
        email = f"sample.{who}@example.org"
        return self.run("sign-in", "--server", server.address, typed=f"{email}\n{server.password_of(who)}\n")


@pytest.fixture
def user(server: Serving, tmp_path: Path) -> User:
    return User(server.home, tmp_path / "config")


@pytest.fixture
def student(server: Serving, user: User) -> User:
    assert user.sign_in(server, "student").returncode == 0
    return user


@pytest.fixture
def admin(server: Serving, user: User) -> User:
    assert user.sign_in(server, "admin").returncode == 0
    return user


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    file = tmp_path / "one.toml"
    file.write_text(CATALOGUE, encoding="utf-8")
    return file


def test_a_start_prints_the_sample_plan_where_to_look_and_how_to_sign_in(server: Serving) -> None:
    assert "SAMPLE STUDENT: Computer Science, Saarland University, from 1 Apr 2027" in server.printed
    assert "TODAY" in server.printed
    assert f"{server.address}/docs" in server.printed
    assert f"{server.address}/health/ready" in server.printed
    assert server.password_of("student") in server.printed


def test_a_server_that_has_started_is_ready_and_has_its_pages(server: Serving) -> None:
    for path in ("/health/live", "/health/ready", "/docs", "/v1/openapi.json"):
        with urlopen(f"{server.address}{path}", timeout=30) as answer:
            assert answer.status == 200


@pytest.mark.slow
def test_who_sends_half_a_request_is_not_waited_for(server: Serving) -> None:
    address = urlsplit(server.address)
    head = b"POST /v1/sessions HTTP/1.1\r\nHost: server\r\n"
    with (
        socket.create_connection((address.hostname, address.port), timeout=40) as half_a_head,
        socket.create_connection((address.hostname, address.port), timeout=40) as half_a_body,
    ):
        half_a_head.sendall(head)
        half_a_body.sendall(head + b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")

        assert half_a_head.recv(1000) == b""
        assert half_a_body.recv(1000).startswith(b"HTTP/1.1 408")


def test_a_port_in_use_is_refused_by_name(server: Serving, user: User) -> None:
    port = server.address.rpartition(":")[2]

    second = user.run("serve", "--port", port)

    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr.splitlines() == [
        f"higherstudy: 127.0.0.1:{port}: This port is in use already; choose another one with --port or PORT."
    ]


def test_a_sign_in_is_kept_for_its_owner_alone(server: Serving, user: User) -> None:
    signed_in = user.sign_in(server, "student")

    kept = user.config / "higherstudy" / "session.json"
    assert (signed_in.returncode, signed_in.stderr) == (0, "")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert server.password_of("student") not in kept.read_text(encoding="utf-8")


def test_a_wrong_password_is_one_sentence(server: Serving, user: User) -> None:
    refused = user.run("sign-in", "--server", server.address, typed="sample.student@example.org\nopen sesame\n")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "do not belong together" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_without_a_sign_in_the_server_says_how_to_get_one(server: Serving, user: User) -> None:
    refused = user.run("plan", "--server", server.address)

    assert refused.returncode == 1
    assert f"{' '.join(CLI)} sign-in --server {server.address}" in refused.stderr


def test_the_plan_of_the_signed_in_student_is_the_one_of_the_sample_case(server: Serving, student: User) -> None:
    case = Path(__file__).parents[2] / "examples" / "dhaka-master-germany.toml"
    theirs = student.json("plan", "--today", "2026-11-23")
    by_file = student.json("plan", case, "--today", "2026-11-23")

    assert theirs["lead"] == by_file["lead"]
    assert theirs["money"] == by_file["money"]
    assert theirs["leans_on"]["unverified_facts"] == by_file["leans_on"]["unverified_facts"]
    assert [(s["key"], s["start"], s["finish"], s["room"], s["decides"]) for s in theirs["steps"]] == [
        (s["key"], s["start"], s["finish"], s["room"], s["decides"]) for s in by_file["steps"]
    ]
    assert [len(checklist["items"]) for checklist in theirs["papers"]] == [24]
    assert student.run("plan").stdout.startswith("SAMPLE STUDENT, Dhaka")


def test_a_change_can_be_tried_on_the_servers_plan(server: Serving, student: User) -> None:
    asked = student.json("plan", "--what-if", "DE2=700")
    done = student.json("plan", "--what-if", "DE1=30")
    wrong = student.run("plan", "--what-if", "DE99=7")

    assert {move["key"] for move in asked["moves"]} >= {"DE2", "DE17"}
    assert (done["done"], asked["done"]) == (["DE1"], [])
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert 'no step "DE99"' in wrong.stderr


def test_the_servers_catalogue_is_matched_and_a_verdict_explained(server: Serving, student: User) -> None:
    found = student.json("match", "--country", "DE", "--limit", "5")
    verdict = student.json("verdict", "tum-informatics-msc")
    unknown = student.run("verdict", "no-such-programme")

    assert {match["country"] for match in found["matches"]} == {"DE"}
    assert len(found["matches"]) == 5
    assert verdict["key"] == "tum-informatics-msc"
    assert verdict["finding"]["parts"]
    assert unknown.returncode == 2
    assert "no-such-programme" in unknown.stderr


def test_a_dry_run_of_an_import_reports_and_changes_nothing(server: Serving, admin: User, catalogue: Path) -> None:
    first = admin.json("import", catalogue, "--dry-run")
    second = admin.json("import", catalogue, "--dry-run")

    counts = {table["table"]: table["added"] for table in first["counts"]}
    assert first["dry_run"] is True
    assert (counts["institutions"], counts["programmes"]) == (1, 1)
    assert second["counts"] == first["counts"]


def test_a_student_may_not_import(server: Serving, student: User, catalogue: Path) -> None:
    refused = student.run("import", catalogue)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "admin" in refused.stderr


def test_a_broken_catalogue_is_told_with_its_line(server: Serving, admin: User, catalogue: Path) -> None:
    catalogue.write_text(CATALOGUE.replace('country = "DE"', "country = 49"), encoding="utf-8")

    refused = admin.run("import", catalogue)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert "one.toml:16" in refused.stderr
    assert "institutions[0].country" in refused.stderr


def test_an_import_without_a_sign_in_goes_to_the_database_of_this_machine_while_it_is_served(
    server: Serving, user: User, catalogue: Path
) -> None:
    first = user.json("import", catalogue)
    again = user.run("import", catalogue)

    assert first["changed_nothing"] is False
    assert "Nothing had to be changed." in again.stdout
    with urlopen(f"{server.address}/v1/programmes?text=Open+to+all", timeout=30) as answer:
        assert [item["key"] for item in json.load(answer)["items"]] == ["open-to-all"]


def test_signing_out_ends_the_sign_in_on_the_server_and_forgets_it(server: Serving, student: User) -> None:
    token = student.kept["token"]
    before = _status(server, token)

    out = student.run("sign-out")

    assert out.stdout == "Signed out.\n"
    assert not student.session_file.exists()
    assert (before, _status(server, token)) == (200, 401)


def test_a_token_that_has_ended_is_exchanged_and_kept_for_the_commands_that_follow(
    server: Serving, student: User
) -> None:
    first = student.kept
    student.session_file.write_text(json.dumps({**first, "ends": 0.0}), encoding="utf-8")

    done = student.run("sessions")

    assert (done.returncode, done.stderr) == (0, "")
    assert student.kept["refresh"] != first["refresh"]
    assert student.kept["ends"] > 0
    assert _status(server, student.kept["token"]) == 200


def test_sign_ins_are_listed_and_those_elsewhere_are_ended(server: Serving, student: User, tmp_path: Path) -> None:
    elsewhere = User(server.home, tmp_path / "elsewhere")
    elsewhere.sign_in(server, "student")

    listed = student.run("sessions")
    left = student.run("sessions", "--end-others")

    assert listed.stdout.count("this one; since") == 1
    assert listed.stdout.count("higherstudy (") >= 2
    assert [line.count("this one") for line in left.stdout.splitlines()] == [1]
    shut_out = elsewhere.run("sessions")
    assert (shut_out.returncode, shut_out.stdout) == (1, "")
    assert "Nobody is signed in there, or the sign-in has ended." in shut_out.stderr
    assert _status(server, student.kept["token"]) == 200


def test_a_sign_in_that_is_not_there_is_not_ended(student: User) -> None:
    refused = student.run("sessions", "--end", "0198c0de-5f3a-7c11-9d5b-2f6a1d0c4b7e")

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr


def test_a_newcomer_registers_confirms_her_address_and_sees_herself(server: Serving, user: User) -> None:
    known = ("--server", server.address, "--email", "newcomer@example.org", "--name", "NEW COMER")
    password, another = "seven quiet rivers at dawn", "seven quiet rivers at dusk"

    registered = user.run("register", *known, typed=f"{password}\n")
    before = user.run("account")
    asyncio.run(until(lambda: _code_for(server, "newcomer@example.org") is not None))
    code = _code_for(server, "newcomer@example.org")
    confirmed = user.run("confirm-email", typed=f"{code}\n")
    changed = user.run("change-password", typed=f"{password}\n{another}\n")
    after = user.json("account")
    activity = user.run("activity", "--language", "bn")
    cut_short = user.run("change-password", typed=f"{another}\n")

    done = (registered, before, confirmed, changed, activity)
    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 5
    assert "newcomer@example.org, not confirmed" in before.stdout
    assert after["email_confirmed_at"] is not None
    assert "সাইন-ইন" in activity.stdout
    assert (cut_short.returncode, cut_short.stdout) == (2, "")
    assert cut_short.stderr == "higherstudy: New password: The input ends here, where a line is expected.\n"


def _code_for(server: Serving, email: str) -> str | None:
    """Return the code of the first mail to the address; None where there is none yet."""
    for file in (server.home / "outbox").glob("*.eml"):
        text = file.read_text(encoding="utf-8")
        if email in text and (found := re.search(r"^[\w-]{43}$", text, re.MULTILINE)):
            return found[0]
    return None


def _status(server: Serving, token: str) -> int:
    request = Request(f"{server.address}/v1/me", headers={"Authorization": f"Bearer {token}"})
    try:
        with urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_a_server_that_is_told_to_stop_ends_well_and_starts_again_with_all_it_had(
    server: Serving, home: Path, tmp_path: Path
) -> None:
    code, rest = server.stop()
    again = start(home)
    user = User(home, tmp_path / "config")
    signed_in = user.sign_in(again, "student")
    plan = user.json("plan", "--today", "2026-11-23")
    stopped = again.stop()

    assert (code, rest.strip()) == (0, "Stopped.")
    assert signed_in.returncode == 0
    assert plan["lead"]["key"] == "saarland-computer-science-msc/summer-2027"
    assert stopped[0] == 0
