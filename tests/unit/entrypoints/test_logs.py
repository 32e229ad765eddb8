"""Each line carries the ids that it belongs to, and nothing that is secret."""

import json
import logging
from collections.abc import Iterator
from typing import Any, Literal

import pytest
import structlog

from higherstudy.domain.shared.events import Origin
from higherstudy.entrypoints.about import about, completed, not_traced, traced_by
from higherstudy.entrypoints.watching.logs import access_line, log_to_stderr

FORMS: list[Literal["text", "json"]] = ["text", "json"]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("higherstudy")
    before = root.handlers[:], root.level, ours.level
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level = before[:2]
    ours.setLevel(before[2])


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_lines_of_both_kinds_of_loggers_carry_the_ids(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("info", "json")

    with about({"request_id": "r-1"}), about({"job_id": "j-1", "trace_id": ""}):
        structlog.get_logger().info("ours", n=1)
        logging.getLogger("higherstudy.jobs").info("ours %s", "too")
        logging.getLogger("library").warning("theirs")
    structlog.get_logger().info("later")

    ours, too, theirs, later = lines(capsys)
    for line in (ours, too, theirs):
        assert (line["request_id"], line["job_id"], "trace_id" in line) == ("r-1", "j-1", False)
    assert (ours["n"], too["event"], theirs["logger"]) == (1, "ours too", "library")
    assert "request_id" not in later


def test_of_libraries_only_what_is_wrong_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("info", "json")

    logging.getLogger("library").info("chatter")
    structlog.get_logger().debug("detail")

    assert lines(capsys) == []


@pytest.mark.parametrize("form", FORMS)
def test_what_libraries_say_shows_neither_passwords_nor_people(
    form: Literal["text", "json"], capsys: pytest.CaptureFixture[str]
) -> None:
    log_to_stderr("info", form)

    logging.getLogger("library").error("cannot reach postgresql://study:open-sesame@host/db for me@example.org")
    try:
        raise ValueError("Key (email)=(me@example.org) exists; redis://:open-sesame@cache")
    except ValueError:
        logging.getLogger("library").exception("failed")
        structlog.get_logger().exception("failed")

    written = capsys.readouterr().err
    assert "open-sesame" not in written
    assert "me@example" not in written
    assert written.count("ValueError") >= 2


@pytest.mark.parametrize(
    "said",
    [
        "GET http://127.0.0.1:8000/v1/files/open-sesame.open-sesame",
        "GET /v1/calendars/open-sesame.ics",
        "headers: {'Authorization': 'Bearer open-sesame'}",
        "authorization: bearer open-sesame",
        "token eyJhbGciOiJFZERTQSJ9.open-sesame.open-sesame refused",
        "key hs_open-sesame is unknown",
    ],
)
def test_what_libraries_say_shows_neither_tokens_nor_keys_nor_secret_links(
    said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log_to_stderr("debug", "json")

    logging.getLogger("library").debug(said)
    try:
        raise ValueError(said)
    except ValueError:
        structlog.get_logger().exception("failed")

    written = capsys.readouterr().err
    assert "open-sesame" not in written
    assert written.count("***") >= 2


def test_requests_are_not_told_while_a_command_keeps_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    tell = access_line("json", "info")

    for level in ("warning", "info"):
        log_to_stderr(level, "json")
        tell("GET", "/v1/plans/{plan_id}", 200, 0.01234, f"asked-at-{level}")

    assert [line["request_id"] for line in lines(capsys)] == ["asked-at-info"]


def test_an_access_line_is_one_json_object_like_every_other(capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("info", "json")

    access_line("json", "info")("GET", "/v1/plans/{plan_id}", 200, 0.01234, "r-1")
    access_line("json", "warning")("GET", "/v1/plans/{plan_id}", 200, 0.01234, "r-2")

    (line,) = lines(capsys)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "level": "info",
        "event": "request",
        "method": "GET",
        "route": "/v1/plans/{plan_id}",
        "status": 200,
        "milliseconds": 12.3,
        "request_id": "r-1",
    }


def test_an_origin_is_completed_by_what_the_work_belongs_to() -> None:
    traced_by(lambda: "00-trace", lambda envelope: envelope.origin)
    try:
        with about({"request_id": "r-1"}):
            filled, kept = completed(Origin()), completed(Origin(request_id="own", trace="00-own"))
    finally:
        not_traced()

    assert filled == Origin(request_id="r-1", trace="00-trace")
    assert kept == Origin(request_id="own", trace="00-own")
    assert completed(Origin()) == Origin()
