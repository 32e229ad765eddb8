"""A sender who goes away in the middle leaves nothing behind."""

from collections.abc import MutableMapping
from typing import Any

import pytest
from records import Shared

PIECES: list[MutableMapping[str, Any]] = [
    {"type": "http.request", "body": b"%PDF-1.7 the first half", "more_body": True},
    {"type": "http.disconnect"},
]


@pytest.mark.parametrize("path", ["/v1/documents/{document}/versions", "/v1/students/me/documents"])
async def test_half_a_body_is_refused_and_nothing_is_kept(shared: Shared, path: str) -> None:
    path = path.replace("{document}", shared.record.document)
    headers = [(b"authorization", f"Bearer {shared.token}".encode()), (b"content-type", b"application/json")]
    pieces = iter(PIECES)
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return next(pieces)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": headers,
        "server": ("server", 80),
        "client": ("client", 1),
    }
    await shared.server.app(scope, receive, send)

    assert sent[0]["status"] == 400
    assert b"request.broken_off" in sent[1]["body"]
    async with shared.server.client(shared.token) as owner:
        documents = (await owner.get("/v1/students/me/documents")).json()["items"]
        assert [one["versions"] for one in documents] == [[]]
