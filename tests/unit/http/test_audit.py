"""The audit trail over REST: for auditors all of it, for a student what concerns her record."""

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from records import Server

from higherstudy.domain.audit.chain import Kept
from higherstudy.domain.audit.deed import Deed
from higherstudy.domain.audit.query import Query
from higherstudy.domain.identity.account import Role
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import AccountId, StudentId
from higherstudy.entrypoints.wiring.containers.every import use_cases_over

PASSWORD = "seven quiet rivers at dawn"


@pytest.fixture
async def auditor(server: Server, anybody: httpx2.AsyncClient) -> AsyncIterator[httpx2.AsyncClient]:
    """An auditor's client."""
    credentials = {"email": "auditor@example.org", "password": PASSWORD}
    await anybody.post("/v1/accounts", json={**credentials, "name": "MY NAME"})
    async with server.ports.transactions() as work:
        account = await work.accounts.find_by_email("auditor@example.org")
        assert account is not None
        account.grant(Role.AUDITOR)
        await work.accounts.save(account)
    signed_in = await anybody.post("/v1/sessions", json=credentials)
    async with server.client(signed_in.json()["access_token"]) as client:
        yield client


async def noted(server: Server, *deeds: Deed) -> None:
    for deed in deeds:
        async with server.ports.transactions(Origin(request_id="noted", address="192.0.2.7")) as work:
            work.note(deed)


async def test_only_auditors_read_the_trail(
    owner: httpx2.AsyncClient, admin: httpx2.AsyncClient, anybody: httpx2.AsyncClient
) -> None:
    for path in ("entries", "export", "verification"):
        answers = [await client.get(f"/v1/audit/{path}") for client in (anybody, owner, admin)]

        assert [answer.status_code for answer in answers] == [401, 403, 403]


async def test_an_auditor_finds_who_did_what_from_where(auditor: httpx2.AsyncClient, server: Server) -> None:
    student = StudentId(uuid4())
    await noted(server, Deed("document.version_opened", "document", uuid4(), student, reason="she asked me to"))

    found = await auditor.get("/v1/audit/entries", params={"student_id": str(student)})

    assert found.status_code == 200
    page = found.json()
    assert page["next"] is None
    [entry] = page["items"]
    assert (entry["action"], entry["message"]) == ("document.version_opened", "A version of a document was opened.")
    assert (entry["address"], entry["reason"], entry["request_id"]) == ("192.0.2.7", "she asked me to", "noted")
    again = (await auditor.get("/v1/audit/entries", params={"student_id": str(student)})).json()["items"]
    assert [one["action"] for one in again] == ["audit.searched", "document.version_opened"]


async def test_pages_of_a_search_follow_one_another(auditor: httpx2.AsyncClient, server: Server) -> None:
    await noted(server, *(Deed("override.given", details={"number": str(number)}) for number in range(5)))
    seen: list[str] = []
    cursor = None
    while True:
        asked = {"action": "override.", "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await auditor.get("/v1/audit/entries", params=asked)).json()
        seen += [one["details"]["number"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert sorted(seen) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"actor": "nobody"}, "actor"),
        ({"since": "yesterday"}, "since"),
        ({"until": "2027-01-31T00:00:00"}, "until"),
        ({"cursor": "bm9uc2Vuc2U"}, "cursor"),
        ({"cursor": "WyIyMDI3LTAxLTMxVDAwOjAwOjAwIiwxXQ"}, "cursor"),
        ({"limit": "1000"}, "limit"),
    ],
)
async def test_what_cannot_be_asked_for_is_named(
    auditor: httpx2.AsyncClient, query: dict[str, str], field: str
) -> None:
    answer = await auditor.get("/v1/audit/entries", params=query)

    assert answer.status_code in (400, 422)
    assert field in answer.text


async def test_an_export_holds_every_entry_as_lines_of_json(auditor: httpx2.AsyncClient, server: Server) -> None:
    await noted(server, *(Deed("override.given", details={"number": str(number)}) for number in range(3)))

    exported = await auditor.get("/v1/audit/export", params={"action": "override.given"})

    assert exported.headers["content-type"].startswith("application/jsonl")
    rows = [json.loads(line) for line in exported.text.splitlines()]
    assert {row["details"]["number"] for row in rows} == {"0", "1", "2"}
    assert all(len(row["digest"]) == 64 for row in rows)


async def test_no_cell_of_an_export_is_a_formula(auditor: httpx2.AsyncClient, server: Server) -> None:
    reasons = ["=1+1", "+1", "-1", "@SUM(A1)", "plain, with a comma"]
    await noted(server, *(Deed("override.given", reason=reason) for reason in reasons))

    exported = await auditor.get("/v1/audit/export", params={"action": "override.given", "format": "csv"})

    assert exported.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(exported.text)))
    assert {row["reason"] for row in rows} == {"'=1+1", "'+1", "'-1", "'@SUM(A1)", "plain, with a comma"}
    assert not any(cell[:1] in "=+-@\t\r" for row in rows for cell in row.values() if cell)


async def test_a_verification_goes_step_by_step_and_names_what_was_changed(
    auditor: httpx2.AsyncClient, server: Server
) -> None:
    transactions: Any = server.ports.transactions
    store = transactions._store
    await noted(server, Deed("override.given"))
    use = use_cases_over(server.ports)
    await use.seal_entries()()
    await use.anchor_head()()
    async with server.ports.transactions() as work:
        [kept] = await work.audit_trail.search(Query(action="override.given"), 2)

    before = await _verified(auditor)
    store.audit.entries.put(kept.place, Kept(kept.place, replace(kept.entry, actor=AccountId(uuid4()))))
    store.audit.keep()
    after = await _verified(auditor)

    assert before["findings"] == []
    assert (before["seals"], before["anchors"]) == (1, 1)
    [finding] = after["findings"]
    assert (finding["code"], finding["place"], finding["entry_id"]) == ("entry_changed", kept.place, str(kept.entry.id))
    assert finding["message"] == "An entry was changed after it was sealed."


async def _verified(client: httpx2.AsyncClient) -> dict[str, Any]:
    """Return all steps of a verification together."""
    whole: dict[str, Any] = {"seals": 0, "anchors": 0, "findings": []}
    cursor: dict[str, str] = {}
    while True:
        step = (await client.get("/v1/audit/verification", params=cursor)).json()
        whole = {name: value + step[name] for name, value in whole.items()}
        if step["next"] is None:
            return whole
        cursor = {"cursor": step["next"]}


async def test_a_student_sees_by_whom_where_she_let_them_help_and_nobody_elses_address(
    owner: httpx2.AsyncClient, admin: httpx2.AsyncClient, auditor: httpx2.AsyncClient
) -> None:
    student = (await owner.get("/v1/me")).json()["student_id"]
    await auditor.get(f"/v1/students/{student}/profile")
    access = {"scopes": ["read_plan"], "minutes": 5, "reason": "She asked us to look."}
    await admin.post(f"/v1/students/{student}/accesses", json=access)
    await admin.get(f"/v1/students/{student}/profile")

    rows = (await owner.get("/v1/students/me/activity", params={"limit": 3})).json()["items"]

    assert [(row["action"], row["email"]) for row in rows] == [
        ("profile.seen", "keeper@example.org"),
        ("grant.taken", "keeper@example.org"),
        ("access.refused", None),
    ]


async def test_a_student_sees_in_plain_words_who_did_or_saw_what(
    owner: httpx2.AsyncClient, admin: httpx2.AsyncClient, server: Server
) -> None:
    profile = await owner.get("/v1/students/me/profile")
    await owner.patch(
        "/v1/students/me/profile", json={"name": "AYESHA RAHMAN"}, headers={"If-Match": profile.headers["etag"]}
    )
    async with server.ports.transactions() as work:
        account = await work.accounts.find_by_email("student@example.org")
    assert account is not None
    student = account.student_id
    await noted(server, Deed("document.version_opened", "document", uuid4(), student, reason="a question of hers"))

    seen = await owner.get("/v1/students/me/activity", headers={"Accept-Language": "en"})
    in_bangla = await owner.get("/v1/students/me/activity", headers={"Accept-Language": "bn"})
    somebody = await admin.get(f"/v1/students/{student}/activity")

    rows = seen.json()["items"]
    assert [(row["by"], row["by_words"], row["message"], row["reason"], row["address"]) for row in rows] == [
        ("system", "The system", "A version of a document was opened.", "a question of hers", None),
        ("you", "You", "The profile was changed.", None, rows[1]["address"]),
        ("you", "You", "A sign-in was begun.", None, rows[1]["address"]),
    ]
    assert rows[1]["address"]
    assert in_bangla.json()["items"][1]["message"] == "প্রোফাইল বদলানো হয়েছে।"
    assert somebody.status_code == 404
