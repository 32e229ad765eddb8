"""What is said, and what is logged, when a part does not answer or we made a mistake."""

import errno
import io
import logging
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, NoReturn

import httpx2
import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from records import Server, with_ports

from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.domain.shared.events import Origin
from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.parts.checks import Check, Checks
from higherstudy.entrypoints.watching.logs import access_line
from higherstudy.ports.errors import Unavailable


class _Failing:
    """Transactions that never begin."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __call__(self, origin: Origin = Origin()) -> NoReturn:  # noqa: B008 - frozen
        raise self._error


def _failing(server: Server, error: Exception) -> Server:
    ports = replace(server.ports, transactions=_Failing(error))
    tokens = JwtTokens(SigningKey(Ed25519PrivateKey.generate()), server.clock)

    async def down() -> NoReturn:
        raise error

    async def up() -> bool:
        return True

    files: Any = ports.files
    checks = Checks({"database": Check(down), "files": Check(up)})
    return Server(create_app(Given(ports, tokens, files, source_of, feed, checks)), ports, server.clock)


async def test_a_database_that_does_not_answer_is_a_503_that_asks_to_come_back(server: Server) -> None:
    async with _failing(server, Unavailable()).client() as client:
        answer = await client.get("/v1/programmes")
        ready = await client.get("/health/ready")
        live = await client.get("/health/live")

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["code"] == "unavailable"
    assert ready.status_code == 503
    assert ready.json() == {
        "status": "unavailable",
        "parts": {"database": "unavailable", "files": "ok"},
        "figures": {},
    }
    assert live.status_code == 200


async def test_a_mistake_of_ours_tells_nothing_but_its_request(server: Server) -> None:
    with structlog.testing.capture_logs() as logs:
        async with _failing(server, KeyError("the password of somebody")).client() as client:
            answer = await client.get("/v1/programmes")

    assert answer.status_code == 500
    assert "password" not in answer.text
    told = next(line for line in logs if line["event"] == "unexpected")
    assert told["request_id"] == answer.headers["x-request-id"] == answer.json()["instance"]


async def test_what_an_error_says_of_somebody_stands_in_no_log_and_where_it_happened_does(server: Server) -> None:
    word = "emases-nepo"[::-1]  # the lines of the code are shown, and must not hold it

    class Broken:
        def __call__(self, origin: Origin = Origin()) -> NoReturn:  # noqa: B008 - frozen
            try:
                raise ValueError(f"invalid input for query argument $1: {word!r}")
            except ValueError as error:
                raise RuntimeError(f"{word} was her password") from error

    with structlog.testing.capture_logs() as logs:
        async with with_ports(server, transactions=Broken()).client() as client:
            answer = await client.get("/v1/programmes", headers={"X-Secret": word})

    told = next(line for line in logs if line["event"] == "unexpected")
    assert answer.status_code == 500
    assert word not in f"{logs} {answer.text} {answer.headers}"
    assert re.search(r"ValueError\nwhich led to\n.*in __call__\n.*RuntimeError\n$", told["trace"], re.DOTALL)


@pytest.mark.parametrize("form", ["text", "json"])
async def test_the_access_log_names_routes_and_neither_secrets_nor_people(
    server: Server,
    form: Literal["text", "json"],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "higherstudy")
    tokens = JwtTokens(SigningKey(Ed25519PrivateKey.generate()), server.clock)
    files: Any = server.ports.files
    answered = access_line(form, "info")
    app = create_app(Given(server.ports, tokens, files, source_of, feed, Checks({}), answered=answered))
    async with Server(app, server.ports, server.clock).client() as anybody:
        await anybody.get("/v1/calendars/a-secret-of-hers.ics")
        await anybody.post("/v1/sessions", json={"email": "student@example.org", "password": "seven quiet rivers"})

    written = capsys.readouterr().err
    assert re.findall(r'route"?[=:]"?([^ "]*)', written) == ["/v1/calendars/{file_name}", "/v1/sessions"]
    for private in ("a-secret", "owner", "seven quiet"):
        assert private not in written


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.ENOENT])
async def test_a_catalogue_for_which_there_is_no_room_is_a_503(
    admin: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def full(**_: object) -> NoReturn:
        raise OSError(code, "no room")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)

    answer = await admin.post("/v1/imports", params={"file_name": "small.toml"}, content=b"[catalogue]")

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


async def test_a_disk_that_fills_up_while_a_catalogue_comes_is_a_503(
    admin: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def write(self, _: object) -> NoReturn:
            raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr(Path, "open", lambda *_: Full())

    answer = await admin.post("/v1/imports", params={"file_name": "small.toml"}, content=b"[catalogue]")

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
