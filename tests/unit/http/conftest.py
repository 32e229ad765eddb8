"""A server in memory, and clients that have signed in to it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from everybody import KEY, PASSWORD, World, a_world
from records import Server, Shared, a_record

import higherstudy.adapters.bundled
from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.adapters.folder.incoming import FolderIncoming
from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.transactions import Store
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.shared.ids import AccountId
from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.http.limits import Rates
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.entrypoints.wiring.memory import memory_ports
from higherstudy.entrypoints.wiring.ports import Ports

MANY = Rates(exports=1000, erasures=1000)
CATALOGUE = Path(higherstudy.adapters.bundled.__file__).with_name("catalogue")


@pytest.fixture(scope="session")
def catalogue() -> Store:
    """A store with the bundled catalogue in it, that is only ever copied."""
    store = Store()
    asyncio.run(_bring_in(memory_ports(store=store)))
    return store


async def _bring_in(ports: Ports) -> None:
    keeper = Asker(AccountId(UUID(int=1)), frozenset({Role.ADMIN}))
    import_catalogue = use_cases_over(ports).import_catalogue()
    for file in sorted(CATALOGUE.glob("*.toml")):
        await import_catalogue(keeper, source_of(file))


def _like(filled: Store) -> Store:
    """Another store with the same catalogue; its rows never change, so they may be shared."""
    store = Store()
    for table, rows in filled.catalogue.rows.items():
        store.catalogue.rows[table]._kept.update(rows._kept)
    store.catalogue.editions._kept.update(filled.catalogue.editions._kept)
    return store


@pytest.fixture
def key() -> SigningKey:
    """What every server here signs its tokens with."""
    return KEY


@pytest.fixture
def server(catalogue: Store, tmp_path: Path) -> Server:
    """A server of this test's own."""
    return a_server(catalogue, tmp_path)


@pytest.fixture
def allowing(catalogue: Store, tmp_path: Path) -> Server:
    """A server that pages of one other origin may call."""
    return a_server(catalogue, tmp_path, "https://study.example")


@pytest.fixture(scope="module")
def shared(catalogue: Store, tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """A server for tests that change nothing, with a student who has made one of each."""
    server = a_server(catalogue, tmp_path_factory.mktemp("shared"))
    return asyncio.run(_with_a_record(server))


async def _with_a_record(server: Server) -> Shared:
    async with server.client() as client:
        token = await sign_in(client, "student@example.org")
    async with server.client(token) as client:
        return Shared(server, token, await a_record(client))


def a_server(catalogue: Store, folder: Path, *allowed_origins: str, **given_too: Any) -> Server:
    """A server in memory, with its files in the folder, that is given other things where the test says so."""
    clock = MemoryClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    files = FolderFiles(folder / "files", b"k" * 32)
    incoming = FolderIncoming(files, folder / "incoming", b"k" * 32)
    ports = replace(memory_ports(clock, _like(catalogue)), files=files, incoming=incoming)
    given = Given(
        ports,
        JwtTokens(KEY, clock),
        files,
        source_of,
        feed,
        Checks({}),
        tickets=incoming,
        allowed_origins=allowed_origins,
        address="https://study.example.org",
        **given_too,
    )
    return Server(create_app(given), ports, clock)


@pytest.fixture
async def anybody(server: Server) -> AsyncIterator[httpx2.AsyncClient]:
    """A client that has not signed in."""
    async with server.client() as client:
        yield client


@pytest.fixture
async def owner(server: Server, anybody: httpx2.AsyncClient) -> AsyncIterator[httpx2.AsyncClient]:
    """A student's client."""
    async with server.client(await sign_in(anybody, "student@example.org")) as client:
        yield client


@pytest.fixture
async def admin(server: Server, anybody: httpx2.AsyncClient) -> AsyncIterator[httpx2.AsyncClient]:
    """An administrator's client."""
    token = await sign_in(anybody, "keeper@example.org")
    async with server.ports.transactions() as work:
        account = await work.accounts.find_by_email("keeper@example.org")
        assert account is not None
        account.grant(Role.ADMIN)
        await work.accounts.save(account)
    async with server.client(token) as client:
        yield client


@pytest.fixture
async def world(catalogue: Store, tmp_path: Path) -> World:
    """A server with one of everything on it, and everybody who might ask, as often as that takes."""
    return await a_world(a_server(catalogue, tmp_path, rates=MANY))


@pytest.fixture(scope="module")
def one_world(catalogue: Store, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The same for a whole file of tests: nothing stays of what is asked through it."""
    return asyncio.run(a_world(a_server(catalogue, tmp_path_factory.mktemp("one-world"), rates=MANY)))


async def sign_in(client: httpx2.AsyncClient, email: str) -> str:
    """Register the address and return an access token for it."""
    registered = await client.post("/v1/accounts", json={"email": email, "password": PASSWORD, "name": "MY NAME"})
    assert registered.status_code == 201, registered.text
    signed_in = await client.post("/v1/sessions", json={"email": email, "password": PASSWORD})
    token: Any = signed_in.json()["access_token"]
    return str(token)
