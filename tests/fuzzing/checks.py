"""What we hold our answers to beside what schemathesis does."""

from __future__ import annotations

from typing import Any

import schemathesis

_OF_SHAPE = frozenset(
    {
        "data.does_not_fit",
        "data.missing",
        "data.unknown_key",
        "data.not_an_id",
        "request.not_json",
        "request.json_expected",
    }
)


@schemathesis.check
def refused_for_its_shape(ctx: Any, response: Any, case: Any) -> None:
    """A request that fits the document is not refused for its shape; else the document says too little."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code not in (400, 422):
        return
    merged = case.media_type == "application/merge-patch+json"  # what is missing depends on what it is merged into
    errors = response.json()["errors"]  # those with a place of their own are about what stands within a text
    said = [error for error in errors if error["code"] in _OF_SHAPE and "place" not in error["params"]]
    said = [error for error in said if not (merged and error["code"] == "data.missing")]
    if said:
        raise AssertionError(f"It fits the document and was refused as {said}")


@schemathesis.check
def refused_by_name(ctx: Any, response: Any, case: Any) -> None:
    """A refusal is a problem with a code that says where it is wrong, in the words of its request."""
    if response.status_code < 400 or response.request.method == "HEAD":
        return
    if response.headers["content-type"] != ["application/problem+json"]:
        raise AssertionError(f"{response.status_code} as {response.headers['content-type']}")
    problem = response.json()
    if problem["status"] != response.status_code or [problem["instance"]] != response.headers["x-request-id"]:
        raise AssertionError(f"The problem tells of another answer: {problem}")
