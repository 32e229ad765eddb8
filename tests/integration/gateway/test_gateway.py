"""The real nginx before the real application: what it lets through, what it refuses, and what it writes down."""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import httpx2
import pytest
from processes import Process, processes
from waiting import until

import servers
from servers.programs import LOCAL

from .gateways import NAME, PATIENCE, Gateway, gateway, nginx_here

PASSWORD = "seven quiet rivers at dawn"
GENEROUS = {"REQUESTS_A_SECOND": "100000", "BURST": "100000", "SIGN_INS_A_SECOND": "100000", "SIGN_IN_BURST": "100000"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n" + b"% filling\n" * 150_000 + b"trailer\n<<>>\n%%EOF\n"

CATALOGUE = """
[catalogue]
id = "one"
title = "One programme"
edition = "1"

[[sources]]
id = "page"
title = "The page"
kind = "official"
retrieved_on = 2026-11-23

[[institutions]]
key = "uni"
name = "A university"
country = "DE"
source = "page"

[[programmes]]
key = "open-to-all"
institution = "uni"
name = "Open to all"
level = "master"
source = "page"
confidence = "H"
requirement = { degree = { level = "bachelor" } }
"""


@pytest.fixture(scope="module")
def api(database: servers.Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    nginx_here()
    settings = {
        "DATABASE_URL": database.app_url,
        "MIGRATION_DATABASE_URL": database.owner_url,
        "PUBLIC_URL": f"https://{NAME}",
        "TRUSTED_PROXIES": "127.0.0.0/8",
        "SECOND_FACTOR_ROLES": "none",
    }
    with processes(tmp_path_factory.mktemp("behind"), settings) as behind:
        yield behind.serve()


def behind(api: Process) -> str:
    return api.address.removeprefix("http://")


@pytest.fixture(scope="module")
def door(api: Process) -> Iterator[Gateway]:
    with gateway(behind(api), **GENEROUS) as running:
        yield running


async def _catalogue_brought(door: Gateway, database: servers.Database) -> str:
    """Return the id of a programme that a counsellor has brought in through the gateway."""
    keeper = {"email": "keeper@example.org", "password": PASSWORD}
    async with door.client() as stranger:
        await stranger.post("/v1/accounts", json=keeper)
        connection = await asyncpg.connect(database.owner_url)
        await connection.execute("UPDATE accounts SET roles = '{admin,counsellor}' WHERE email = $1", keeper["email"])
        await connection.close()
        token = (await stranger.post("/v1/sessions", json=keeper)).json()["access_token"]
    large = CATALOGUE.encode() + b"# filling\n" * 150_000
    async with door.client(token) as client:
        brought = await client.post("/v1/imports", params={"file_name": "one.toml"}, content=large)
        assert brought.status_code == 201, brought.text
        return str((await client.get("/v1/programmes")).json()["items"][0]["id"])


async def test_a_whole_journey_over_tls(door: Gateway, database: servers.Database) -> None:
    programme = await _catalogue_brought(door, database)
    who = {"email": "journey@example.org", "password": PASSWORD}
    async with door.client() as stranger:
        registered = await stranger.post("/v1/accounts", json=who)
        assert registered.status_code == 201, registered.text
        signed_in = await stranger.post("/v1/sessions", json=who)
        assert signed_in.status_code == 201, signed_in.text
    async with door.client(signed_in.json()["access_token"]) as owner:
        seen = await owner.get("/v1/students/me/profile")
        wish = {"name": "SAMPLE STUDENT", "citizenships": ["BD"]}
        changed = await owner.patch("/v1/students/me/profile", json=wish, headers={"If-Match": seen.headers["etag"]})
        assert changed.status_code == 200, changed.text
        verdicts = await owner.get("/v1/students/me/verdicts", params={"programme": programme})
        assert verdicts.status_code == 200, verdicts.text
        assert programme in verdicts.text
        paper = await owner.post("/v1/students/me/documents", json={"kind": "passport"})
        assert paper.status_code == 201, paper.text
        here = f"/v1/documents/{paper.json()['id']}/versions"
        assert len(PDF) > 2**20, "larger than what the gateway takes anywhere else"
        sent = await owner.post(here, content=PDF, params={"file_name": "passport.pdf"})
        assert sent.status_code == 201, sent.text
        link = await owner.get(f"/v1/documents/{paper.json()['id']}/versions/1/content", follow_redirects=False)
        assert link.status_code < 400, link.text
    assert seen.headers.get_list("strict-transport-security") == ["max-age=31536000"]


def _offering(version: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(ciphers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that they are old is what is tried
        context.minimum_version = context.maximum_version = version
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_modern_versions_of_tls_are_spoken(door: Gateway, version: ssl.TLSVersion) -> None:
    with door.connected(_offering(version)) as connection:
        assert connection.version() == version.name.replace("_", ".")
        assert (connection.cipher() or ("",))[0].endswith(("SHA256", "SHA384", "POLY1305"))


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_versions_of_tls_are_not(door: Gateway, version: ssl.TLSVersion) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        door.connected(_offering(version))


@pytest.mark.parametrize("cipher", ["ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256"])
def test_ciphers_without_forward_secrecy_or_authentication_are_refused(door: Gateway, cipher: str) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        door.connected(_offering(ssl.TLSVersion.TLSv1_2, f"{cipher}:@SECLEVEL=0"))


def test_http_2_is_offered_and_another_name_gets_no_certificate(door: Gateway) -> None:
    context = door.trusting()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with door.connected(context) as connection:
        assert connection.selected_alpn_protocol() == "h2"
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        door.connected(_offering(ssl.TLSVersion.TLSv1_3), name="other.example")


async def test_pages_are_led_to_tls_and_the_api_is_refused_without_it(door: Gateway) -> None:
    async with httpx2.AsyncClient(base_url=f"http://{LOCAL}:{door.http}", timeout=PATIENCE) as plain:
        page = await plain.get("/docs?a=b", headers={"Host": "evil.example"})
        asked = await plain.get("/v1/me", headers={"Authorization": "Bearer x"})
    assert (page.status_code, page.headers["location"]) == (308, f"{door.address}/docs?a=b")
    assert (asked.status_code, asked.json()["code"]) == (403, "tls_needed")


@pytest.mark.parametrize(
    "path",
    ["/health/ready", "/health/live", "/%68ealth/live", "//health/live", "/v1/../health/ready", "/v1/..%2fhealth/live",
     "/HEALTH/live", "/health/live/", "/health/live?x=1", "/metrics"],
)  # fmt: skip
def test_health_and_figures_are_not_reached_from_outside(door: Gateway, api: Process, path: str) -> None:
    assert api.ready()["status"] == "ok"
    assert door.status_of(f"GET {path} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode()) == 404


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (b"X-Large: " + b"a" * 9000 + b"\r\n", 431),
        (b"".join(b"X-%d: %s\r\n" % (number, b"a" * 7000) for number in range(6)), 431),
        (b"Content-Length: 2000000\r\n", 413),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", 400),
        (b"Host: other.example\r\n", 400),
    ],
)
def test_heads_and_bodies_beyond_the_bounds_are_refused(door: Gateway, more: bytes, status: int) -> None:
    head = b"POST /v1/students/me/plans HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    assert door.status_of(head + more + b"\r\n") == status


def test_an_address_beyond_the_bounds_is_refused(door: Gateway) -> None:
    assert door.status_of(b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n") == 414


async def test_assets_are_kept_for_good_and_nothing_beside_them_is_given(door: Gateway) -> None:
    async with door.client() as client:
        found = await client.get("/assets/app.0a1b2c.js")
        missing = await client.get("/assets/other.js")
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert found.headers["content-type"] == "text/javascript"
    assert found.headers["strict-transport-security"]
    assert missing.status_code == 404
    assert "immutable" not in missing.headers.get("cache-control", "")
    head = b"GET /assets/..%2fkey.pem HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert door.status_of(head) == 404


async def test_the_access_log_says_what_was_asked_and_nothing_of_who(door: Gateway) -> None:
    async with door.client("a-secret-token") as client:
        sent = {"X-Request-Id": "written-down-1", "User-Agent": "a-browser-of-hers"}
        answer = await client.get("/v1/calendars/a-secret-path.ics", params={"token": "a-secret-query"}, headers=sent)
    assert answer.headers["x-request-id"] == "written-down-1"

    await until(lambda: any(line["request_id"] == "written-down-1" for line in door.lines()))
    (line,) = [each for each in door.lines() if each["request_id"] == "written-down-1"]
    assert (line["kind"], line["method"], line["status"]) == ("api", "GET", str(answer.status_code))
    for name in ("access.log", "nginx.log"):
        told = (door.folder / name).read_text(encoding="utf-8")
        assert [word for word in ("a-secret", "a-browser", LOCAL, "calendars", "example.org") if word in told] == []


async def test_who_asks_too_often_is_told_to_wait_and_cannot_pass_for_others(api: Process) -> None:
    with gateway(behind(api), REQUESTS_A_SECOND="1", BURST="5") as strict:
        async with strict.client() as client:
            asked = [client.get("/docs", headers={"X-Forwarded-For": f"203.0.113.{one}"}) for one in range(30)]
            answers = await asyncio.gather(*asked)
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 20 <= len(refused) <= 24, [answer.status_code for answer in answers]
    assert refused[0].headers["retry-after"] == "1"
    assert refused[0].json()["code"] == "too_many_requests"


async def test_a_trusted_proxy_says_whom_it_speaks_for(api: Process) -> None:
    with gateway(behind(api), REQUESTS_A_SECOND="1", BURST="1", TRUSTED_PROXIES="127.0.0.0/8") as trusting:
        async with trusting.client() as client:
            asked = [client.get("/docs", headers={"X-Forwarded-For": f"203.0.113.{one}"}) for one in range(20)]
            apart = await asyncio.gather(*asked)
            # What stands before the last one that is no proxy of ours is that one's own word.
            lied = [
                client.get("/docs", headers={"X-Forwarded-For": f"192.0.2.{one}, 198.51.100.7"}) for one in range(9)
            ]
            together = await asyncio.gather(*lied)
    assert {answer.status_code for answer in apart} == {200}
    assert sum(answer.status_code == 429 for answer in together) >= 6


@asynccontextmanager
async def _heard() -> AsyncIterator[tuple[str, list[bytes]]]:
    """Give the address of what keeps the heads that it is sent, and those heads."""
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            heads.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, LOCAL, 0) as listening:
        yield f"{LOCAL}:{listening.sockets[0].getsockname()[1]}", heads


async def test_what_a_client_says_of_its_address_is_not_passed_on() -> None:
    said = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Real-Ip": "203.0.113.9",
            "X-Forwarded-Host": "evil.example", "X-Request-Id": "no id: at all"}  # fmt: skip
    async with _heard() as (address, heads):
        with gateway(address) as running:
            async with running.client() as client:
                assert (await client.get("/v1/me", headers=said)).status_code == 200
    (head,) = heads
    fields = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
    assert fields["x-forwarded-for"] == LOCAL
    assert "203.0.113.9" not in head.decode()
    assert "evil.example" not in head.decode()
    assert len(fields["x-request-id"]) == 32


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /docs HTTP/1.1\r\nHost: loc",
        b"POST /v1/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
    ],
)
async def test_who_sends_too_slowly_is_let_go(api: Process, begun: bytes) -> None:
    with gateway(behind(api), HEADER_SECONDS="1", BODY_SECONDS="1") as hasty, hasty.connected() as connection:
        connection.sendall(begun)
        answer = b""
        with suppress(ConnectionError, ssl.SSLError):  # TimeoutError, after PATIENCE, is what must not come
            while piece := connection.recv(4096):
                answer += piece
        assert b"200 OK" not in answer
        async with hasty.client() as another:
            assert (await another.get("/docs")).status_code == 200


async def _reloaded(door: Gateway) -> None:
    """Have the configuration read again, and come back when the last of the old workers has ended."""
    before = door.workers()
    os.kill(door.program.pid, signal.SIGHUP)
    await until(lambda: bool(door.workers()) and not door.workers() & before, PATIENCE)


async def _further(statuses: list[int], more: int) -> None:
    asked = len(statuses)
    await until(lambda: len(statuses) > asked + more, PATIENCE)


async def test_a_reload_under_load_fails_no_request(door: Gateway) -> None:
    statuses: list[int] = []
    over = asyncio.Event()
    context = door.trusting()

    async def ask() -> None:
        while not over.is_set():
            async with httpx2.AsyncClient(base_url=door.address, verify=context, timeout=PATIENCE) as client:
                statuses.append((await client.get("/v1/packs")).status_code)

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(ask())
        for _ in range(3):
            await _reloaded(door)
            await _further(statuses, 8)
        over.set()
    assert set(statuses) == {200}


async def test_where_nobody_is_behind_it_says_so(door: Gateway) -> None:
    async with _heard() as (address, _):
        pass
    with gateway(address) as alone:
        async with alone.client() as client:
            answer = await client.get("/v1/packs")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "unavailable", "2")
