"""PostgreSQL ends where it stands and comes back: what was answered is there, what was not may be asked again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
from processes import Processes
from proxy import Proxy, place_of
from waiting import until

import servers
from servers.own_postgres import OwnPostgres

from .writers import Writers, a_student

STOPS = {"kill -9": OwnPostgres.kill, "immediate stop": OwnPostgres.stop_at_once}


@dataclass
class Behind:
    """A PostgreSQL of the test's own behind a fixed address, with one migrated database."""

    server: OwnPostgres
    proxy: Proxy
    database: servers.Database

    @property
    def url(self) -> str:
        """Where it always is."""
        return self.proxy.url(self.database.app_url)

    def back(self) -> None:
        """Start it again after a hard stop."""
        database = self.server.start().database(self.database.name)
        self.proxy.target = place_of(database.app_url)


@pytest.fixture
async def behind() -> AsyncIterator[Behind]:
    server = OwnPostgres()
    try:
        database = await asyncio.to_thread(lambda: server.start().fresh("away"))
        await asyncio.to_thread(servers.migrate, database)
        with Proxy.before(database.app_url) as proxy:
            yield Behind(server, proxy, database)
    finally:
        server.close()


@pytest.mark.parametrize("stop", STOPS.values(), ids=STOPS)
async def test_what_was_answered_survives_and_what_was_not_is_made_once(
    started: Processes, behind: Behind, stop: Callable[[OwnPostgres], None]
) -> None:
    """Survives: every answered document, once, and the mail that each registration is owed. Need not: requests under
    way, which get 503 or no answer, never 500."""
    started.settings["DATABASE_URL"] = behind.url
    started.settings["MIGRATE_AT_START"] = "false"
    api, work, relay = await asyncio.gather(*map(asyncio.to_thread, (started.serve, started.work, started.relay)))
    writers = Writers(api.address, await a_student(api.address, "owner@example.org"))

    async with writers.writing():
        await until(lambda: len(writers.promised) > 20)
        await asyncio.to_thread(stop, behind.server)
        await until(lambda: writers.answers[503] > 2)
        assert api.lives()
        assert api.ready()["status"] == "unavailable"
        before = len(writers.promised)
        await asyncio.to_thread(behind.back)
        back = await until(lambda: len(writers.promised) > before + 20, 30)
    await writers.settle()
    await a_student(api.address, "another@example.org")
    mailed = await until(lambda: len(list((started.home / "outbox").glob("*.eml"))) == 2, 30)

    assert back < 15
    assert mailed < 30
    assert work.lives()
    assert relay.lives()
    assert not writers.unsure
    assert await writers.kept() == dict.fromkeys(writers.promised.values(), 1)
    assert set(writers.answers) <= {0, 201, 503}
