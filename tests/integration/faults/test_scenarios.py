"""Nasty scenarios of jobs, files, clocks and redelivery that no other test has in whole, and where the others are:

8  a client that times out: here; killed in between: test_api_killed.py
12 clocks ten minutes apart, and clocks that step: test_clocks.py
13 an import that is killed: here; that breaks off: tests/integration/postgres/test_register.py
17 a worker that dies between a provider's acceptance and its record: test_ten_thousand_jobs.py, and at each single
   place tests/integration/jobs/test_killed_process.py
20 a full disk: test_disk_full.py; a store that is away, slow or silent: test_store_away.py; orphans:
   tests/integration/s3/test_uploads_for_real.py
21 Redis gone: test_background_without.py for jobs, tests/integration/redis/test_served.py for limits and reads
24 several relays at once: here; one of them killed or frozen: test_background_killed.py
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
import redis.asyncio
from processes import Process, Processes
from proxy import Proxy, place_of
from registers import a_course, a_register
from waiting import until

import servers
from higherstudy.domain.shared.ids import AccountId

from .registrations import registrations
from .writers import DOCUMENTS, a_student

ROWS = 6000


async def test_8_a_client_that_hears_nothing_gets_the_first_answer_after_a_restart_an_emptied_redis_and_a_day(
    started: Processes, database: servers.Database, redis_url: str
) -> None:
    """Survives: the answer, byte by byte, since it lies with its effect. Need not: anything in Redis."""
    started.settings.update(DATABASE_URL=database.app_url, REDIS_URL=redis_url)
    api = started.serve()
    token = await a_student(api.address, "patient@example.org")
    key = {"Idempotency-Key": "the one passport", "Authorization": f"Bearer {token}"}
    connection = await asyncpg.connect(database.owner_url)

    with Proxy(*place_of(api.address)) as network:
        network.be(mute=True)
        async with httpx2.AsyncClient(base_url=network.url(api.address), timeout=1) as client:
            with pytest.raises(httpx2.HTTPError):
                await client.post(DOCUMENTS, json={"kind": "passport"}, headers=key)
            await until(lambda: _has_answered(connection), what="the answer is kept")
    answers = [await _post(api, key)]
    await asyncio.to_thread(api.stop)
    async with redis.asyncio.from_url(redis_url) as kept:
        await kept.flushdb()
    aged = await connection.execute("UPDATE answers SET created_at = created_at - interval '25 hours'")
    await connection.close()
    await asyncio.to_thread(api.start)
    answers.append(await _post(api, key))

    async with api.client(token) as owner:
        papers = (await owner.get(DOCUMENTS)).json()["items"]
    assert aged == "UPDATE 1"
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert [one["id"] for one in papers] == [answers[0].json()["id"]]


async def test_13_an_import_that_is_killed_leaves_no_half_catalogue_and_is_whole_the_next_time(
    started: Processes, database: servers.Database, tmp_path: Path
) -> None:
    """Survives: what the file says, once it is brought again: each row, once. Need not: the run that was killed, which
    is never shown as done and, soon, as broken off."""
    started.settings.update(DATABASE_URL=database.app_url, ADMIN_EMAIL="admin@example.org", SECOND_FACTOR_ROLES="none")
    book = a_register(tmp_path / "register.xlsx", courses=[a_course(f"{number:06}A") for number in range(ROWS)])
    content = book.read_bytes()
    api = started.serve()
    admin = json.loads((started.home / "first-admin.json").read_text())
    connection = await asyncpg.connect(database.owner_url)

    async with await _signed_in(api, admin) as client:
        importing = asyncio.create_task(_import(client, content))
        await until(lambda: _runs(connection), what="the import runs", pause=0.02)
        api.kill()
        with pytest.raises(httpx2.HTTPError):
            await importing
    await until(lambda: _alone(connection), what="PostgreSQL notices that the process is gone")
    half = await connection.fetchval("SELECT count(*) FROM programmes")
    await connection.execute("UPDATE imports SET started_at = started_at - interval '1 minute'")
    await asyncio.to_thread(api.start)
    async with await _signed_in(api, admin) as client:
        whole = (await _import(client, content)).json()
        again = (await _import(client, content)).json()
    await until(lambda: _is_broken_off(connection), what="the run that was killed is shown as broken off")
    there = await connection.fetchval("SELECT count(*) FROM programmes")
    await connection.close()

    assert half in (0, ROWS)  # all of it or nothing
    assert (whole["state"], again["state"]) == ("finished", "finished")
    assert there == ROWS


async def test_24_two_relays_keep_the_order_of_each_aggregate_and_pass_each_event_on_once(
    started: Processes, database: servers.Database
) -> None:
    """Survives: the order in which each account's events happened, and one job for each event."""
    started.settings["DATABASE_URL"] = database.app_url
    relays = await asyncio.gather(*(asyncio.to_thread(started.relay, name) for name in ("relay-1", "relay-2")))

    async with registrations(database.app_url, started.home) as people:
        await people.commit(40)
        ids = [AccountId(row["id"]) for row in await people.connection.fetch("SELECT id FROM accounts LIMIT 40")]
        for relay in relays:  # so that much waits when both begin at once
            relay.freeze()
        for version in range(2, 32):
            await people.record_again(ids, version)
        for relay in relays:
            relay.thaw()
        await until(lambda: _passed_on(people.connection), 30, what="every event is passed on")
        out_of_order = await people.connection.fetchval(
            """
            WITH passed_on AS (
                SELECT outbox.aggregate_id, outbox.position AS happened, jobs.position AS followed
                FROM outbox JOIN jobs ON jobs.event_id = outbox.id
            )
            SELECT count(*) FROM passed_on AS earlier JOIN passed_on AS later USING (aggregate_id)
            WHERE earlier.happened < later.happened AND earlier.followed > later.followed
            """
        )
        events = await people.connection.fetch("SELECT id FROM outbox WHERE tag = 'account.registered.v1'")
        jobs = await people.connection.fetch("SELECT event_id AS id FROM jobs WHERE reaction = 'mail_welcome'")

    assert len(events) >= 40 * 31
    assert out_of_order == 0
    assert sorted(row["id"] for row in jobs) == sorted(row["id"] for row in events)


async def _has_answered(connection: asyncpg.Connection) -> bool:
    return bool(await connection.fetchval("SELECT count(*) = 1 FROM answers WHERE status = 201"))


async def _post(api: Process, key: dict[str, str]) -> httpx2.Response:
    async with api.client() as client:
        return await client.post(DOCUMENTS, json={"kind": "passport"}, headers=key)


async def _signed_in(api: Process, who: dict[str, str]) -> httpx2.AsyncClient:
    async with api.client() as anybody:
        answer = await anybody.post("/v1/sessions", json={"email": who["email"], "password": who["password"]})
    return api.client(str(answer.json()["access_token"]))


async def _import(client: httpx2.AsyncClient, content: bytes) -> Any:
    return await client.post("/v1/imports", params={"file_name": "register.xlsx"}, content=content)


async def _runs(connection: asyncpg.Connection) -> bool:
    return bool(await connection.fetchval("SELECT count(*) FROM imports"))


async def _is_broken_off(connection: asyncpg.Connection) -> bool:
    return bool(await connection.fetchval("SELECT state = 'broken_off' FROM imports ORDER BY started_at LIMIT 1"))


async def _alone(connection: asyncpg.Connection) -> bool:
    """Say whether nobody else is connected to the database: what a killed process held is then given up."""
    others = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    return not await connection.fetchval(f"SELECT count(*) FROM pg_stat_activity WHERE {others}")


async def _passed_on(connection: asyncpg.Connection) -> bool:
    return bool(await connection.fetchval("SELECT count(*) = 0 FROM outbox WHERE passed_on_at IS NULL"))
