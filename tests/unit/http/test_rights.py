"""Exports, erasures, holds, consents and rules of retention over HTTP."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from everybody import PASSWORD
from records import Server

from higherstudy.entrypoints.jobs.relay import Relay
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.entrypoints.processes.running_jobs import duties
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.ports.jobs import Priority

ME = "/v1/students/me"
STRANGER = "/v1/students/01a20000-0000-7000-8000-000000000000"


async def carry_out(server: Server) -> None:
    """Carry out what is due in the background."""
    every = duties(use_cases_over(server.ports))
    worker = Worker(server.ports.transactions, every)
    while await Relay(server.ports.transactions, server.ports.ids, every.reactions).pass_on():
        pass
    async with server.ports.transactions() as work:
        due = await work.jobs.offer(dict.fromkeys(Priority, 100), again_after=timedelta())
    for job in due:
        await worker.carry_out(job.job_id)
    await worker.rest()


async def student_of(client: httpx2.AsyncClient) -> str:
    return str((await client.get("/v1/me")).json()["student_id"])


async def test_an_export_is_asked_for_made_and_opened_by_a_link_of_the_api(
    server: Server, owner: httpx2.AsyncClient, anybody: httpx2.AsyncClient
) -> None:
    asked = await owner.post(f"{ME}/exports", headers={"Idempotency-Key": "one"})
    again = await owner.post(f"{ME}/exports", headers={"Idempotency-Key": "one"})
    early = await owner.get(f"{ME}/exports/{asked.json()['id']}/file")
    await carry_out(server)
    (export,) = (await owner.get(f"{ME}/exports")).json()["items"]
    led = await owner.get(f"{ME}/exports/{export['id']}/file")
    opened = await anybody.get(led.headers["location"])

    assert (asked.status_code, again.content == asked.content) == (202, True)
    assert (early.status_code, early.json()["errors"][0]["code"]) == (422, "export.not_ready")
    assert (export["state"], export["size"]) == ("ready", len(opened.content))
    assert led.headers["location"].startswith("/v1/files/")
    assert opened.headers["content-disposition"].startswith('attachment; filename="my-data.zip"')
    assert opened.content.startswith(b"PK")


async def test_an_export_is_asked_for_a_few_times_a_day(owner: httpx2.AsyncClient) -> None:
    answers = [(await owner.post(f"{ME}/exports")).status_code for _ in range(4)]

    assert answers == [202, 202, 202, 429]


async def test_an_erasure_is_asked_for_with_the_password_seen_and_cancelled(owner: httpx2.AsyncClient) -> None:
    none = await owner.get(f"{ME}/erasure")
    refused = await owner.post(f"{ME}/erasure", json={"password": "seven other rivers"})
    asked = await owner.post(f"{ME}/erasure", json={"password": PASSWORD})
    seen = await owner.get(f"{ME}/erasure")
    cancelled = await owner.delete(f"{ME}/erasure")
    twice = await owner.delete(f"{ME}/erasure")

    assert (none.status_code, none.json()["errors"][0]["code"]) == (404, "erasure.none_waits")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "password.not_the_current")
    assert (asked.status_code, asked.json()) == (202, seen.json())
    assert (asked.json()["state"], asked.json()["because"]) == ("waiting", "asked")
    assert (cancelled.json()["state"], twice.status_code) == ("cancelled", 404)


async def test_once_she_is_erased_she_cannot_sign_in_and_the_address_is_free(
    server: Server, owner: httpx2.AsyncClient, anybody: httpx2.AsyncClient
) -> None:
    await owner.post(f"{ME}/erasure", json={"password": PASSWORD})
    server.clock.move(timedelta(days=7))
    await carry_out(server)
    who = {"email": "student@example.org", "password": PASSWORD}

    assert (await anybody.post("/v1/sessions", json=who)).status_code == 401
    assert (await anybody.post("/v1/accounts", json=who)).status_code == 201


async def test_a_hold_refuses_what_an_administrator_orders_and_is_told_to_her(
    server: Server, owner: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    here = f"/v1/students/{await student_of(owner)}"
    until = (server.clock.now() + timedelta(days=20)).isoformat()

    placed = await admin.post(f"{here}/holds", json={"reason": "A payment is in dispute.", "until": until})
    naive = await admin.post(f"{here}/holds", json={"reason": "A lawsuit.", "until": "2027-01-01T00:00:00"})
    refused = await admin.post(f"{here}/erasure/order", json={"reason": "An order."})
    told = await owner.post(f"{ME}/erasure", json={"password": PASSWORD})
    lifted = await admin.delete(f"{here}/holds/{placed.json()['id']}")
    listed = await admin.get(f"{here}/holds")
    ordered = await admin.post(f"{here}/erasure/order", json={"reason": "An order."})

    assert (placed.status_code, naive.status_code) == (201, 422)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "erasure.held")
    assert told.json()["held_until"] == told.json()["due_at"] == placed.json()["until"]
    assert lifted.json()["lifted_at"] is not None
    assert listed.json()["items"] == [lifted.json()]
    assert (ordered.status_code, ordered.json()["because"]) == (202, "duty")


async def test_consents_are_shown_in_the_language_of_the_request_and_count_at_once(owner: httpx2.AsyncClient) -> None:
    page = (await owner.get(f"{ME}/consents", headers={"Accept-Language": "bn"})).json()
    given = await owner.put(f"{ME}/consents/further_messages", json={"given": True, "wording": "1"})
    unread = await owner.put(f"{ME}/consents/product_metrics", json={"given": True})
    needed = await owner.put(f"{ME}/consents/service", json={"given": False})
    withdrawn = await owner.put(f"{ME}/consents/further_messages", json={"given": False})
    said = (await owner.get(f"{ME}/consents")).json()["said"]

    assert page["items"][0]["title"] == "আপনার পরিকল্পনা, মূল্যায়ন, কাগজপত্র ও আবেদন"
    assert [given.json()["holds"], withdrawn.json()["holds"]] == [True, False]
    assert [unread.status_code, needed.status_code] == [422, 422]
    assert [one["said"] for one in said] == ["given", "withdrawn"]


async def test_rules_of_retention_are_shown_and_applied_for_administrators(
    owner: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    rules = (await admin.get("/v1/retention")).json()["items"]
    applied = await admin.post("/v1/retention/application")
    again = await admin.post("/v1/retention/application")
    job = await admin.get(f"/v1/jobs/{applied.json()['job_id']}")
    repeated = await admin.post("/v1/erasures/repetition")

    assert "sessions" in {one["kept"] for one in rules}
    assert [applied.status_code, again.status_code, repeated.status_code] == [202, 409, 202]
    assert job.json()["name"] == "clear_away"
    for method, path in (("GET", "/v1/retention"), ("POST", "/v1/retention/application")):
        assert (await owner.request(method, path)).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("POST", "exports", None),
        ("GET", "exports", None),
        ("GET", "exports/01a20000-0000-7000-8000-000000000001/file", None),
        ("POST", "erasure", {"password": PASSWORD}),
        ("GET", "erasure", None),
        ("DELETE", "erasure", None),
        ("GET", "consents", None),
        ("PUT", "consents/further_messages", {"given": True, "wording": "1"}),
    ],
)
async def test_a_refusal_does_not_tell_whether_somebody_else_is_there(
    owner: httpx2.AsyncClient, admin: httpx2.AsyncClient, method: str, path: str, given: Any
) -> None:
    there = f"/v1/students/{await student_of(admin)}"

    known, unknown = [await owner.request(method, f"{place}/{path}", json=given) for place in (there, STRANGER)]

    assert known.status_code == unknown.status_code == 404
    assert {**known.json(), "instance": ""} == {**unknown.json(), "instance": ""}


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("POST", "erasure/order", {"reason": "An order."}),
        ("POST", "holds", {"reason": "A lawsuit.", "until": "2028-01-01T00:00:00Z"}),
        ("GET", "holds", None),
        ("DELETE", "holds/01a20000-0000-7000-8000-000000000001", None),
    ],
)
async def test_what_administrators_do_is_refused_to_all_others_alike(
    owner: httpx2.AsyncClient, admin: httpx2.AsyncClient, method: str, path: str, given: Any
) -> None:
    places = (f"/v1/students/{await student_of(admin)}", STRANGER, ME)

    assert [(await owner.request(method, f"{one}/{path}", json=given)).status_code for one in places] == [403] * 3
    assert (await admin.request(method, f"{STRANGER}/{path}", json=given)).status_code in (404, 200)
