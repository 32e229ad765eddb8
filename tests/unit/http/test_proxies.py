"""Who is behind a proxy is what our own proxies say, and never what anybody else writes into a header."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from higherstudy.adapters.memory.transactions import Store
from higherstudy.entrypoints.http.addresses import Header, Proxies, address_of
from higherstudy.entrypoints.http.limits import Rates

from .conftest import a_server

OURS = ("10.0.0.0/8", "fd00::/8")
STRANGER = "203.0.113.9"


def _who(proxies: Proxies, peer: str, *told: str) -> str:
    name = proxies.header.encode()
    scope: dict[str, Any] = {"client": (peer, 4711), "headers": [(name, one.encode("latin-1")) for one in told]}
    scope["client"] = proxies.client_of(scope)
    return address_of(scope)


@pytest.mark.parametrize(
    ("peer", "told", "who"),
    [
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [STRANGER], STRANGER),
        ("10.0.0.1", [f"198.51.100.1, {STRANGER}"], STRANGER),
        ("10.0.0.1", [f"198.51.100.1, {STRANGER}, 10.1.1.1,10.2.2.2"], STRANGER),
        ("10.0.0.1", ["198.51.100.1", f"{STRANGER}, 10.1.1.1"], STRANGER),
        ("10.0.0.1", ["10.3.3.3, 10.1.1.1"], "10.3.3.3"),
        ("10.0.0.1", [f"{STRANGER}:1234"], STRANGER),
        ("fd00::1", ["[2001:db8:1:2::9]:1234"], "2001:db8:1:2::/64"),
        ("fd00::1", ["2001:db8:1:2::9"], "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", [f"::ffff:{STRANGER}"], STRANGER),
        ("10.0.0.1", [f"{STRANGER}, nobody"], "10.0.0.1"),
        ("10.0.0.1", [f"{STRANGER}, , 10.1.1.1"], "10.1.1.1"),
        ("10.0.0.1", [STRANGER + ", 10.1.1.1" * 1000], "10.0.0.1"),
        (STRANGER, ["198.51.100.1"], STRANGER),
        (STRANGER, ["10.0.0.1"], STRANGER),
    ],
    ids=[
        "nothing said", "one", "the first is the stranger's own word", "through three of ours", "in two lines",
        "only ours", "with a port", "IPv6 with a port", "IPv6", "IPv4 written as IPv6", "no address", "blank",
        "endless", "not through ours", "a stranger who says to be ours",
    ],
)  # fmt: skip
def test_the_last_one_that_is_not_ours_is_who_asks(peer: str, told: list[str], who: str) -> None:
    assert _who(Proxies.named(OURS), peer, *told) == who


@pytest.mark.parametrize(
    ("told", "who"),
    [
        (f"for={STRANGER};proto=https;by=10.0.0.1", STRANGER),
        (f"For=198.51.100.1, proto=http;FOR={STRANGER}", STRANGER),
        ('for="[2001:db8:1:2::9]:4711"', "2001:db8:1:2::/64"),
        (f"for=198.51.100.1, for={STRANGER}, for=10.1.1.1", STRANGER),
        (f'for="198.51.100.1, for=x", for={STRANGER}', STRANGER),
        (f'for=", for={STRANGER}', "10.0.0.1"),
        (f'for="\\", for="[2001:db8::1]", for={STRANGER}', "10.0.0.1"),
        ("for=_hidden", "10.0.0.1"),
        ("proto=https", "10.0.0.1"),
        ("," * 1500 + "!", "10.0.0.1"),
    ],
)
def test_the_standard_header_is_read_the_same_way(told: str, who: str) -> None:
    assert _who(Proxies.named(OURS, "forwarded"), "10.0.0.1", told) == who


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded"])
def test_without_proxies_of_our_own_nobody_is_believed(header: Header) -> None:
    for told in (STRANGER, f"for={STRANGER}"):
        assert _who(Proxies(header=header), "10.0.0.1", told) == "10.0.0.1"
        assert _who(Proxies.named([], header), "127.0.0.1", told) == "127.0.0.1"


Start = Callable[..., AbstractAsyncContextManager[httpx2.AsyncClient]]


@pytest.fixture
def start(catalogue: Store, tmp_path: Path) -> Start:
    """Starts a server and gives a client that comes to it from the address."""

    @asynccontextmanager
    async def started(peer: str, **given: Any) -> AsyncIterator[httpx2.AsyncClient]:
        server = a_server(catalogue, tmp_path, rates=Rates(requests=3), **given)
        transport = httpx2.ASGITransport(app=server.app, client=(peer, 4711))
        async with httpx2.AsyncClient(transport=transport, base_url="http://server") as client:
            yield client

    return started


async def _left(client: httpx2.AsyncClient, **headers: str) -> str:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return (await client.get("/v1/packs", headers=named)).headers["ratelimit"].partition(";t=")[0]


async def test_clients_behind_our_proxy_are_counted_one_by_one(start: Start) -> None:
    async with start("10.0.0.1", proxies=Proxies.named(OURS)) as client:
        left = [await _left(client, X_Forwarded_For=f"198.51.100.{n}, 203.0.113.{n % 2}") for n in range(6)]

    assert left == [f'"requests";r={r}' for r in (2, 2, 1, 1, 0, 0)]


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP"])
async def test_nobody_gets_more_tries_by_writing_another_address_into_a_header(start: Start, name: str) -> None:
    async with start(STRANGER, proxies=Proxies.named(OURS)) as client:
        statuses = [
            (
                await client.get(
                    "/v1/packs", headers={name: f"for=198.51.100.{n}" if name == "Forwarded" else f"198.51.100.{n}"}
                )
            ).status_code
            for n in range(4)
        ]

    assert statuses == [200, 200, 200, 429]


async def test_the_header_that_our_proxies_do_not_write_is_the_clients_own_and_is_not_read(start: Start) -> None:
    async with start("10.0.0.1", proxies=Proxies.named(OURS)) as client:
        left = [await _left(client, X_Forwarded_For=STRANGER, Forwarded=f"for=198.51.100.{n}") for n in range(2)]

    assert left == ['"requests";r=2', '"requests";r=1']
