"""The whole way over HTTP, with real processes, PostgreSQL, files and mail, and two violent ends in the middle."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import httpx2
import pytest
import serving
from icalendar import Calendar
from records import PDF, PROFILE
from serving import Serving

PATIENCE = 30
YEAR = datetime.now(UTC).year + 2  # far enough that no deadline of the test's own catalogue ever passes
INTAKE = {"term": "winter", "starts_on": f"{YEAR}-10-01"}
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


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def start(home: Path) -> Iterator[Callable[[], Serving]]:
    """Starts a server on the one home; whatever still runs at the end is ended."""
    started: list[Serving] = []

    def begin() -> Serving:
        started.append(serving.start(home))
        return started[-1]

    yield begin
    for one in started:
        if one.runs:
            one.stop()


def test_a_student_gets_from_registering_to_a_receipt_though_the_server_is_killed_twice(
    start: Callable[[], Serving], home: Path
) -> None:
    server = start()
    token = _registered(server, "student@example.org")
    _import(server, home)

    with server.client(token) as owner:
        _say_who_she_is(owner)
        programme = _find(owner)
        plan = _plan(owner, programme)
        feed = _share(owner, plan)
        document = _upload(owner)
        application = _start(owner, programme)
        before = _everything(owner, plan, document, application)
    server.kill()

    server = start()
    with server.client(token) as owner:
        assert _everything(owner, plan, document, application) == before
        assert owner.get(feed).status_code == 200
        receipt = _submit(owner, application)
    server.kill()

    server = start()
    with server.client(token) as owner:
        again = owner.post(f"{application}/submission", headers={"Idempotency-Key": "the-one-submission"})
        snapshot = owner.get(f"{application}/snapshot").content
        assert again.content == receipt
        assert hashlib.sha256(snapshot).hexdigest() == json.loads(receipt)["snapshot_sha256"]
        _follow(owner, application)
    mails = _mails(home, json.loads(receipt)["number"])
    assert [str(mail["To"]) for mail in mails] == ["student@example.org"]
    assert server.stop()[0] == 0


def test_two_writers_leave_one_change_and_one_key_leaves_one_application(
    start: Callable[[], Serving], home: Path
) -> None:
    server = start()
    token = _registered(server, "another@example.org")
    _import(server, home)
    with server.client(token) as another:
        _say_who_she_is(another)
        programme = _find(another)

    answers = asyncio.run(_at_once(server, token, programme))

    # 412 when the other change was there before this one looked, 409 when it came in between
    first, second = sorted(answer.status_code for answer in answers["profile"])
    assert first == 200
    assert second in (409, 412)
    assert {answer.status_code for answer in answers["application"]} == {201}
    assert len({answer.content for answer in answers["application"]}) == 1
    assert len({answer.headers["location"] for answer in answers["application"]}) == 1
    with server.client(token) as another:
        assert len(another.get("/v1/students/me/applications").json()["items"]) == 1
    assert server.stop()[0] == 0


async def _at_once(server: Serving, token: str, programme: str) -> dict[str, list[httpx2.Response]]:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=server.address, timeout=PATIENCE, headers=headers) as client:
        seen = {"If-Match": (await client.get("/v1/students/me/profile")).headers["etag"]}
        draft = {"programme_id": programme, **INTAKE}
        profile = [
            client.patch("/v1/students/me/profile", json={"name": one}, headers=seen)
            for one in ("One Name", "Another Name")
        ]
        key = {"Idempotency-Key": "eight-at-once"}
        application = [client.post("/v1/students/me/applications", json=draft, headers=key) for _ in range(8)]
        return {
            "profile": await asyncio.gather(*profile),
            "application": await asyncio.gather(*application),
        }


def _registered(server: Serving, email: str) -> str:
    who = {"email": email, "password": "seven quiet rivers at dawn"}
    with server.client() as anybody:
        assert anybody.get("/health/ready").json()["status"] == "ok"
        assert _made(anybody.post("/v1/accounts", json=who))["roles"] == ["student"]
        return str(_made(anybody.post("/v1/sessions", json=who))["access_token"])


def _import(server: Serving, home: Path) -> None:
    """Import the test's catalogue as the sample administrator; the second time it changes nothing."""
    admin = json.loads((home / "sample-accounts.json").read_text())["admin"]
    with server.client() as anybody:
        token = _made(anybody.post("/v1/sessions", json=admin))["access_token"]
    with server.client(token) as client:
        run = _made(client.post("/v1/imports", params={"file_name": "journey.toml"}, content=CATALOGUE.encode()))
    assert run["state"] == "finished"
    assert run["problems"] == 0


def _say_who_she_is(client: httpx2.Client) -> None:
    seen = client.get("/v1/students/me/profile")
    changed = client.patch("/v1/students/me/profile", json=PROFILE, headers={"If-Match": seen.headers["etag"]})
    assert changed.status_code == 200, changed.text


def _find(client: httpx2.Client) -> str:
    found = client.get("/v1/programmes", params={"text": "journey studies", "country": "DE"}).json()["items"]
    assert [one["key"] for one in found] == ["journey-master"]
    verdict = client.get(f"/v1/students/me/verdicts/{found[0]['id']}").json()
    assert verdict["standing"] == "not_met"  # the passport is not there yet
    matches = client.get("/v1/students/me/matches").json()
    assert sum(matches["counts"].values()) == matches["total"] > 40
    return str(found[0]["id"])


def _plan(client: httpx2.Client, programme: str) -> str:
    plan = _made(client.post("/v1/students/me/plans", json={"targets": [{"programme_id": programme, **INTAKE}]}))
    here = f"/v1/plans/{plan['id']}"
    asked = client.post(f"{here}/what-ifs", json={"durations": {"DE2": 900}})
    assert asked.json()["changed"]["moves"]
    report = {"started_on": "2026-01-05", "finished_on": "2026-01-20"}
    reported = client.put(f"{here}/steps/DE1", json=report, headers={"If-Match": '"1"'})
    assert reported.status_code == 200, reported.text
    assert reported.json()["plan"]["version"] == 2
    return here


def _share(client: httpx2.Client, plan: str) -> str:
    path = str(_made(client.post(f"{plan}/calendar-link"))["path"])
    assert Calendar.from_ical(client.get(path).text).walk("VEVENT")
    return path


def _upload(client: httpx2.Client) -> str:
    here = f"/v1/documents/{_made(client.post('/v1/students/me/documents', json={'kind': 'passport'}))['id']}"
    stated = {"file_name": "passport.pdf", "issued_on": "2024-02-11", "expires_on": f"{YEAR + 5}-02-10"}
    _made(client.post(f"{here}/versions", content=PDF, params=stated))
    judged = client.get(f"{here}/judgement", params={"on": f"{YEAR}-03-01"}).json()
    assert judged["usable"], judged
    link = client.get(f"{here}/versions/1/content").headers["location"]
    assert client.get(link).content == PDF
    return here


def _start(client: httpx2.Client, programme: str) -> str:
    draft = _made(client.post("/v1/students/me/applications", json={"programme_id": programme, **INTAKE}))
    here = f"/v1/applications/{draft['id']}"
    assert client.get(f"{here}/missing").json() == {"can_submit": True, "items": []}
    return here


def _submit(client: httpx2.Client, application: str) -> bytes:
    submitted = client.post(f"{application}/submission", headers={"Idempotency-Key": "the-one-submission"})
    assert _made(submitted)["spare_seconds"] > 0
    return submitted.content


def _follow(client: httpx2.Client, application: str) -> None:
    seen = client.get(application)
    assert seen.json()["state"] == "submitted"
    took_back = client.post(
        f"{application}/withdrawal", json={"note": "another offer"}, headers={"If-Match": seen.headers["etag"]}
    )
    assert _made(took_back)["state"] == "withdrawn"


def _everything(client: httpx2.Client, *paths: str) -> list[Any]:
    return [client.get(path).json() for path in ("/v1/me", "/v1/students/me/profile", *paths)]


def _mails(home: Path, receipt: str) -> list[Any]:
    """The mails that name the receipt, after waiting for the first and a little longer for one too many."""
    end = time.monotonic() + PATIENCE
    found: list[Any] = []
    while time.monotonic() < end and not found:
        time.sleep(0.2)
        found = _naming(home, receipt)
    time.sleep(2)
    return _naming(home, receipt)


def _naming(home: Path, receipt: str) -> list[Any]:
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in (home / "outbox").glob("*.eml")]
    return [mail for mail in mails if receipt in _text(mail)]


def _made(answer: httpx2.Response) -> Any:
    assert answer.status_code == 201, answer.text
    return answer.json()


def _text(mail: EmailMessage) -> str:
    """Return what the mail says as plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
