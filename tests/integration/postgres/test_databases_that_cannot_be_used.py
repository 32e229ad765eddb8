"""A database that was set and cannot be used is named in one sentence, and its password is not."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import make_url

import servers

CLI = (sys.executable, "-m", "higherstudy.entrypoints.cli")
WRONG = {
    "a wrong password": ({"password": "open-sesame"}, "password authentication failed"),
    "an unknown role": ({"username": "nobody_here"}, "nobody_here"),
    "a missing database": ({"database": "no_such_database"}, '"no_such_database"'),
}


def serve(tmp_path: Path, url: str, **more: str) -> "subprocess.CompletedProcess[str]":
    own = {"DATABASE_URL": url, "HIGHERSTUDY_HOME": str(tmp_path / "home"), **more}
    return subprocess.run(
        [*CLI, "serve", "--port", "0"], env={**os.environ, **own}, capture_output=True, text=True, timeout=60
    )


def other(url: str, **parts: str) -> str:
    return make_url(url).set(**parts).render_as_string(hide_password=False)  # type: ignore[arg-type]


@pytest.mark.parametrize("parts", WRONG.values(), ids=WRONG)
def test_what_the_server_refuses_is_told_in_its_words(
    owner_url: str, tmp_path: Path, parts: tuple[dict[str, str], str]
) -> None:
    changes, told = parts
    url = other(owner_url, **changes)

    done = serve(tmp_path, url)

    place = make_url(url)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert f"DATABASE_URL: The PostgreSQL at {place.host}, port {place.port}, " in done.stderr
    assert f'the database "{place.database}"' in done.stderr
    assert told in done.stderr
    assert str(place.password) not in done.stderr


def test_a_role_without_rights_is_told_what_it_may_not(
    postgres: servers.Cluster, database: servers.Database, tmp_path: Path
) -> None:
    empty = postgres.fresh("no_rights")
    try:
        first = serve(tmp_path, empty.app_url)
        second = serve(tmp_path, empty.app_url, MIGRATION_DATABASE_URL=other(empty.owner_url, password="open-sesame"))
    finally:
        postgres.drop(empty)

    assert (first.returncode, first.stderr.count("\n")) == (1, 1), first.stderr
    assert "permission denied for schema public" in first.stderr
    assert (second.returncode, second.stderr.count("\n")) == (1, 1), second.stderr
    assert "higherstudy: MIGRATION_DATABASE_URL: " in second.stderr


class _Page(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def web_port() -> Iterator[int]:
    """The port of a server that speaks no PostgreSQL."""
    with HTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_where_no_postgresql_answers_the_place_and_the_reason_are_named(tmp_path: Path, web_port: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    places = {
        ("127.0.0.1", closed): "Connection refused",
        ("no-such-host.invalid", 5432): "there is no host of this name",
        ("127.0.0.1", web_port): "nothing that speaks PostgreSQL has answered in time",
    }

    for (host, port), why in places.items():
        done = serve(tmp_path, f"postgresql://study:open-sesame@{host}:{port}/study")

        said = f'No PostgreSQL answers at {host}, port {port}, for the database "study": {why}.'
        assert (done.returncode, done.stderr) == (1, f"higherstudy: DATABASE_URL: {said}\n")
