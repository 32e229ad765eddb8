"""What browsers are told with each answer, and which pages may call."""

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
from records import Server

from higherstudy.adapters.memory.transactions import Store
from higherstudy.entrypoints.http.hardening import SECURITY_HEADERS, cors, security_headers

from .conftest import a_server

PAGE = "https://study.example"
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-permitted-cross-domain-policies": "none",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
}
ANSWERS = [
    ("GET", "/health/live", {}, 200),
    ("GET", "/v1/packs", {}, 200),
    ("GET", "/v1/openapi.json", {}, 200),
    ("GET", "/docs", {}, 200),
    ("GET", "/", {}, 302),
    ("GET", "/v1/me", {}, 401),
    ("GET", "/v1/nothing", {}, 404),
    ("DELETE", "/v1/packs", {}, 405),
    ("POST", "/v1/sessions", {"content": b"{"}, 415),
    ("GET", "/v1/packs?" + "&" * 500, {}, 400),
    ("GET", "/v1/files/nothing", {}, 404),
    ("GET", "/v1/calendars/nothing.ics", {}, 404),
]


@pytest.mark.parametrize(("method", "path", "given", "status"), ANSWERS)
async def test_every_answer_tells_browsers_to_be_careful(
    anybody: httpx2.AsyncClient, method: str, path: str, given: dict[str, Any], status: int
) -> None:
    answer = await anybody.request(method, path, **given)

    assert answer.status_code == status
    assert {name: answer.headers[name] for name in EVERYWHERE} == EVERYWHERE
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert re.fullmatch(r"([a-z-]+=\(\)(, |$))+", answer.headers["permissions-policy"])
    assert answer.headers["cache-control"]
    for tells_too_much in ("server", "x-powered-by", "strict-transport-security"):
        assert tells_too_much not in answer.headers or tells_too_much.startswith("strict")


@pytest.mark.parametrize(
    ("address", "seconds", "told"),
    [
        ("https://study.example", 31_536_000, b"max-age=31536000"),
        ("https://study.example", 0, None),
        ("http://study.example", 31_536_000, None),
    ],
)
def test_browsers_are_told_to_keep_to_tls_where_there_is_tls(address: str, seconds: int, told: bytes | None) -> None:
    assert security_headers(address, seconds).get(b"strict-transport-security") == told


async def test_a_server_that_is_reached_over_tls_says_so_in_refusals_too(server: Server) -> None:
    async with server.client() as client:  # its address begins with https
        answers = [await client.get("/v1/packs"), await client.get("/v1/nothing"), await client.get("/v1/me")]

    assert {answer.headers["strict-transport-security"] for answer in answers} == {"max-age=31536000"}


def _preflight(origin: str, method: str = "PATCH", headers: str = "authorization, if-match") -> dict[str, str]:
    return {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}


ALLOWS = "access-control-allow-origin"
OTHERS = [
    "null", "*", "https://study.example.evil.example", "https://evil.example/https://study.example",
    "https://studyXexample", "https://astudy.example", "https://a.study.example", "http://study.example",
    "https://study.example:8443", "https://study.example/", "https://STUDY.example.", "https://study.example\n", "",
    "https://study.example, https://evil.example", "file://", "https://study.example@evil.example",
]  # fmt: skip


@pytest.mark.parametrize("origin", OTHERS)
async def test_no_other_origin_is_let_in_however_much_it_looks_like_the_right_one(
    allowing: Server, origin: str
) -> None:
    async with allowing.client() as client:
        got = await client.get("/v1/packs", headers={b"Origin": origin.encode()})
        asked = await client.options("/v1/me", headers={k.encode(): v.encode() for k, v in _preflight(origin).items()})

    assert ALLOWS not in got.headers
    assert ALLOWS not in asked.headers
    assert "access-control-allow-credentials" not in asked.headers


async def test_the_allowed_page_is_named_and_nobody_keeps_the_answer_for_another(allowing: Server) -> None:
    async with allowing.client() as client:
        got = await client.get("/v1/packs", headers={"Origin": PAGE})
        asked = await client.options("/v1/me", headers=_preflight(PAGE))
        refused = await client.get("/v1/packs?" + "&" * 500, headers={"Origin": PAGE})
        without = await client.get("/v1/packs")
        other = await client.get("/v1/packs", headers={"Origin": "https://evil.example"})

    assert got.headers[ALLOWS] == asked.headers[ALLOWS] == PAGE
    assert ALLOWS not in without.headers
    for answer in (got, asked, refused, without, other):
        assert "origin" in answer.headers["vary"].casefold().split(", ")
    assert asked.headers["access-control-allow-methods"] == "DELETE, GET, HEAD, PATCH, POST, PUT"


@pytest.mark.parametrize("asked", [_preflight(PAGE, "TRACE"), _preflight(PAGE, headers="x-anything")])
async def test_what_no_client_needs_is_not_allowed_to_pages(allowing: Server, asked: dict[str, str]) -> None:
    async with allowing.client() as client:
        answer = await client.options("/v1/me", headers=asked)

    assert answer.status_code == 400
    assert ALLOWS not in answer.headers


async def test_every_header_that_an_operation_reads_may_be_sent_by_an_allowed_page(allowing: Server) -> None:
    async with allowing.client() as client:
        paths = (await client.get("/v1/openapi.json")).json()["paths"]
        read = {
            one["name"]
            for methods in paths.values()
            for operation in methods.values()
            for one in operation.get("parameters", ())
            if one["in"] == "header"
        }
        answer = await client.options("/v1/me", headers=_preflight(PAGE, headers=", ".join({*read, "Authorization"})))

    assert read >= {"If-Match", "Idempotency-Key"}
    assert answer.status_code == 204


@pytest.mark.parametrize("origin", ["*", "null", "https://*.study.example", "study.example", "file://"])
def test_what_stands_for_many_origins_cannot_be_allowed(origin: str) -> None:
    with pytest.raises(ValueError, match="no origin"):
        cors([PAGE, origin])


def test_credentials_are_never_allowed_together_with_every_origin() -> None:
    config = cors([PAGE])

    assert config is not None
    assert not config.is_allow_all_origins
    assert "*" not in config.allow_origins
    assert cors([]) is None


async def test_a_file_is_never_shown_as_a_page_of_ours(catalogue: Store, tmp_path: Path) -> None:
    assert SECURITY_HEADERS[b"cross-origin-resource-policy"] == b"same-origin"
    async with a_server(catalogue, tmp_path).client() as client:
        feed = await client.get("/v1/calendars/nothing.ics")

    assert feed.headers["x-content-type-options"] == "nosniff"
