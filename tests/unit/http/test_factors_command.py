"""The commands ``sign-in`` and ``factors`` against a server that asks for second factors."""

import asyncio
import json
import re
import stat
import sys
from base64 import b32decode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from everybody import PASSWORD
from records import Server

from higherstudy.adapters.memory.one_time_codes import code_at
from higherstudy.entrypoints.cli import connection, sign_in
from higherstudy.entrypoints.cli.api import Api
from higherstudy.entrypoints.cli.main import main
from higherstudy.entrypoints.cli.session import Session, current_session

EMAIL, ADDRESS = "student@example.org", "https://study.example.org"
SIGN_IN = ("sign-in", "--server", ADDRESS, "--email", EMAIL)
CODE = re.compile(r"^[0-9A-Z]{4}(?:-[0-9A-Z]{4}){5}$", re.MULTILINE)
Line = Callable[[], str] | str
Run = Callable[..., tuple[int, str, str]]


class Typing:
    """What is typed, line by line; some of it is only known once the command has asked."""

    def __init__(self, lines: list[Line]) -> None:
        self._lines: Iterator[Line] = iter(lines)

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        given = next(self._lines, "")
        return f"{given() if callable(given) else given}\n"


class App:
    """The app on a telephone: told its secret by what the command has printed, and always at the next code."""

    def __init__(self, server: Server, printed: Callable[[], str]) -> None:
        self._server, self._printed = server, printed
        self.secret = b""

    def set_up(self) -> str:
        [text, *_] = re.findall(r"\b[A-Z2-7]{32}\b", self._printed())
        self.secret = b32decode(text)
        return self.code()

    def code(self) -> str:
        self._server.clock.move(timedelta(seconds=30))
        return code_at(self.secret, int(self._server.clock.now().timestamp()) // 30)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder, in which nothing is yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("HIGHERSTUDY_TOKEN", "HIGHERSTUDY_SERVER", "HIGHERSTUDY_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "config" / "higherstudy"


@pytest.fixture
def run(server: Server, config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as whoever has signed in, with lines that are typed."""

    @asynccontextmanager
    async def remote(session: Session) -> AsyncIterator[Api]:
        async with server.client(session.token) as client:
            yield Api(client, session.server)

    @asynccontextmanager
    async def connected(_: str | None) -> AsyncIterator[Api]:
        session = current_session(None)
        assert session is not None
        async with remote(session) as api:
            yield api

    async def register() -> None:
        async with server.client() as client:
            await client.post("/v1/accounts", json={"email": EMAIL, "password": PASSWORD})

    def command(*arguments: str, typed: list[Line]) -> tuple[int, str, str]:
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", Typing(typed))
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    monkeypatch.setattr(sign_in, "remote", remote)
    monkeypatch.setattr(connection, "connected", connected)
    asyncio.run(register())
    return command


@pytest.fixture
def app(server: Server, capsys: pytest.CaptureFixture[str]) -> App:
    return App(server, lambda: capsys.readouterr().err)


def test_an_app_is_set_up_asked_for_and_removed(run: Run, app: App, server: Server) -> None:
    first = run(*SIGN_IN, typed=[PASSWORD])
    added = run("factors", "--add-app", "--label", "My telephone", typed=[app.set_up])
    second = run(*SIGN_IN, typed=[PASSWORD, app.code])
    server.clock.move(timedelta(minutes=10))
    listed = run("factors", typed=[])
    removed = run("factors", "--remove", listed[1].split()[0], typed=[app.code])

    codes = CODE.findall(added[1])
    assert [one[0] for one in (first, added, second, listed, removed)] == [0] * 5, (added, second, removed)
    assert len(codes) == 10
    assert "My telephone" in listed[1]
    assert "Recovery codes left: 10" in listed[1]
    assert not any(code in listed[1] for code in codes)
    assert removed[1].startswith("There is no second factor.")


def test_a_recovery_code_signs_in_once_and_new_ones_are_printed(run: Run, app: App) -> None:
    run(*SIGN_IN, typed=[PASSWORD])
    added = run("factors", "--add-app", typed=[app.set_up])
    code = CODE.findall(added[1])[0]

    once, twice = (run(*SIGN_IN, typed=[PASSWORD, code]) for _ in range(2))
    made = run("factors", "--recovery-codes", typed=[])

    assert (once[0], twice[0]) == (0, 1)
    assert "second factor" in twice[2]
    assert "Recovery codes left: 10" in made[1]


def test_without_a_second_factor_the_password_is_the_proof(run: Run, app: App, server: Server) -> None:
    run(*SIGN_IN, typed=[PASSWORD])
    server.clock.move(timedelta(minutes=10))

    refused = run("factors", "--add-app", typed=["not her password at all"])
    added = run("factors", "--add-app", typed=[PASSWORD, app.set_up])

    assert (refused[0], added[0]) == (2, 0)
    assert "does not show that it is you" in refused[2]


def test_a_key_is_made_after_the_same_proof(run: Run, server: Server) -> None:
    run(*SIGN_IN, typed=[PASSWORD])
    server.clock.move(timedelta(minutes=10))

    refused = run("keys", "add", "A copy", "--scope", "plans:read", typed=["not her password at all"])
    made = run("keys", "add", "A copy", "--scope", "plans:read", typed=[PASSWORD])

    assert (refused[0], made[0]) == (2, 0)
    assert made[1].startswith("hs_")


def test_this_machine_is_known_to_the_server_after_signing_out_too(run: Run, config: Path) -> None:
    run(*SIGN_IN, typed=[PASSWORD])
    kept = json.loads((config / "devices.json").read_text())
    run("sign-out", typed=[])

    assert list(kept) == [f"{ADDRESS} {EMAIL}"]
    assert json.loads((config / "devices.json").read_text()) == kept
    assert stat.S_IMODE((config / "devices.json").stat().st_mode) == 0o600
