"""Verdicts as they are sent."""

from typing import Any

import httpx2
from records import a_record, programme_id


async def test_a_verdict_carries_its_own_confidence_beside_that_of_the_programme(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)

    verdict = (await owner.get(f"/v1/students/me/verdicts/{record.programme}")).json()

    parts = {part["confidence"] for part in verdict["finding"]["parts"]}
    assert verdict["confidence"] == verdict["finding"]["confidence"] == max(parts, key="HMLU".index)
    assert verdict["programme"]["confidence"] != verdict["confidence"]


async def test_a_finding_names_its_place_the_evidence_it_was_made_on_and_how_long_that_counts(
    owner: httpx2.AsyncClient,
) -> None:
    await a_record(owner)
    programme = await programme_id(owner, "software systems")
    days = {"application": "2027-05-01", "enrolment": "2027-09-01", "appointment": "2027-11-20"}

    verdict = (await owner.get(f"/v1/students/me/verdicts/{programme}", params=days)).json()
    (ielts,) = [one for one in _leaves(verdict["finding"]) if one["code"] == "test.good_enough"]

    assert ielts["place"].startswith("/")
    assert ielts["used"] == [{"part": "tests", "index": 0, "name": "IELTS_AC", "on": "2025-09-13"}]
    assert ielts["validity"] == {"layer": "mission", "held_on": "2027-11-20", "until": "2027-09-13"}
    assert [(notice["code"], notice["params"]["document"]) for notice in ielts["notices"]] == [
        ("test.counts_with_statement", "embassy_ielts_statement")
    ]


async def test_a_day_of_another_age_is_refused_by_its_name(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)

    answer = await owner.get(f"/v1/students/me/verdicts/{record.programme}", params={"appointment": "9999-12-31"})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["appointment"]


async def test_staff_overrides_a_finding_the_student_sees_it_and_it_is_taken_back(
    owner: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    record = await a_record(owner)
    student = (await owner.get("/v1/students/me/profile")).json()["student_id"]
    own, here = (f"/v1/students/{who}/verdicts/{record.programme}" for who in ("me", student))
    before = (await owner.get(own)).json()
    (place, *_) = [one["place"] for one in _leaves(before["finding"]) if one["standing"] != "met"]
    unasked = await admin.get(here)
    access = {"scopes": ["read_plan"], "minutes": 5, "reason": "She asked us to look."}
    await admin.post(f"/v1/students/{student}/accesses", json=access)
    said = {"place": place, "standing": "met", "reason": "The faculty confirmed it.", "until": "2027-07-15"}

    keyed = [
        await admin.post(f"{here}/overrides", json=said, headers={"Idempotency-Key": "first word"}) for _ in range(2)
    ]
    during = (await owner.get(own)).json()
    withdrawal = f"{here}/overrides/{keyed[0].json()['id']}/withdrawal"
    back = await admin.post(withdrawal, json={"reason": "A mistake."})
    again = await admin.post(withdrawal, json={"reason": "Once more."})
    after = (await owner.get(own)).json()
    listed = (await owner.get(f"{own}/overrides")).json()["items"]

    assert unasked.status_code == 404, "no role opens a record"
    assert [one.status_code for one in (*keyed, back, again)] == [201, 201, 200, 409]
    assert keyed[0].content == keyed[1].content
    assert (await admin.get(keyed[0].headers["location"])).json()["items"] == listed
    (marked,) = [one for one in _leaves(during["finding"]) if one["override"] is not None]
    assert (marked["place"], marked["standing"], marked["override"]["ruled"]) == (place, "met", _at(before, place))
    assert (marked["override"]["reason"], during["ruled"]) == ("The faculty confirmed it.", before["standing"])
    assert (_at(after, place), after["overrides"]) == (_at(before, place), listed)
    assert [(one["state"], one["taken_back"]["reason"]) for one in listed] == [("taken_back", "A mistake.")]


async def test_a_student_may_not_override_for_herself_nor_hear_of_others(
    owner: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    record = await a_record(owner)
    other = (await admin.get("/v1/students/me/profile")).json()["student_id"]
    said = {"place": "/", "standing": "met", "reason": "I think so."}

    own = await owner.post(f"/v1/students/me/verdicts/{record.programme}/overrides", json=said)
    others = await owner.post(f"/v1/students/{other}/verdicts/{record.programme}/overrides", json=said)
    list_of_others = await owner.get(f"/v1/students/{other}/verdicts/{record.programme}/overrides")

    assert (own.status_code, own.json()["errors"][0]["code"]) == (403, "identity.not_for_oneself")
    assert (others.status_code, list_of_others.status_code) == (404, 404)


def _leaves(finding: dict[str, Any]) -> list[dict[str, Any]]:
    return [leaf for part in finding["parts"] for leaf in _leaves(part)] if finding["parts"] else [finding]


def _at(verdict: dict[str, Any], place: str) -> str:
    (found,) = [one for one in _leaves(verdict["finding"]) if one["place"] == place]
    return str(found["standing"])
