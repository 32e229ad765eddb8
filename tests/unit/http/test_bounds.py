"""What is too large, or meant for somebody else, is refused before anything of it is understood."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from records import Server

from higherstudy.adapters.memory.transactions import Store
from higherstudy.entrypoints.http.connections import LARGEST_HEAD, HeadInTime

from .conftest import a_server
from .test_patience import _Server

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("path", "headers", "status", "code"),
    [
        ("/v1/packs?x=" + "x" * 8000, {}, 200, ""),
        ("/v1/programmes?text=" + "x" * 8192, {}, 414, "request.address_too_long"),
        ("/v1/plans/" + "x" * 8192, {}, 414, "request.address_too_long"),
        ("/v1/programmes?" + "&".join(f"a{n}=1" for n in range(101)), {}, 400, "request.too_many_parameters"),
        ("/v1/programmes?" + "&" * 5000, {}, 400, "request.too_many_parameters"),
        ("/v1/packs", {f"x-{n}": "1" for n in range(100)}, 431, "request.too_many_headers"),
        ("/v1/packs", {"x-long": "1" * 33_000}, 431, "request.head_too_large"),
        ("/v1/packs", {f"x-{n}": "1" * 1000 for n in range(40)}, 431, "request.head_too_large"),
        ("/v1/packs", {f"x-{n}": "1" for n in range(60)}, 200, ""),
    ],
)
async def test_a_head_that_is_too_large_is_named(
    anybody: httpx2.AsyncClient, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await anybody.get(path, headers=headers)

    assert answer.status_code == status
    if code:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"][0]["code"] == code
        assert answer.json()["instance"] == answer.headers["x-request-id"]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_such_a_refusal_is_said_in_bangla_too(anybody: httpx2.AsyncClient) -> None:
    answer = await anybody.get("/v1/packs?" + "&" * 500, headers={"Accept-Language": "bn"})

    assert answer.headers["content-language"] == "bn"
    assert "সর্বোচ্চ" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"email":[' + b"0," * 30_000 + b"0]}",
        b"{" + b",".join(b'"k%d":0' % n for n in range(30_000)) + b"}",
        b'{"email":[' + b"[]," * 30_000 + b"[]]}",
    ],
    ids=["many items", "many keys", "many lists"],
)
async def test_a_body_of_too_many_values_is_refused_before_any_route_sees_it(
    anybody: httpx2.AsyncClient, body: bytes
) -> None:
    answer = await anybody.post("/v1/accounts", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "request.too_many_values")


@pytest.fixture
def named(catalogue: Store, tmp_path: Path) -> Server:
    """A server that has two names."""
    return a_server(catalogue, tmp_path, allowed_hosts=("study.example", "[2001:db8::1]"))


@pytest.mark.parametrize("host", ["study.example", "STUDY.example", "study.example:8000", "[2001:db8::1]:80"])
async def test_a_server_answers_under_its_names(named: Server, host: str) -> None:
    async with named.client() as client:
        assert (await client.get("/v1/packs", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "", "server", "studyXexample", "study.example.evil.example", "evil.example", "evil.example:study.example",
        "study.example@evil.example", "a.study.example", "study.example.", "study.example/", "*", "[2001:db8::2]",
    ],
)  # fmt: skip
async def test_a_server_answers_under_no_other_name_whatever_else_is_said(named: Server, host: str) -> None:
    told = {"Host": host, "X-Forwarded-Host": "study.example", "Forwarded": "host=study.example"}
    async with named.client() as client:
        answer = await client.get("/v1/packs", headers=told)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "request.other_host")


async def test_without_the_header_host_a_named_server_does_not_answer(named: Server) -> None:
    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "path": "/v1/packs", "raw_path": b"/v1/packs", "query_string": b"",
        "headers": [(b"x-forwarded-host", b"study.example")], "client": ("127.0.0.1", 1),
    }  # fmt: skip
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    await named.app(scope, receive, send)

    assert sent[0]["status"] == 400


async def test_two_hosts_are_refused_and_health_is_told_under_any_name(server: Server, named: Server) -> None:
    async with server.client() as client:
        two = await client.get("/v1/packs", headers=[("Host", "a.example"), ("Host", "b.example")])
    async with named.client() as client:
        health = await client.get("/health/live", headers={"Host": "10.0.0.7"})

    assert (two.status_code, two.json()["errors"][0]["code"]) == (400, "request.several_hosts")
    assert health.status_code == 200


@pytest.fixture
async def port(server: Server) -> AsyncIterator[int]:
    """The port of a real server."""
    app: Any = server.app
    one = _Server(uvicorn.Config(app, port=0, log_config=None, http=HeadInTime, ws="none", lifespan="off"))
    serving = asyncio.create_task(one.serve())
    await one.ready.wait()
    yield one.servers[0].sockets[0].getsockname()[1]
    one.should_exit = True
    await serving


@pytest.mark.parametrize(
    "line", [b"X-A: " + b"a" * 60 + b"\r\n", b"a" * 60], ids=["many headers", "one endless header"]
)
async def test_a_head_without_end_is_not_kept_in_memory(port: int, line: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: server\r\nX-B: " + line * (LARGEST_HEAD // len(line) + 10))

    answer = await asyncio.wait_for(reader.read(), 15)

    assert answer.startswith(b"HTTP/1.1 431 ")
    writer.close()


async def test_a_large_body_after_an_early_refusal_is_no_endless_head(port: int) -> None:
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        refused = await client.post("/v1/students/me/documents", content=b"x" * 300_000, headers=JSON)
        after = await client.get("/health/live")

    assert (refused.status_code, after.status_code) == (401, 200)
