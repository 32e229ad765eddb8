"""Whatever a request is counted for: Redis is asked once for it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from records import Server
from redis.asyncio import Redis

import servers
from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.redis.connection import RedisConnection
from higherstudy.adapters.redis.limits import RedisLimits
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.http.limits import Rates
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.entrypoints.wiring.memory import memory_ports

ACCOUNT = {"email": "student@example.org", "password": "seven quiet rivers at dawn"}


@pytest.fixture
async def client(
    own_redis: servers.OwnRedis, connection: RedisConnection, tmp_path: Path
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a server that counts in Redis, and of little else: nothing is taken by the handful there."""
    clock = MemoryClock()
    ports, files = memory_ports(clock), FolderFiles(tmp_path, b"k" * 32)
    tokens = JwtTokens(SigningKey(Ed25519PrivateKey.generate()), clock)
    rates = Rates(sign_ins=100, requests=100, matches=100, addresses=100)
    given = Given(ports, tokens, files, source_of, feed, Checks({}), limits=RedisLimits(connection), rates=rates)
    async with Server(create_app(given), ports, clock).client() as client:
        await client.post("/v1/accounts", json=ACCOUNT)  # Redis learns the script
        yield client


class Watched:
    """What Redis was asked by clients, without what a script does inside it."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url)

    async def __aenter__(self) -> Self:
        self._monitor = await self._redis.monitor().__aenter__()  # type: ignore[no-untyped-call]
        await self.asked()  # our own second connection says hello
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._monitor.connection.disconnect()
        await self._redis.aclose()

    async def asked(self) -> list[str]:
        """Return the commands since the last look."""
        await self._redis.echo("so far")
        found = []
        while "so far" not in (told := await self._monitor.next_command())["command"]:
            if told["client_type"] != "lua":
                found.append(told["command"].split()[0].upper())
        return found


async def test_a_request_asks_redis_once_however_many_limits_it_falls_under(
    client: httpx2.AsyncClient, own_redis: servers.OwnRedis
) -> None:
    async with Watched(own_redis.url) as watched:
        signed_in = await client.post("/v1/sessions", json=ACCOUNT)
        sign_in = await watched.asked()
        me = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}

        told = {}
        for name, path, headers in (
            ("a stranger", "/v1/packs", {}),
            ("an account", "/v1/me", me),
            ("an account that matches", "/v1/students/me/matches", me),
            ("a token that is none", "/v1/me", {"Authorization": "Bearer none"}),
        ):
            answer = await client.get(path, headers=headers)
            told[name] = (answer.headers.get("ratelimit-policy", "").count(";q="), await watched.asked())
        refused = await client.put("/v1/me/password", json={"current": "not hers", "new": "x" * 20}, headers=me)
        change = await watched.asked()

    assert signed_in.status_code == 201
    assert signed_in.headers["ratelimit-policy"].count(";q=") == 1
    assert refused.headers["ratelimit-policy"].count(";q=") == 3
    assert (sign_in, change) == (["EVALSHA"], ["EVALSHA"])
    assert told == {
        "a stranger": (1, ["EVALSHA"]),
        "an account": (2, ["EVALSHA"]),
        "an account that matches": (2, ["EVALSHA"]),
        "a token that is none": (0, ["EVALSHA"]),
    }


async def test_whoever_is_known_to_have_used_it_up_costs_redis_nothing(
    client: httpx2.AsyncClient, own_redis: servers.OwnRedis
) -> None:
    statuses = [
        (await client.post("/v1/sessions", json={**ACCOUNT, "email": f"one{n}@example.org"})).status_code
        for n in range(101)
    ]
    async with Watched(own_redis.url) as watched:
        refused = [await client.post("/v1/sessions", json=ACCOUNT) for _ in range(20)]
        asked = await watched.asked()

    assert statuses[-1] == 429
    assert {answer.status_code for answer in refused} == {429}
    assert asked == []
