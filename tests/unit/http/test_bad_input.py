"""Whatever comes in: one clear answer that names the place, and never a failure of the server."""

from typing import Any

import pytest
from bad_requests import ROWS, filled
from records import Shared, everything


@pytest.mark.parametrize(
    ("method", "path", "request_", "status", "names"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
async def test_it_is_refused_by_name_and_changes_nothing(
    shared: Shared, method: str, path: str, request_: dict[str, Any], status: int, names: str
) -> None:
    record = shared.record
    given = {**request_, **({"json": filled(request_["json"], record)} if "json" in request_ else {})}
    async with shared.server.client(shared.token) as owner:
        before = await everything(owner, record)

        answer = await owner.request(method, filled(path, record), **given)

        assert answer.status_code == status, answer.text
        assert names in answer.text
        assert await everything(owner, record) == before
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["instance"] == answer.headers["x-request-id"]
