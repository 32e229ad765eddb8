"""Other rules are in force in every process without a restart, and what was in force stays at hand."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx2
import pytest
from processes import Process, Processes, processes
from rule_worlds import germany
from waiting import until

import servers

KEEPER = {"email": "keeper@example.org", "password": "seven quiet rivers at dawn"}


@pytest.fixture(scope="module")
def two(database: servers.Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Two API processes and a worker on one database."""
    settings = {
        "DATABASE_URL": database.app_url,
        "MIGRATION_DATABASE_URL": database.owner_url,
        "SECOND_FACTOR_ROLES": "none",
    }
    with processes(tmp_path_factory.mktemp("two"), settings) as all_of_them:
        all_of_them.serve("one", JOBS_AT_ONCE="2")
        all_of_them.serve("other")
        all_of_them.work()
        yield all_of_them


@asynccontextmanager
async def keeper_at(process: Process, database: servers.Database) -> AsyncIterator[httpx2.AsyncClient]:
    """Give the client of an administrator."""
    async with process.client() as stranger:
        await stranger.post("/v1/accounts", json={**KEEPER, "name": "Sample Keeper"})
        connection = await asyncpg.connect(database.owner_url)
        await connection.execute("UPDATE accounts SET roles = '{admin}' WHERE email = $1", KEEPER["email"])
        await connection.close()
        token = (await stranger.post("/v1/sessions", json=KEEPER)).json()["access_token"]
    async with process.client(token) as client:
        yield client


async def amount_at(process: Process) -> Any:
    """Return what the German blocked account holds a month, by the packs in force in the process."""
    async with process.client() as client:
        facts = await client.get(
            "/v1/facts", params={"key": "de.blocked_account.monthly", "on": "2026-12-01", "country": "DE"}
        )
        return facts.json()["items"][0]["value"]


async def test_a_pack_that_one_process_switches_on_is_in_force_in_the_other(
    two: Processes, database: servers.Database
) -> None:
    one, other, work = two.started
    before = [await amount_at(process) for process in (one, other)]
    async with keeper_at(one, database) as keeper:
        pack = (await keeper.post("/v1/rulebook/packs", content=germany().encode())).json()["sha256"]
        begun = await keeper.post("/v1/rulebook/impacts", json={"packs": [pack]})
        address = begun.headers["location"]
        await until(lambda: is_finished(keeper, address))
        current = await keeper.get("/v1/rulebook/editions/current")
        answer = await keeper.post(
            "/v1/rulebook/editions",
            json={"packs": [pack], "impact": begun.json()["id"]},
            headers={"If-Match": current.headers["etag"]},
        )
        assert answer.status_code == 201, answer.text

        await until(lambda: has(one, "1052"))
        await until(lambda: has(other, "1052"))

    assert before == ["992", "992"]
    assert [process.ready()["parts"]["rules"] for process in (one, other, work)] == ["ok"] * 3


async def test_a_process_that_starts_later_has_in_force_what_the_others_have(two: Processes) -> None:
    two.started[1].stop()
    two.started[1].start()

    assert await amount_at(two.started[1]) == "1052"


async def is_finished(keeper: httpx2.AsyncClient, address: str) -> bool:
    return bool((await keeper.get(address)).json()["state"] == "finished")


async def has(process: Process, amount: str) -> bool:
    return bool(await amount_at(process) == amount)
