"""One student's whole way over HTTP, in memory."""

import hashlib
from datetime import UTC, datetime

import httpx2
import pytest
from icalendar import Calendar
from records import PDF, PROFILE, Server, a_record, change_profile, programme_id


async def test_a_profile_is_changed_a_part_at_a_time(owner: httpx2.AsyncClient) -> None:
    await change_profile(owner, **PROFILE)

    changed = await change_profile(owner, residence={"city": "Sylhet"}, tests=None)

    profile = changed.json()["profile"]
    assert profile["residence"] == {"country": "BD", "city": "Sylhet", "zone": "Asia/Dhaka"}
    assert "tests" not in profile
    assert profile["qualifications"][0]["grade"]["value"] == "3.42"


async def test_a_search_is_paged_without_gaps(anybody: httpx2.AsyncClient) -> None:
    whole = (await anybody.get("/v1/programmes", params={"limit": 100})).json()
    cursor, ids = None, []

    while True:
        page = (
            await anybody.get("/v1/programmes", params={"limit": 7, **({"cursor": cursor} if cursor else {})})
        ).json()
        ids += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert ids == [one["id"] for one in whole["items"]]
    assert len(ids) >= 40
    assert whole["next"] is None


@pytest.mark.parametrize("what", ["plans", "documents", "applications"])
async def test_a_students_own_lists_are_paged_without_gaps_and_begin_at_the_beginning(
    owner: httpx2.AsyncClient, what: str
) -> None:
    await a_record(owner)
    path = f"/v1/students/me/{what}"
    await owner.post("/v1/students/me/documents", json={"kind": "passport"})
    programme = await programme_id(owner, "informatics munich")
    intake = {"programme_id": programme, "term": "winter", "starts_on": "2028-10-01"}
    await owner.post("/v1/students/me/plans", json={"targets": [intake]})
    await owner.post("/v1/students/me/applications", json=intake)

    whole = (await owner.get(path)).json()
    first = (await owner.get(path, params={"limit": 1})).json()
    second = (await owner.get(path, params={"limit": 1, "cursor": first["next"]})).json()

    assert [*first["items"], *second["items"]] == whole["items"]
    assert [len(page["items"]) for page in (whole, first, second)] == [2, 1, 1]
    assert (whole["next"], second["next"]) == (None, None)


async def test_a_programme_shows_its_institution_and_the_page_behind_each_figure(anybody: httpx2.AsyncClient) -> None:
    programme = (await anybody.get(f"/v1/programmes/{await programme_id(anybody, 'informatics munich')}")).json()
    institution = (await anybody.get(f"/v1/institutions/{programme['institution_id']}")).json()

    assert institution["name"] == programme["institution"]
    assert programme["source"]["url"].startswith("https://")
    assert programme["requirement"]


async def test_a_verdict_says_why_in_words(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)

    verdict = (await owner.get(f"/v1/students/me/verdicts/{record.programme}")).json()
    shortlist = (await owner.get("/v1/students/me/verdicts", params={"programme": [record.programme]})).json()

    assert verdict["standing"] in ("met", "probably_met", "unknown", "not_met")
    assert all(part["message"] for part in verdict["finding"]["parts"])
    assert shortlist["items"] == [verdict]


async def test_the_whole_catalogue_is_matched_and_counted(owner: httpx2.AsyncClient) -> None:
    await change_profile(owner, **PROFILE)

    first = (await owner.get("/v1/students/me/matches", params={"limit": 3})).json()
    second = (await owner.get("/v1/students/me/matches", params={"limit": 3, "cursor": first["next"]})).json()
    german = (await owner.get("/v1/students/me/matches", params={"country": "DE"})).json()

    assert sum(first["counts"].values()) == first["total"] >= 40
    shown = {one["programme"]["id"] for one in first["items"] + second["items"]}
    assert len(shown) == 6
    assert {one["programme"]["country"] for one in german["items"]} == {"DE"}


async def test_a_plan_explains_itself_and_is_made_again_with_a_report(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    seen = await owner.get(f"/v1/plans/{record.plan}")
    plan = seen.json()
    report = {"started_on": "2026-10-01", "finished_on": "2026-11-01"}

    reported = await owner.put(
        f"/v1/plans/{record.plan}/steps/DE1", json=report, headers={"If-Match": seen.headers["etag"]}
    )
    late = await owner.put(
        f"/v1/plans/{record.plan}/steps/DE1", json=report, headers={"If-Match": seen.headers["etag"]}
    )

    assert plan["critical_path"]
    assert plan["outlooks"][0]["outcome"] in ("on_time", "at_risk", "late")
    assert all(reason["message"] for outlook in plan["outlooks"] for reason in outlook["reasons"])
    assert plan["money"][0]["amount"]["currency"] == "EUR"
    assert all(step["source"]["title"] and step["confidence"] for step in plan["steps"])
    assert reported.status_code == 200
    done = [step["key"] for step in reported.json()["plan"]["steps"] if step["state"] == "done"]
    assert done == ["DE1"]
    assert late.status_code == 412


async def test_a_report_of_a_day_that_is_still_to_come_is_refused_at_its_field(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    seen = await owner.get(f"/v1/plans/{record.plan}")
    ahead = {"started_on": "2026-11-01", "finished_on": "2027-03-01"}

    refused = await owner.put(
        f"/v1/plans/{record.plan}/steps/DE1", json=ahead, headers={"If-Match": seen.headers["etag"]}
    )

    assert refused.status_code in (409, 422)
    assert [(one["field"], one["code"]) for one in refused.json()["errors"]] == [("finished_on", "plan.day_in_future")]


async def test_a_step_of_one_target_is_reported_by_its_key(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    seen = await owner.get(f"/v1/plans/{record.plan}")
    key = next(step["key"] for step in seen.json()["steps"] if "/" in step["key"])

    reported = await owner.put(
        f"/v1/plans/{record.plan}/steps/{key}",
        json={"started_on": "2026-11-01"},
        headers={"If-Match": seen.headers["etag"]},
    )

    assert reported.status_code == 200
    assert next(s for s in reported.json()["plan"]["steps"] if s["key"] == key)["state"] == "in_progress"


async def test_what_if_changes_nothing(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    before = await owner.get(f"/v1/plans/{record.plan}")

    answer = await owner.post(f"/v1/plans/{record.plan}/what-ifs", json={"durations": {"DE2": 1}})
    after = await owner.get(f"/v1/plans/{record.plan}")

    assert answer.json()["changed"]["moves"]
    assert after.json() == before.json()


async def test_today_the_board_and_the_checklist_are_views_of_the_plan(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)

    today = (await owner.get(f"/v1/plans/{record.plan}/today")).json()
    board = (await owner.get(f"/v1/plans/{record.plan}/board")).json()
    checklist = (await owner.get(f"/v1/plans/{record.plan}/checklist")).json()

    assert today["next"]["message"]
    assert len(board["to_do"]) > 10
    assert len(checklist["items"]) == 24
    passport = next(item for item in checklist["items"] if "passport" in item["documents"])
    assert passport["usability"] == "missing"


async def test_a_calendar_is_read_behind_its_secret_link_until_that_is_taken_back(
    owner: httpx2.AsyncClient, anybody: httpx2.AsyncClient
) -> None:
    record = await a_record(owner)
    link = (await owner.post(f"/v1/plans/{record.plan}/calendar-link")).json()["path"]

    feed = await anybody.get(link)
    again = await anybody.get(link)
    await owner.delete(f"/v1/plans/{record.plan}/calendar-link")
    gone = await anybody.get(link)

    events = Calendar.from_ical(feed.text).walk("VEVENT")
    assert feed.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "no-store" in feed.headers["cache-control"]
    assert len({str(event["uid"]) for event in events}) == len(events) > 10
    assert again.content == feed.content
    assert gone.status_code == 404


async def test_a_paper_is_uploaded_judged_and_opened_under_its_own_name(
    server: Server, owner: httpx2.AsyncClient, anybody: httpx2.AsyncClient
) -> None:
    record = await a_record(owner)
    stated = {"file_name": "../পাসপোর্ট.exe", "issued_on": "2024-02-11", "expires_on": "2034-02-10"}

    uploaded = await owner.post(f"/v1/documents/{record.document}/versions", content=PDF, params=stated)
    judged = (await owner.get(f"/v1/documents/{record.document}/judgement", params={"on": "2027-03-01"})).json()
    link = (await owner.get(f"/v1/documents/{record.document}/versions/1/content")).headers["location"]
    opened = await anybody.get(link)
    server.clock.set(datetime(2026, 11, 24, tzinfo=UTC))
    ended = await anybody.get(link)

    version = uploaded.json()["versions"][0]
    assert version["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert version["file_name"] == "পাসপোর্ট.exe.pdf"
    assert judged["usability"] == "usable"
    assert opened.content == PDF
    assert opened.headers["content-type"] == "application/pdf"
    assert opened.headers["x-content-type-options"] == "nosniff"
    assert opened.headers["content-disposition"].startswith("attachment;")
    assert ended.status_code == 404


async def test_an_application_goes_from_a_draft_to_a_receipt(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    here = f"/v1/applications/{record.application}"
    missing = (await owner.get(f"{here}/missing")).json()
    early = await owner.post(f"{here}/submission")
    for reason in missing["items"]:
        if reason["where"].startswith("documents."):
            await _answer_for(owner, reason["where"].removeprefix("documents."))

    still = (await owner.get(f"{here}/missing")).json()

    assert not missing["can_submit"]
    assert early.status_code == 422
    assert {error["code"] for error in early.json()["errors"]} == {one["code"] for one in missing["items"]}
    assert not [one for one in still["items"] if one["where"].startswith("documents.")]


async def test_a_submission_is_judged_by_its_arrival_and_kept_as_it_was(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    record = await a_record(owner)
    here = f"/v1/applications/{record.application}"
    server.clock.set(datetime(2027, 3, 1, 12, 0, tzinfo=UTC))
    owner.headers["Authorization"] = f"Bearer {await _sign_in_again(owner)}"
    for reason in (await owner.get(f"{here}/missing")).json()["items"]:
        await _answer_for(owner, reason["where"].removeprefix("documents."))

    submitted = await owner.post(f"{here}/submission", headers={"Idempotency-Key": "one"})
    repeated = await owner.post(f"{here}/submission", headers={"Idempotency-Key": "one"})
    twice = await owner.post(f"{here}/submission")
    await change_profile(owner, name="Another Name")
    snapshot = await owner.get(f"{here}/snapshot")
    receipt = (await owner.get(f"{here}/receipt")).json()

    assert submitted.status_code == 201, submitted.text
    assert submitted.json() == receipt
    assert repeated.content == submitted.content
    assert twice.status_code == 409
    assert receipt["submitted_at"] == "2027-03-01T12:00:00Z"
    assert hashlib.sha256(snapshot.content).hexdigest() == receipt["snapshot_sha256"]
    assert snapshot.json()["profile"]["name"] == "Sample Student"


async def test_what_came_back_is_recorded(server: Server, owner: httpx2.AsyncClient, admin: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    here = f"/v1/applications/{record.application}"

    withdrawn = await owner.post(f"{here}/withdrawal", json={"note": "another offer"}, headers={"If-Match": '"1"'})
    listed = (await owner.get("/v1/students/me/applications")).json()
    foreign = await admin.get(here)

    assert withdrawn.json()["state"] == "withdrawn"
    assert [one["state"] for one in listed["items"]] == ["withdrawn"]
    assert foreign.status_code == 404


async def test_a_catalogue_is_imported_by_an_administrator_and_again_changes_nothing(
    admin: httpx2.AsyncClient, owner: httpx2.AsyncClient
) -> None:
    broken = await admin.post("/v1/imports", params={"file_name": "a.toml"}, content=b"[catalogue")
    unknown = await admin.post("/v1/imports", params={"file_name": "a.docx"}, content=b"PK")
    dry = await admin.post("/v1/imports", params={"file_name": "mini.toml", "dry_run": "true"}, content=MINI)
    first = await admin.post("/v1/imports", params={"file_name": "mini.toml"}, content=MINI)
    second = await admin.post("/v1/imports", params={"file_name": "mini.toml"}, content=MINI)
    problems = await admin.get(f"/v1/imports/{first.json()['id']}/problems")
    hidden = await owner.get(f"/v1/imports/{first.json()['id']}")

    assert broken.status_code == 422
    assert unknown.status_code == 422
    assert dry.json()["counts"] == first.json()["counts"]
    assert first.json()["counts"]["programmes"]["added"] == 1
    assert second.json()["changed_nothing"]
    assert problems.json() == {"items": [], "next": None}
    assert hidden.status_code == 403


MINI = b"""
[catalogue]
id = "mini"
title = "One programme"
edition = "2026-11-23"

[[sources]]
id = "page"
title = "A page"
url = "https://example.org/"
kind = "official"
retrieved_on = 2026-11-23

[[institutions]]
key = "sample-university"
name = "Sample University"
country = "DE"
zone = "Europe/Berlin"
source = "page"

[[programmes]]
key = "sample-master"
institution = "sample-university"
name = "Sample Studies"
level = "master"
source = "page"
confidence = "U"
synthetic = true
"""


async def test_the_rules_can_be_looked_up(anybody: httpx2.AsyncClient) -> None:
    packs = (await anybody.get("/v1/packs")).json()["items"]
    keys = (await anybody.get("/v1/fact-keys")).json()["items"]
    question = {"key": "de.blocked_account.monthly", "on": "2026-11-23", "country": "DE"}
    facts = (await anybody.get("/v1/facts", params=question)).json()["items"]

    assert any("de-dhaka-master" in pack["pathways"] for pack in packs)
    assert "de.blocked_account.monthly" in keys
    assert len(facts) == 1
    assert facts[0]["source"]["title"]


async def _answer_for(client: httpx2.AsyncClient, kind: str) -> None:
    """Say of a kind of paper that it cannot be had."""
    papers = (await client.get("/v1/students/me/documents")).json()["items"]
    paper = next((one["id"] for one in papers if one["kind"] == kind), None)
    if paper is None:
        paper = (await client.post("/v1/students/me/documents", json={"kind": kind})).json()["id"]
    said = await client.put(
        f"/v1/documents/{paper}/answer", json={"answer": "cannot_obtain", "reason": "The office is closed."}
    )
    assert said.status_code == 200, said.text


async def _sign_in_again(client: httpx2.AsyncClient) -> str:
    credentials = {"email": "student@example.org", "password": "seven quiet rivers at dawn"}
    return str((await client.post("/v1/sessions", json=credentials)).json()["access_token"])


async def test_a_patch_may_call_itself_a_merge_patch(owner: httpx2.AsyncClient) -> None:
    headers = {"If-Match": '"1"', "Content-Type": "application/merge-patch+json"}

    changed = await owner.patch("/v1/students/me/profile", content=b'{"citizenships": ["BD"]}', headers=headers)

    assert changed.json()["profile"]["citizenships"] == ["BD"]


async def test_staff_check_papers_and_give_roles_and_nobody_else_does(
    owner: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    record = await a_record(owner)
    await owner.post(f"/v1/documents/{record.document}/versions", content=PDF)
    check = f"/v1/documents/{record.document}/versions/1/verification"
    account = (await owner.get("/v1/me")).json()["id"]

    own = await owner.put(check, json={"check": "verify"})
    unasked = await admin.put(check, json={"check": "reject", "because": "A page is missing."})
    student = (await owner.get("/v1/students/me/profile")).json()["student_id"]
    access = {"scopes": ["read_papers"], "minutes": 5, "reason": "Papers that were brought to the office."}
    await admin.post(f"/v1/students/{student}/accesses", json=access)
    checked = await admin.put(check, json={"check": "reject", "because": "A page is missing."})
    herself = await owner.post(f"/v1/accounts/{account}/roles", json={"role": "admin"})
    given = await admin.post(f"/v1/accounts/{account}/roles", json={"role": "counsellor"})

    assert (own.status_code, unasked.status_code) == (403, 404)
    assert checked.json()["versions"][0]["verification"] == "rejected"
    assert herself.status_code == 403
    assert given.json()["roles"] == ["counsellor", "student"]
    assert (await owner.get("/v1/me")).json()["roles"] == ["counsellor", "student"]
