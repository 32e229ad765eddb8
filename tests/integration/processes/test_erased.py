"""Nothing of what an erased student ever gave is found anywhere; she has exported everything before."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
from processes import Process, Processes, processes
from records import PDF
from redis.asyncio import Redis
from waiting import until

import servers

YEAR = datetime.now(UTC).year + 2
PASSWORD = "seven quiet rivers at dawn"
KEEPER = {"email": "keeper@example.org", "password": PASSWORD}
INTAKE = {"term": "winter", "starts_on": f"{YEAR}-10-01"}
PLANTED = {
    "email": "planted.rahila@quokka-mail.example",
    "name": "Rahila Plantedname",
    "city": "Plantedpur",
    "passport": "PLNTD4711",
    "title": "B.Sc. in Plantedology",
    "institution": "University of Plantedgaon",
    "employer": "Planted Mills Ltd",
    "label": "my planted label",
    "file": "planted-passport-scan",
    "on_paper": "RAHILA PLANTED-ON-PAPER",
    "answer": "the planted office burnt down",
    "note": "a planted other offer",
    "override": "the planted faculty wrote to me",
    "access": "she asked by planted telephone",
    "device": "PlantedPhone/9.1",
}
CATALOGUE = """
[catalogue]
id = "journey"
title = "One programme"
edition = "1"

[[sources]]
id = "page"
title = "A page"
kind = "official"
retrieved_on = 2026-11-23

[[institutions]]
key = "journey-university"
name = "Journey University"
country = "DE"
zone = "Europe/Berlin"
source = "page"

[[programmes]]
key = "journey-master"
institution = "journey-university"
name = "Journey Studies"
level = "master"
languages = ["en"]
source = "page"
confidence = "U"
synthetic = true

[programmes.requirement]
all = [{ degree = { level = "bachelor" } }, { document = { kind = "passport" } }]

[[programmes.intakes]]
term = "winter"
starts_each = "10-01"
deadlines = [{ kind = "application", each = "05-31", time = "23:59", zone = "Europe/Berlin", basis = "received" }]
"""
CONTENT = PDF.replace(b"endobj", b"% planted-bytes-of-the-file endobj")
INCOMING = PDF.replace(b"endobj", b"% planted-bytes-under-way endobj")


@pytest.fixture
def system(database: servers.Database, redis_url: str, tmp_path: Path) -> Iterator[Processes]:
    """An API, a relay and a worker, that share PostgreSQL, Redis and a home; an erasure waits for nothing there."""
    settings = {
        "SECOND_FACTOR_ROLES": "none",
        "DATABASE_URL": database.app_url,
        "MIGRATION_DATABASE_URL": database.owner_url,
        "REDIS_URL": redis_url,
        "ERASURE_WAIT_DAYS": "0",
    }
    with processes(tmp_path, settings) as all_of_them:
        all_of_them.serve("serve")
        all_of_them.relay()
        all_of_them.work()
        yield all_of_them


async def test_nothing_of_an_erased_student_is_found_and_no_backup_brings_her_back(
    system: Processes, database: servers.Database, redis_url: str
) -> None:
    api = system.started[0]
    another = await _registered(api, {"email": "another@example.org", "password": PASSWORD})
    token = await _registered(api, {"email": PLANTED["email"], "password": PASSWORD}, PLANTED["device"])
    async with api.client(token) as owner, _keeper(api, database) as keeper:
        await _filled(owner, keeper)
        await _helped(api, owner, database)
        archive = await _exported(owner)
        await until(lambda: _mails_to(system.home, PLANTED["email"]) >= 3, what="her mails lie there", patience=60)
    before = await _found_in(system.home, database, redis_url)
    backup = await _kept_rows(database)

    async with api.client(token) as owner:
        asked = await owner.post("/v1/students/me/erasure", json={"password": PASSWORD})
        assert asked.status_code == 202, asked.text
        await until(lambda: _is_erased(database), what="she is erased", patience=90)
        assert (await owner.get("/v1/me")).status_code == 401
    left = await _found_in(system.home, database, redis_url)

    assert _in_record(archive) == set(PLANTED)
    assert set(before) == {*PLANTED, "incoming"} - {"passport"}, "a passport's number and papers are kept sealed"
    assert left == {}
    async with api.client(another) as somebody_else:
        assert (await somebody_else.get("/v1/me")).json()["email"] == "another@example.org"
    async with api.client() as stranger:
        refused = await stranger.post("/v1/sessions", json={"email": PLANTED["email"], "password": PASSWORD})
        assert refused.status_code == 401

    await _put_back(database, backup)
    assert await _found_in(system.home, database, redis_url) != {}
    restarted = system.serve("again")  # it erases before it serves
    assert await _found_in(system.home, database, redis_url) == {}
    async with restarted.client() as stranger:
        refused = await stranger.post("/v1/sessions", json={"email": PLANTED["email"], "password": PASSWORD})
        assert refused.status_code == 401


async def _registered(api: Process, who: dict[str, str], device: str = "A browser") -> str:
    """Register twice by one key, so that the answer is kept, and return an access token."""
    async with api.client() as stranger:
        key = {"Idempotency-Key": "the-registration"}
        answers = [await stranger.post("/v1/accounts", json=who, headers=key) for _ in range(2)]
        assert answers[0].status_code == 201, answers[0].text
        signed_in = await stranger.post("/v1/sessions", json=who, headers={"User-Agent": device})
        assert signed_in.status_code == 201, signed_in.text
        return str(signed_in.json()["access_token"])


@asynccontextmanager
async def _keeper(api: Process, database: servers.Database) -> AsyncIterator[httpx2.AsyncClient]:
    """Give the client of an administrator who has brought the catalogue in."""
    async with api.client() as stranger:
        await stranger.post("/v1/accounts", json=KEEPER)
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute("UPDATE accounts SET roles = '{admin,counsellor}' WHERE email = $1", KEEPER["email"])
    await connection.close()
    async with api.client() as stranger:
        token = (await stranger.post("/v1/sessions", json=KEEPER)).json()["access_token"]
    async with api.client(token) as keeper:
        brought = await keeper.post("/v1/imports", params={"file_name": "one.toml"}, content=CATALOGUE.encode())
        assert brought.status_code == 201, brought.text
        yield keeper


async def _filled(owner: httpx2.AsyncClient, keeper: httpx2.AsyncClient) -> None:
    """Let her have one of everything."""
    seen = await owner.get("/v1/students/me/profile")
    profile = {
        "name": PLANTED["name"],
        "citizenships": ["BD"],
        "residence": {"country": "BD", "city": PLANTED["city"], "zone": "Asia/Dhaka"},
        "passport": {"number": PLANTED["passport"], "issued_on": "2024-02-11", "expires_on": f"{YEAR + 5}-02-10"},
        "qualifications": [
            {
                "level": "bachelor",
                "title": PLANTED["title"],
                "institution": PLANTED["institution"],
                "fields": ["0613"],
                "country": "BD",
                "finished_on": "2025-02-20",
            }
        ],
        "work": [{"employer": PLANTED["employer"], "begun_on": "2025-03-01"}],
    }
    await _ok(owner.patch("/v1/students/me/profile", json=profile, headers={"If-Match": seen.headers["etag"]}))
    programme = (await owner.get("/v1/programmes", params={"text": "journey studies"})).json()["items"][0]["id"]
    plan = await _ok(owner.post("/v1/students/me/plans", json={"targets": [{"programme_id": programme, **INTAKE}]}))
    link = await _ok(owner.post(f"/v1/plans/{plan['id']}/calendar-link"))
    assert (await owner.get(link["path"])).status_code == 200
    given = {"kind": "passport", "label": PLANTED["label"]}
    paper = await _ok(owner.post("/v1/students/me/documents", json=given, headers={"Idempotency-Key": "the-paper"}))
    stated = {"file_name": f"{PLANTED['file']}.pdf", "name_on_document": PLANTED["on_paper"]}
    days = {"issued_on": "2024-02-11", "expires_on": f"{YEAR + 5}-02-10"}
    await _ok(owner.post(f"/v1/documents/{paper['id']}/versions", content=CONTENT, params={**stated, **days}))
    lost = await _ok(owner.post("/v1/students/me/documents", json={"kind": "birth_certificate"}))
    said = {"answer": "cannot_obtain", "reason": PLANTED["answer"]}
    await _ok(owner.put(f"/v1/documents/{lost['id']}/answer", json=said, headers={"If-Match": '"1"'}))
    announced = {"size": len(INCOMING), "content_type": "application/pdf", "sha256": sha256(INCOMING).hexdigest()}
    upload = await _ok(owner.post(f"/v1/documents/{paper['id']}/uploads", json={**announced, **stated}))
    for part in upload["ticket"]["parts"]:
        sent = await owner.put(part["url"], content=INCOMING, headers=part["headers"])
        assert sent.status_code == 200, sent.text
    draft = await _ok(owner.post("/v1/students/me/applications", json={"programme_id": programme, **INTAKE}))
    here = f"/v1/applications/{draft['id']}"
    await _ok(owner.post(f"{here}/submission", headers={"Idempotency-Key": "the-submission"}))
    seen = await owner.get(here)
    taken_back = {"note": PLANTED["note"]}
    await _ok(owner.post(f"{here}/withdrawal", json=taken_back, headers={"If-Match": seen.headers["etag"]}))
    student = (await owner.get("/v1/me")).json()["student_id"]
    override = {"place": "/0", "standing": "met", "reason": PLANTED["override"]}
    access = {"scopes": ["read_plan"], "reason": PLANTED["access"], "minutes": 50}
    await _ok(keeper.post(f"/v1/students/{student}/accesses", json=access))
    overrides = f"/v1/students/{student}/verdicts/{programme}/overrides"
    await _ok(keeper.post(overrides, json=override, headers={"Idempotency-Key": "the-override"}))
    wording = {"given": True, "wording": "1"}
    await _ok(owner.put("/v1/students/me/consents/further_messages", json=wording))


async def _helped(api: Process, owner: httpx2.AsyncClient, database: servers.Database) -> None:
    """Let somebody help her who is asked by mail, and whose answers are kept."""
    token = await _registered(api, {"email": "father@example.org", "password": PASSWORD})
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute("UPDATE accounts SET email_confirmed_at = now() WHERE email = 'father@example.org'")
    await connection.close()
    until_then = f"{YEAR - 1}-06-01T00:00:00Z"
    offer = {"email": "father@example.org", "scopes": ["upload"], "until": until_then, "note": "My father"}
    grant = await _ok(owner.post("/v1/students/me/grants", json=offer))
    async with api.client(token) as father:
        await _ok(father.post(f"/v1/grants/{grant['id']}/acceptance"))
        here, given = f"/v1/students/{grant['student_id']}/documents", {"kind": "passport", "label": PLANTED["label"]}
        await _ok(father.post(here, json=given, headers={"Idempotency-Key": "her-paper"}))


async def _exported(owner: httpx2.AsyncClient) -> bytes:
    """Return her export, once it is ready."""
    await _ok(owner.post("/v1/students/me/exports"))

    async def ready() -> bool:
        return bool((await owner.get("/v1/students/me/exports")).json()["items"][0]["state"] == "ready")

    await until(ready, what="the export is ready", patience=60)
    export = (await owner.get("/v1/students/me/exports")).json()["items"][0]
    led = await owner.get(f"/v1/students/me/exports/{export['id']}/file")
    assert led.status_code == 302, led.text
    answer = await owner.get(led.headers["location"])
    assert answer.status_code == 200
    return answer.content


def _in_record(archive: bytes) -> set[str]:
    """Return which of the planted values the export shows; the file itself must be in it byte for byte."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        assert files.testzip() is None
        index = json.loads(files.read("index.json"))["files"]
        assert [files.read(one["path"]) for one in index if one["path"].startswith("papers/")] == [CONTENT]
        record = files.read("record.json").decode()
    return {name for name, value in PLANTED.items() if value in record}


async def _found_in(home: Path, database: servers.Database, redis_url: str) -> dict[str, list[str]]:
    """Return where each planted value stands: in every column of every table, every Redis key, every file."""
    needles = {name: value.encode() for name, value in PLANTED.items()}
    needles |= {"content": b"planted-bytes-of-the-file", "incoming": b"planted-bytes-under-way"}
    found: dict[str, list[str]] = {}
    async for place, content in _everywhere(home, database, redis_url):
        lowered = content.lower()
        for name, needle in needles.items():
            if needle.lower() in lowered:
                found.setdefault(name, []).append(place)
    return found


async def _everywhere(home: Path, database: servers.Database, redis_url: str) -> AsyncIterator[tuple[str, bytes]]:
    for table, rows in (await _kept_rows(database)).items():
        for row in rows:
            yield table, repr(row).encode() + b"".join(value for value in row.values() if isinstance(value, bytes))
    async with Redis.from_url(redis_url) as redis:
        async for key in redis.scan_iter():
            yield f"redis {key!r}", key + repr(await redis.dump(key)).encode()
    for path in sorted(home.rglob("*")):
        if path.is_file():
            yield str(path), str(path).encode() + path.read_bytes()


async def _kept_rows(database: servers.Database) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table."""
    connection = await asyncpg.connect(database.owner_url)
    try:
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name["tablename"] for name in names]
        return {table: [dict(row) for row in await connection.fetch(f'SELECT * FROM "{table}"')] for table in tables}
    finally:
        await connection.close()


async def _put_back(database: servers.Database, backup: dict[str, list[dict[str, Any]]]) -> None:
    """Let the database be as it was: her rows are there again, and nothing in it knows that she was erased."""
    connection = await asyncpg.connect(database.owner_url)
    try:
        await connection.execute("DELETE FROM erasures")
        for table in ("students", "accounts"):
            for row in backup[table]:
                names = [name for name in row if name != "id"]
                sets = ", ".join(f'"{name}" = ${place}' for place, name in enumerate(names, start=2))
                values = [row[name] for name in names]
                await connection.execute(f'UPDATE "{table}" SET {sets} WHERE id = $1', row["id"], *values)
        for row in backup["documents"]:
            names = list(row)
            places = ", ".join(f"${place}" for place in range(1, len(names) + 1))
            columns = ", ".join(f'"{name}"' for name in names)
            await connection.execute(f"INSERT INTO documents ({columns}) VALUES ({places})", *row.values())
    finally:
        await connection.close()


async def _is_erased(database: servers.Database) -> bool:
    connection = await asyncpg.connect(database.owner_url)
    try:
        return bool(await connection.fetchval("SELECT count(*) = 1 FROM erasures WHERE state = 'erased'"))
    finally:
        await connection.close()


def _mails_to(home: Path, address: str) -> int:
    return sum(address.encode() in path.read_bytes() for path in (home / "outbox").glob("*.eml"))


async def _ok(asked: Any) -> Any:
    answer = await asked
    assert answer.status_code in (200, 201, 202), answer.text
    return answer.json()
