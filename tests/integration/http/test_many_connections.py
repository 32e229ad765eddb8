"""Many more connections than the pool has: everybody is answered, and in the end the pool is whole."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx2
import pytest
from processes import Process, Processes, processes
from records import PDF, Record, a_record
from waiting import until

import higherstudy.adapters.bundled
import servers
from servers.programs import LOCAL, free_port

GERMANY = Path(higherstudy.adapters.bundled.__file__).with_name("catalogue") / "germany.toml"
PASSWORD = "seven quiet rivers at dawn"
CONNECTIONS, STUDENTS, TRIES = 64, 4, 3
IN_USE = re.compile(rb'^higherstudy_database_connections\{state="in_use"\} (\S+)$', re.MULTILINE)


@pytest.fixture
def started(database: servers.Database, tmp_path: Path) -> Iterator[Processes]:
    settings = {
        "DATABASE_URL": database.app_url,
        "MIGRATE_AT_START": "false",
        "DATABASE_CONNECTIONS": "8",
        "DATABASE_EXTRA_CONNECTIONS": "4",
        "ADMIN_EMAIL": "admin@example.org",
        "SECOND_FACTOR_ROLES": "none",
    }
    with processes(tmp_path, settings) as own:
        yield own


@dataclass
class Caller:
    """One keep-alive connection of a student, which asks for one thing after another."""

    client: httpx2.AsyncClient
    record: Record
    name: str
    answered: int = 0

    async def call(self) -> int:
        """Make a paper, send its file, look around, ask what would be if, and make the paper once more, which gives the
        first answer; return how many requests were answered as they should be."""
        paper = {"json": {"kind": "passport"}, "headers": {"Idempotency-Key": self.name}}
        what_if = {"json": {"durations": {"DE3": 200}}}
        made = await self._ask("POST", "/v1/students/me/documents", **paper)
        document = f"/v1/documents/{made.json()['id']}"
        await self._ask("POST", f"{document}/versions?file_name=a.pdf", content=PDF, headers={"If-Match": '"1"'})
        await self._ask("GET", "/v1/students/me/applications")
        await self._ask("POST", f"/v1/plans/{self.record.plan}/what-ifs", **what_if)
        await self._ask("GET", document)
        again = await self._ask("POST", "/v1/students/me/documents", **paper)
        assert again.content == made.content
        return self.answered

    async def _ask(self, method: str, path: str, **request: Any) -> httpx2.Response:
        answer = await self.client.request(method, path, **request)
        for _ in range(TRIES - 1):
            if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
                await asyncio.sleep(int(answer.headers["retry-after"]))
                answer = await self.client.request(method, path, **request)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        self.answered += 1
        return answer


async def test_64_connections_on_a_pool_of_12_are_all_answered_and_none_of_the_pool_stays_in_use(
    started: Processes,
) -> None:
    side_door = str(free_port())
    api = await asyncio.to_thread(started.serve, HEALTH_PORT=side_door)
    await _bring_in(api, json.loads((started.home / "first-admin.json").read_text()))
    students = cycle([await _a_student(api, number) for number in range(STUDENTS)])
    callers = [
        Caller(_connection(api, token), record, f"caller-{number}")
        for number, (token, record) in zip(range(CONNECTIONS), students, strict=False)
    ]

    async with asyncio.timeout(120):
        answered = await asyncio.gather(*(caller.call() for caller in callers))
    for caller in callers:
        await caller.client.aclose()

    assert sum(answered) == CONNECTIONS * 6
    await until(lambda: _none_in_use(side_door), what="no connection of the pool is in use")


async def _bring_in(api: Process, admin: dict[str, str]) -> None:
    async with api.client(await _token(api, admin)) as keeper:
        answer = await keeper.post("/v1/imports?file_name=germany.toml", content=GERMANY.read_bytes())
        assert answer.status_code == 201, answer.text


async def _a_student(api: Process, number: int) -> tuple[str, Record]:
    who = {"email": f"student{number}@example.org", "password": PASSWORD}
    async with api.client() as anybody:
        assert (await anybody.post("/v1/accounts", json=who)).status_code == 201
    token = await _token(api, who)
    async with api.client(token) as owner:
        return token, await a_record(owner)


async def _token(api: Process, who: dict[str, str]) -> str:
    async with api.client() as anybody:
        answer = await anybody.post("/v1/sessions", json={name: who[name] for name in ("email", "password")})
        return str(answer.json()["access_token"])


def _connection(api: Process, token: str) -> httpx2.AsyncClient:
    limits = httpx2.Limits(max_connections=1, max_keepalive_connections=1)
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.AsyncClient(base_url=api.address, headers=headers, limits=limits, timeout=60)


async def _none_in_use(side_door: str) -> bool:
    async with httpx2.AsyncClient() as watcher:
        figures = (await watcher.get(f"http://{LOCAL}:{side_door}/metrics")).content
    found = IN_USE.search(figures)
    assert found is not None, figures
    return float(found[1]) == 0
