"""How processes end, and what they say of a part that goes away under them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from processes import Process, Processes, processes
from serving import start
from waiting import until

import servers
from higherstudy.adapters.embedded_postgres.pidfile import running_in

HALF = b"POST /v1/accounts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
PASSWORD = "seven quiet rivers at dawn"


@pytest.fixture
def here(database: servers.Database, tmp_path: Path) -> Iterator[Processes]:
    settings = {"DATABASE_URL": database.app_url, "MIGRATION_DATABASE_URL": database.owner_url, "STOP_SECONDS": "20"}
    with processes(tmp_path, settings) as some:
        yield some


async def test_a_request_that_runs_is_answered_before_the_end(here: Processes) -> None:
    serve = here.serve()
    async with serve.client() as client:
        body = {"email": "last@example.org", "password": PASSWORD, "name": "Sample Student"}

        async def slow() -> AsyncIterator[bytes]:
            whole = json.dumps(body).encode()
            yield whole[:10]
            await asyncio.sleep(0.5)
            os.kill(serve.program.pid, signal.SIGTERM)
            await asyncio.sleep(1)
            yield whole[10:]

        answer = await client.post("/v1/accounts", content=slow(), headers={"Content-Type": "application/json"})

    assert answer.status_code == 201
    assert _ended(serve) == 0


def test_a_second_signal_ends_at_once(here: Processes) -> None:
    serve = here.serve()
    address = urlsplit(serve.address)
    with socket.create_connection((address.hostname, address.port)) as half:
        half.sendall(HALF)
        time.sleep(0.5)
        os.kill(serve.program.pid, signal.SIGTERM)
        time.sleep(1)
        os.kill(serve.program.pid, signal.SIGTERM)
        begun = time.monotonic()
        code = _ended(serve)

    assert code == 128 + signal.SIGTERM
    assert time.monotonic() - begun < 5


async def test_readiness_follows_redis_away_and_back(here: Processes) -> None:
    redis = servers.OwnRedis()
    redis.program.start()
    try:
        telling = {"REDIS_URL": redis.url}
        serve, work = here.serve(**telling), here.work(**telling)
        assert [one.ready()["status"] for one in (serve, work)] == ["ok", "ok"]

        redis.program.kill()
        await until(lambda: all(one.ready().get("status") == "degraded" for one in (serve, work)))
        without = serve.ready()
        redis.program.start()
        await until(lambda: all(one.ready().get("status") == "ok" for one in (serve, work)), 30)
    finally:
        redis.close()

    assert without["parts"]["redis"] == "unavailable"
    assert without["parts"]["database"] == "ok"


async def test_the_servers_own_postgresql_is_brought_back_when_it_dies(tmp_path: Path) -> None:
    serving = start(tmp_path / "home")
    try:
        data = tmp_path / "home" / "postgres" / "data"
        before = running_in(data)
        assert before is not None
        os.kill(before.pid, signal.SIGKILL)

        def back() -> bool:
            now = running_in(data)
            with serving.client() as client:
                return now is not None and now.pid != before.pid and client.get("/health/ready").status_code == 200

        await until(back, 40)
        with serving.client() as client:
            password = serving.password_of("student")
            signed_in = client.post("/v1/sessions", json={"email": "sample.student@example.org", "password": password})
        assert signed_in.status_code == 201, signed_in.text
    finally:
        code, _ = serving.stop()
    assert code == 0


def _ended(process: Process) -> int:
    running = process.program._process
    assert running is not None
    return int(running.wait(timeout=30))
