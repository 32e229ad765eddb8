"""A small, always equal part of ``make fuzz``, and whether that notices what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fuzzing.run import STATEFUL, Found, Turn, take
from fuzzing.table import failures, table
from fuzzing.world import ROLES

SEED = 4711


@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_is_asked_gets_an_answer_that_the_document_does_not_promise(role: str) -> None:
    found = take(Turn(role, SEED, 2, ("examples", "fuzzing")))

    assert not failures([found]), "\n\n".join(failures([found]))
    assert found.requests > 150
    assert {status for _, status in found.answers} >= {200, 422}


@pytest.mark.parametrize("role", ["student", "another student"])
def test_nothing_that_follows_from_an_answer_gets_another_either(role: str) -> None:
    found = take(Turn(role, SEED, 10, STATEFUL))

    assert not failures([found]), "\n\n".join(failures([found]))
    assert found.requests > 20


def _failures_around(app: Any, operation: str, role: str = "student") -> str:
    found: Found = take(Turn(role, SEED, 3, ("examples", "fuzzing"), operation), app)
    return "\n".join(failures([found]))


def test_a_failure_of_the_server_is_told_with_the_line_that_asks_again() -> None:
    told = _failures_around(lambda app: _Answering(app, 500, {}), "get_me")

    assert "not_a_server_error" in told
    assert "Undocumented status code" in told
    assert "make fuzz ARGS=\"--role='student' --seed=4711" in told


def test_an_answer_of_another_shape_is_told() -> None:
    assert "Response violates schema" in _failures_around(lambda app: _Answering(app, 200, {"id": 7}), "get_me")


def test_what_ignores_the_sign_in_is_told() -> None:
    told = _failures_around(lambda app: _Answering(app, 200, {"items": []}), "list_sessions")

    assert "ignored_auth" in told


def test_a_word_of_somebody_elses_record_is_told() -> None:
    told = _failures_around(lambda app: _Answering(app, 404, {"x": "label-of-next-7q3x"}), "get_plan", "administrator")

    assert "administrator saw ['label-of-next-7q3x']" in told


def test_stories_that_break_off_early_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzzing.run._TIMES", 0)

    found = take(Turn("student", SEED, 10, STATEFUL))

    assert "Only 0 of 10 stories were told" in "\n".join(failures([found]))


def test_the_table_counts_by_person_and_by_operation() -> None:
    mine, hers = Found(Turn("student", 1, 1, ())), Found(Turn("auditor", 1, 1, ()))
    mine.answers["GET /v1/me", 200] = 3
    hers.answers["GET /v1/me", 401] = 2

    told = [line.split() for line in table([mine, hers]).splitlines()]

    assert told == [
        ["operation", "student", "auditor", "2xx", "4xx"],
        ["GET", "/v1/me", "3", "2", "3", "2"],
        ["all", "3", "2", "3", "2"],
    ]


class _Answering:
    """Answers everything but the question for the document itself in one way."""

    def __init__(self, app: Any, status: int, body: Any) -> None:
        self._app = app
        self._status = status
        self._body = json.dumps(body).encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"].endswith("openapi.json"):
            await self._app(scope, receive, send)
            return
        headers = [(b"content-type", b"application/json"), (b"x-request-id", b"one")]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": self._body})
