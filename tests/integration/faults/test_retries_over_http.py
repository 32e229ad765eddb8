"""The database's connection is cut at chosen moments of a request: what is safe is tried anew without the client
noticing, and what may have been kept is told, and made once when it is asked again with its key."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx2
import pytest
from processes import Process, processes
from proxy import Proxy
from waiting import until

import servers

from .writers import DOCUMENTS, a_student

SLOW_COMMITS = """
CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slowly AFTER INSERT ON documents DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION slowly();
"""
QUICK_COMMITS = "DROP TRIGGER slowly ON documents; DROP FUNCTION slowly()"
STANDS = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND "
COMMITTING = STANDS + "query = 'COMMIT')"
WAITING = STANDS + "wait_event = 'advisory')"
ROWS = "SELECT count(*) FROM documents WHERE label = $1"
NUMBERS = itertools.count()
Sent = asyncio.Task[httpx2.Response]


@dataclass
class Cut:
    """One API whose way to PostgreSQL can be cut, its student's client, and a look past the cut."""

    network: Proxy
    client: httpx2.AsyncClient
    admin: "asyncpg.Connection[Any]"

    async def make(self, label: str, *, key: bool) -> httpx2.Response:
        """Ask for a document of this label, with the label as its key."""
        headers = {"Idempotency-Key": label.replace(" ", "-")} if key else {}
        return await self.client.post(DOCUMENTS, json={"kind": "passport", "label": label}, headers=headers)

    def send(self, label: str, *, key: bool) -> Sent:
        return asyncio.create_task(self.make(label, key=key))

    async def when(self, moment: str) -> None:
        """Come back when the API's statement has come so far."""
        await until(lambda: self.admin.fetchval(moment), what=moment, pause=0.02)

    async def rows(self, label: str) -> int:
        return int(await self.admin.fetchval(ROWS, label))

    @asynccontextmanager
    async def waited_for(self, label: str) -> AsyncIterator[None]:
        """Let nobody add a document of this student while the block runs."""
        student = (await self.make(f"{label}, before", key=False)).json()["student_id"]
        await self.admin.execute("SELECT pg_advisory_lock(hashtextextended($1, 0))", f"documents of {student}")
        try:
            yield
        finally:
            await self.admin.execute("SELECT pg_advisory_unlock_all()")


@pytest.fixture(scope="module")
def served(database: servers.Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, Proxy]]:
    """An API that reaches its database only through the proxy."""
    with Proxy.before(database.app_url, seed=3) as network:
        settings = {"DATABASE_URL": network.url(database.app_url), "MIGRATE_AT_START": "false"}
        with processes(tmp_path_factory.mktemp("cut"), settings) as own:
            yield own.serve(), network


@pytest.fixture
async def cut(
    served: tuple[Process, Proxy], postgres: servers.Cluster, database: servers.Database
) -> AsyncIterator[Cut]:
    api, network = served
    token = await a_student(api.address, f"owner{next(NUMBERS)}@example.org")
    start, _, rest = postgres.admin_url.partition("?")
    url = start.rpartition("/")[0] + f"/{database.name}" + (f"?{rest}" if rest else "")
    admin = await asyncpg.connect(url)
    async with api.client(token) as client:
        yield Cut(network, client, admin)
    network.heal()
    await admin.close()


@pytest.fixture
async def slow_commits(cut: Cut) -> AsyncIterator[None]:
    """Let the commit of a new document take a second, in which its connection can be cut."""
    await cut.admin.execute(SLOW_COMMITS)
    yield
    await cut.admin.execute(QUICK_COMMITS)


ASKED: dict[str, Callable[[Cut, str], Awaitable[httpx2.Response]]] = {
    "a quick list": lambda cut, _: cut.client.get("/v1/students/me/applications"),
    "a question": lambda cut, _: cut.client.get("/v1/students/me/profile"),
    "a change with a key": lambda cut, label: cut.make(label, key=True),
    "a change without a key": lambda cut, label: cut.make(label, key=False),
}


@pytest.mark.parametrize("asked", ASKED)
async def test_whoever_asks_over_connections_that_died_meanwhile_is_answered(cut: Cut, asked: str) -> None:
    label = f"{asked}, before the statement"
    await ASKED[asked](cut, f"{label}, warm")
    cut.network.cut()

    answer = await ASKED[asked](cut, label)

    assert answer.status_code in (200, 201), answer.text
    assert await cut.rows(label) == ("change" in asked)


@pytest.mark.parametrize("key", [True, False], ids=["with a key", "without a key"])
async def test_a_change_that_is_cut_off_before_its_commit_is_made_once_and_its_client_does_not_notice(
    cut: Cut, key: bool
) -> None:
    label = f"before the commit {key}"
    async with cut.waited_for(label):
        sent = cut.send(label, key=key)
        await cut.when(WAITING)
        cut.network.cut()

    answer = await sent

    assert answer.status_code == 201, answer.text
    assert await cut.rows(label) == 1


@pytest.mark.usefixtures("slow_commits")
async def test_a_change_that_is_cut_off_over_its_commit_knows_itself_again_by_its_key(cut: Cut) -> None:
    sent = cut.send("known again", key=True)
    await cut.when(COMMITTING)
    cut.network.cut()

    answer = await sent
    again = await cut.make("known again", key=True)

    assert (answer.status_code, again.status_code) == (201, 201)
    assert answer.content == again.content
    assert await cut.rows("known again") == 1


@pytest.mark.usefixtures("slow_commits")
async def test_where_the_database_stays_away_over_a_commit_asking_again_with_the_key_gives_the_one_answer(
    cut: Cut,
) -> None:
    sent = cut.send("asked again", key=True)
    await cut.when(COMMITTING)
    cut.network.be(refusing=True)
    cut.network.cut()

    unsure = await sent
    cut.network.heal()
    answers = [await cut.make("asked again", key=True) for _ in range(2)]

    assert says_to_ask_again(unsure)
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert await cut.rows("asked again") == 1


@pytest.mark.usefixtures("slow_commits")
async def test_a_change_without_a_key_that_may_have_been_kept_is_told_so_and_not_made_twice(cut: Cut) -> None:
    sent = cut.send("no key", key=False)
    await cut.when(COMMITTING)
    cut.network.cut()

    unsure = await sent
    await until(lambda: _is_there(cut, "no key"))
    await cut.make("the next", key=True)  # comes after whatever may have been tried anew

    assert says_to_ask_again(unsure)
    assert await cut.rows("no key") == 1


def says_to_ask_again(answer: httpx2.Response) -> bool:
    problem = answer.json()
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert problem["code"] == "unavailable"
    [error] = problem["errors"]
    return (error["field"], error["code"]) == ("Idempotency-Key", "request.perhaps_kept")


async def _is_there(cut: Cut, label: str) -> bool:
    return await cut.rows(label) == 1
