"""Served processes that share a Redis, while it is killed, frozen, started again and emptied under requests."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from processes import Process, Processes, processes
from real_ports import real_ports
from redis.asyncio import Redis
from waiting import until

import servers
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.shared.ids import AccountId
from higherstudy.entrypoints.wiring.containers.every import use_cases_over

CSV = """key,institution_key,institution,country,name,level,source_title,retrieved_on,confidence
limnology,lake,Lake University,SE,Limnology,master,A page,2026-11-01,U
"""
PASSWORD = "seven quiet rivers at dawn"
EMAIL = "student@example.org"
BOUND = 3.0
"""Seconds that a read may take with Redis away: a tenth of one is for Redis, the rest for a machine busy with tests."""


@pytest.fixture
def served(own_redis: servers.OwnRedis, database_url: str, tmp_path: Path) -> Iterator[Processes]:
    """A place to start processes in that share the Redis and a database."""
    settings = {"DATABASE_URL": database_url, "MIGRATE_AT_START": "false", "REDIS_URL": own_redis.url}
    with processes(tmp_path, settings) as own:
        yield own


async def _sign_in(client: httpx2.AsyncClient, email: str = EMAIL, password: str = PASSWORD) -> httpx2.Response:
    return await client.post("/v1/sessions", json={"email": email, "password": password})


async def _account(client: httpx2.AsyncClient, email: str) -> dict[str, str]:
    """Register, and return the headers of who has signed in."""
    registered = await client.post("/v1/accounts", json={"email": email, "password": PASSWORD})
    assert registered.status_code == 201, registered.text
    signed_in = await _sign_in(client, email)
    assert signed_in.status_code == 201, signed_in.text
    return {"Authorization": f"Bearer {signed_in.json()['access_token']}"}


@dataclass
class Reader:
    """Reads the catalogue and its own account again and again, and notes what it was answered after how long."""

    api: Process
    me: dict[str, str]
    statuses: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """Read for the length of the block."""
        task = asyncio.create_task(self._read())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _read(self) -> None:
        async with self.api.client() as client:
            while True:
                for path in ("/v1/programmes?limit=2", "/v1/me", "/v1/packs"):
                    begun = time.monotonic()
                    answer = await client.get(path, headers=self.me)
                    self.slowest = max(self.slowest, time.monotonic() - begun)
                    self.statuses[answer.status_code] += 1
                await asyncio.sleep(0.01)


async def test_two_processes_count_one_limit(served: Processes) -> None:
    """Survives: the limit, whichever process is asked."""
    one, other = (served.serve(name, SIGN_IN_LIMIT="6") for name in ("one", "other"))

    async with one.client() as first, other.client() as second:
        tried = [await _sign_in(client, "nobody@example.org", "a guess") for client in (first, second) * 4]

    assert [answer.status_code for answer in tried] == [401] * 6 + [429] * 2


@pytest.mark.parametrize("way", ["killed", "frozen"])
async def test_the_api_serves_without_redis_and_takes_it_up_again_by_itself(
    served: Processes, own_redis: servers.OwnRedis, way: str
) -> None:
    """Survives: accounts, tokens, every read. Does not: counts of limits; signing in while nobody can count."""
    api = served.serve()
    async with api.client() as client:
        me = await _account(client, f"{way}@example.org")
        assert api.ready()["status"] == "ok"
        reader = Reader(api, me)

        async with reader.reading():
            await asyncio.sleep(0.5)
            own_redis.program.kill() if way == "killed" else own_redis.program.freeze()
            refused = [await _sign_in(client, f"{way}@example.org") for _ in range(5)]
            write = await client.post("/v1/students/me/documents", json={"kind": "passport"}, headers=me)
            await until(lambda: api.ready().get("status") == "degraded", 10)
            during = await client.get("/health/ready")
            await asyncio.sleep(1)
            own_redis.program.thaw() if way == "frozen" else await asyncio.to_thread(own_redis.program.start)
            await until(lambda: _may_sign_in(client, f"{way}@example.org"), 15)
            await until(lambda: api.ready()["status"] == "ok", 10)

    assert {answer.status_code for answer in refused} == {503}
    assert {answer.json()["errors"][0]["code"] for answer in refused} == {"limit.cannot_count"}
    assert write.status_code == 201
    assert (during.status_code, during.json()["parts"]["redis"]) == (200, "unavailable")
    assert set(reader.statuses) == {200}
    assert reader.slowest < BOUND


async def test_an_emptied_redis_loses_nothing_but_counts_and_copies(
    served: Processes, own_redis: servers.OwnRedis
) -> None:
    """Survives: everything that was answered, byte for byte. Does not: counts of limits."""
    api = served.serve(SIGN_IN_LIMIT="30")
    async with api.client() as client:
        me = await _account(client, "emptied@example.org")
        key = {"Idempotency-Key": "my passport", **me}
        made = await client.post("/v1/students/me/documents", json={"kind": "passport"}, headers=key)
        before = (await client.get("/v1/programmes?limit=2")).content
        reader = Reader(api, me)

        async with Redis.from_url(own_redis.url) as redis, reader.reading():
            for _ in range(20):
                await redis.flushall()
                await redis.script_flush()
                await asyncio.sleep(0.05)
        again = await client.post("/v1/students/me/documents", json={"kind": "passport"}, headers=key)
        signed_in = [(await _sign_in(client, "emptied@example.org")).status_code for _ in range(3)]
        after = (await client.get("/v1/programmes?limit=2")).content

    assert set(reader.statuses) == {200}
    assert (again.status_code, again.content, after) == (201, made.content, before)
    assert signed_in == [201] * 3


async def test_an_import_shows_at_once_in_every_process_although_all_keep_copies(
    served: Processes, database_url: str, tmp_path: Path
) -> None:
    """Survives: nothing of what was, from the moment at which the import is done."""
    apis = [served.serve(name) for name in ("one", "other")]
    engine = create_engine(database_url)
    async with real_ports(engine, tmp_path / "ports") as real:
        keep = use_cases_over(real.ports).import_catalogue()
        book = tmp_path / "lakes.csv"
        seen: list[list[str]] = []

        async with apis[0].client() as one, apis[1].client() as other:
            for number in range(10):
                book.write_text(CSV.replace("Limnology", f"Limnology {number}"))
                await keep(Asker(AccountId(UUID(int=1)), frozenset({Role.ADMIN})), source_of(book))
                for client in (one, other, one, other):
                    answer = (await client.get("/v1/programmes?text=limnology")).json()
                    seen.append([item["name"] for item in answer["items"]])
    await engine.dispose()

    assert seen == [[f"Limnology {number // 4}"] for number in range(40)]


async def test_an_api_started_while_redis_is_away_serves_and_says_so(
    served: Processes, own_redis: servers.OwnRedis
) -> None:
    """Survives: the start, and every read."""
    own_redis.program.kill()

    api = served.serve()

    async with api.client() as client:
        assert (await client.get("/v1/programmes")).status_code == 200
        assert (await _sign_in(client, "nobody@example.org")).status_code == 503
    assert (api.ready()["status"], api.ready()["parts"]["redis"]) == ("degraded", "unavailable")


async def _may_sign_in(client: httpx2.AsyncClient, email: str) -> bool:
    answer = await _sign_in(client, email)
    assert answer.status_code in (201, 503)
    return answer.status_code == 201
