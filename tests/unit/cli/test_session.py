"""Where the sign-in is kept, and to whom its token is given."""

import io
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from higherstudy.entrypoints.cli.errors import CommandFailed
from higherstudy.entrypoints.cli.session import Session, current_session, forget, keep, server_address, session_file

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for name in ("HIGHERSTUDY_TOKEN", "HIGHERSTUDY_SERVER"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_sign_in_is_kept_where_nobody_else_can_read_it() -> None:
    file = keep(Session("http://127.0.0.1:8000", "secret", "student@example.org"))

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert current_session(None) == Session("http://127.0.0.1:8000", "secret", "student@example.org")


def test_a_token_is_never_sent_to_another_server() -> None:
    keep(Session("http://127.0.0.1:8000", "secret", "student@example.org"))

    assert current_session("https://elsewhere.example.org") == Session("https://elsewhere.example.org")


def test_the_environment_goes_before_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(Session("http://127.0.0.1:8000", "secret", "student@example.org"))
    monkeypatch.setenv("HIGHERSTUDY_SERVER", "https://study.example.org/")
    monkeypatch.setenv("HIGHERSTUDY_TOKEN", "other")

    assert current_session(None) == Session("https://study.example.org", "other")


def test_without_a_sign_in_there_is_no_session() -> None:
    assert current_session(None) is None


def test_a_file_that_others_could_read_is_closed_to_them() -> None:
    file = keep(Session("http://127.0.0.1:8000", "secret"))
    file.chmod(0o644)

    current_session(None)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_kept_sign_in_that_cannot_be_read_is_named() -> None:
    file = keep(Session("http://127.0.0.1:8000", "secret"))
    file.write_text("{", encoding="utf-8")

    with pytest.raises(CommandFailed, match="cannot be read"):
        current_session(None)


def test_forgetting_says_whether_there_was_anything() -> None:
    keep(Session("http://127.0.0.1:8000", "secret"))

    assert (forget(), forget()) == (True, False)
    assert not session_file().exists()


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "ftp://example.org", "http://", "http://a:b@example.org", "x"])
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(CommandFailed, match="is no web address"):
        server_address(address)


def test_an_address_that_is_not_encrypted_is_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    server_address("http://study.example.org")
    server_address("https://study.example.org")
    server_address("http://localhost:8000")

    assert capsys.readouterr().err.count("is not encrypted") == 1


def test_signing_in_where_no_server_answers_is_one_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("student@example.org\nseven quiet rivers at dawn\n"))

    answer = run("sign-in", "--server", "http://127.0.0.1:9")

    assert answer.code == 1
    assert answer.err == "higherstudy: http://127.0.0.1:9: No server answers there.\n"
