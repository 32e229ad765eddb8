"""Holes that the web framework has had, and others of its kind: each is tried here, and is none."""

import ast
import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from records import Server, Shared, with_ports

import higherstudy.entrypoints.http as ours
from higherstudy.adapters.memory.transactions import Store
from higherstudy.entrypoints.http.app import every_route
from higherstudy.entrypoints.http.connections import HeadInTime
from higherstudy.entrypoints.http.limits import Rates

from .conftest import a_server
from .test_patience import _Server

SOURCES = sorted(Path(ours.__file__).parent.rglob("*.py"))


async def _asked(
    server: Server, path: str, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """Ask for exactly this path, which a client would tidy up, and return the status and the body."""
    told = {"host": "server", **(headers or {})}
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode("latin-1", "replace"), "root_path": "", "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in told.items()],
        "client": ("127.0.0.1", 4711), "server": ("server", 80), "state": {},
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await server.app(scope, receive, send)
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])


# CVE-2025-59152: the limits of the framework counted by X-Forwarded-For.
async def test_another_forwarded_address_is_no_other_caller(catalogue: Store, tmp_path: Path) -> None:
    server = a_server(catalogue, tmp_path, rates=Rates(sign_ins=2))
    tried = {"email": "student@example.org", "password": "a guess of somebody"}
    async with server.client() as client:
        statuses = [
            (await client.post("/v1/sessions", json=tried, headers={"X-Forwarded-For": f"198.51.100.{n}"})).status_code
            for n in range(4)
        ]

    assert statuses == [401, 401, 429, 429]


# CVE-2026-25478 and 25479: names of origins and of hosts were read as patterns.
@pytest.mark.parametrize("name", ["studyXexample", "study-example", "study.example.org", "xstudy.example"])
async def test_names_of_origins_and_hosts_are_no_patterns(catalogue: Store, tmp_path: Path, name: str) -> None:
    server = a_server(catalogue, tmp_path, "https://study.example", allowed_hosts=("study.example",))
    async with server.client() as client:
        right = await client.get("/v1/packs", headers={"Host": "study.example", "Origin": f"https://{name}"})
        wrong = await client.get("/v1/packs", headers={"Host": name})

    assert (right.status_code, wrong.status_code) == (200, 400)
    assert "access-control-allow-origin" not in right.headers


# CVE-2024-32982: paths led out of the folder of static files.
@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd", "/docs/../../../../etc/passwd", "/static/../../etc/passwd", "//etc/passwd",
        "/v1/files/../../../../etc/passwd", "/v1/files//etc/passwd", "/v1/files/..\\..\\etc\\passwd",
        "/v1/files/....//....//etc/passwd", "/v1/calendars/../../../etc/passwd.ics", "/v1/calendars/..%2f..%2fetc.ics",
        "/docs/%2e%2e/%2e%2e/etc/passwd", "/.env", "/.git/config", "/schema", "/schema/openapi.json", "/metrics",
    ],
)  # fmt: skip
async def test_no_path_leads_to_a_file_of_the_machine(server: Server, path: str) -> None:
    status, body = await _asked(server, path)

    assert status in (400, 404)
    assert b"root:" not in body
    assert b'"code":' in body


@pytest.mark.parametrize("path", ["/schema", "/schema/openapi.json", "/schema/openapi.yaml", "/schema/swagger"])
async def test_pages_that_the_framework_brings_along_are_not_there_for_anybody(shared: Shared, path: str) -> None:
    async with shared.server.client(shared.token) as client:
        answer = await client.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_no_folder_is_served_and_no_page_is_filled_in(server: Server, catalogue: Store, tmp_path: Path) -> None:
    imported = {name for file in SOURCES for name in _imports(file)}

    assert not {name for name in imported if name.startswith(("litestar.static_files", "litestar.template", "jinja2"))}
    # CVE-2025-59152 and CVE-2026-25480 are of these.
    assert not {name for name in imported if name.startswith(("litestar.middleware.rate_limit", "litestar.stores"))}


def _imports(file: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [f"{node.module}.{one.name}" for one in node.names]
    return found


# CVE-2026-25480: answers kept under names that collide were mixed up. CVE-2026-48060: a cookie was put into a page.
async def test_answers_are_kept_nowhere_and_hold_nothing_of_a_cookie(server: Server) -> None:
    word = "<script>alert(1)</script>"
    async with server.client() as client:
        plain = await client.get("/docs")
        given = await client.get(
            "/docs", params={"q": word}, headers={"Cookie": f"csrftoken={word}", "X-CSRFToken": word, "Referer": word}
        )

    assert word not in given.text
    assert given.text == plain.text
    handlers = [handler for route in _app(server).routes for handler in getattr(route, "route_handlers", ())]
    assert len(handlers) > 50
    assert {handler.cache for handler in handlers} == {False}


def _app(server: Server) -> Any:
    return server.app.app


# CVE-2024-52581: forms of several parts were read whole, however many parts and bytes they had.
@pytest.mark.parametrize("path", ["/v1/accounts", "/v1/sessions", "/v1/grade-conversions"])
async def test_forms_of_several_parts_are_taken_nowhere_and_read_no_further_than_json_may_be(
    anybody: httpx2.AsyncClient, path: str
) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for number in range(20_000):
            part = b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n%s\r\n' % (number, b"a" * 1000)
            sent += len(part)
            yield part

    answer = await anybody.post(path, content=body(), headers={"content-type": "multipart/form-data; boundary=x"})

    assert answer.status_code in (404, 405, 413, 415)
    assert sent < 2 * 1024 * 1024


async def test_no_operation_takes_a_form(anybody: httpx2.AsyncClient) -> None:
    paths = (await anybody.get("/v1/openapi.json")).json()["paths"]

    taken = {
        kind
        for methods in paths.values()
        for one in methods.values()
        if isinstance(one, dict)
        for kind in one.get("requestBody", {}).get("content", {})
    }

    assert "application/json" in taken
    assert not {kind for kind in taken if "form" in kind}


@pytest.mark.parametrize("name", ["LITESTAR_DEBUG", "LITESTAR_PDB", "DEBUG"])
async def test_a_mistake_of_ours_is_shown_to_nobody_whatever_the_environment_says(
    server: Server, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")

    def break_down(*_: Any) -> None:
        raise RuntimeError("the insides")

    broken = with_ports(server, transactions=break_down)
    async with broken.client() as client:
        answers = [await client.get("/v1/programmes", headers={"Accept": kind}) for kind in ("text/html", "*/*")]

    for answer in answers:
        assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
        assert "insides" not in answer.text
        assert "Traceback" not in answer.text


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
async def test_no_header_turns_a_method_into_another(shared: Shared, name: str) -> None:
    async with shared.server.client(shared.token) as client:
        path = f"/v1/documents/{shared.record.document}"
        answer = await client.get(path, headers={name: "DELETE"}, params={"_method": "DELETE"})
        after = await client.get(path)

    assert (answer.status_code, after.status_code) == (200, 200)


@pytest.mark.parametrize("name", ["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-Forwarded-Path"])
async def test_no_header_leads_past_the_gate(anybody: httpx2.AsyncClient, name: str) -> None:
    open_one = await anybody.get("/v1/packs", headers={name: "/v1/me"})
    closed = await anybody.get("/v1/me", headers={name: "/v1/packs"})

    assert (open_one.status_code, closed.status_code) == (200, 401)
    assert "items" in open_one.json()


@pytest.mark.parametrize(
    "path", ["/v1/me/", "//v1/me", "/v1//me", "/V1/ME", "/v1/me;x=1", "/v1/./me", "/v1/packs/../me"]
)
async def test_no_spelling_of_a_path_leads_past_the_gate(server: Server, path: str) -> None:
    status, body = await _asked(server, path)

    assert status in (401, 404)
    assert b"email" not in body


async def test_whatever_is_no_http_is_refused(server: Server) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/v1/me", "raw_path": b"/v1/me", "query_string": b"", "headers": [],
             "client": ("127.0.0.1", 1), "scheme": "ws", "subprotocols": [], "state": {}}  # fmt: skip
    await server.app(scope, receive, send)

    assert {one["type"] for one in sent} == {"websocket.close"}


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


SECOND = b"GET /v1/me HTTP/1.1\r\nHost: server\r\nX-Smuggled: yes\r\n\r\n"
START = b"POST /v1/sessions HTTP/1.1\r\nHost: server\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        b"Content-Length: 2\r\nContent-Length: 60\r\n\r\n{}",
        b"Content-Length: 2, 60\r\n\r\n{}",
        b"Content-Length: +2\r\n\r\n{}",
        b"Content-Length: 0x2\r\n\r\n{}",
        b"Content-Length : 2\r\n\r\n{}",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"X-A: a\r\n folded: b\r\n\tContent-Length: 60\r\n\r\n",
        b"X-A: a\x00b\r\n\r\n",
        b"X A: b\r\n\r\n",
        b": b\r\n\r\n",
    ],
)  # fmt: skip
async def test_a_request_that_could_be_read_in_two_ways_is_read_in_none(port: int, head: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(START + head + SECOND)
    writer.write_eof()

    answer = await asyncio.wait_for(reader.read(), 30)

    assert answer.count(b"HTTP/1.1 ") <= 1
    assert not answer or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 422"))
    assert b"not_signed_in" not in answer
    writer.close()


@pytest.mark.parametrize("given", ["a\r\nSet-Cookie: x=1", "a\nb", "a b", "a" * 65, "<script>", "১২৩"])
async def test_an_id_of_the_caller_cannot_become_a_header_of_the_answer(server: Server, given: str) -> None:
    status, _ = await _asked(server, "/v1/packs", headers={"X-Request-Id": given})
    async with server.client() as client:
        answer = await client.get(
            "/v1/packs", headers={b"X-Request-Id": given.encode().replace(b"\r\n", b"").replace(b"\n", b"")}
        )

    assert status == 200
    assert answer.headers["x-request-id"] not in (given, "")
    assert "set-cookie" not in answer.headers


def test_the_application_that_is_tried_here_is_the_whole_one() -> None:
    assert every_route.__module__ == "higherstudy.entrypoints.http.app"
