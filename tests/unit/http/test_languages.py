"""Answers come in the language that the reader asks for, and say which it is."""

import httpx2
import pytest
from records import PROFILE, Shared, change_profile, programme_id

from higherstudy.entrypoints.http.languages import best

BANGLA = {"Accept-Language": "bn-BD,bn;q=0.9,en;q=0.8"}


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", "en"),
        ("bn", "bn"),
        ("bn-BD", "bn-bd"),
        ("de, fr;q=0.9", "en"),
        ("de, bn;q=0.5, en;q=0.7", "en"),
        ("en;q=0.1, bn;q=0.2", "bn"),
        ("en, bn", "en"),
        ("bn;q=0, en;q=0.1", "en"),
        ("bn;q=0", "en"),
        ("*", "en"),
        ("bn;q=0.2, *;q=0.9", "en"),
        ("bn-u-nu-latn", "bn-u-nu-latn"),
        ("bn;q=many, en;q=0.1", "en"),
        ("bn;q=nan", "en"),
        ("bn;q=7", "en"),
        (";;;,,=", "en"),
        ("x" * 5_000, "en"),
        ("de," * 60 + "bn", "en"),
    ],
)
def test_the_language_that_is_liked_best_of_those_there_are_is_chosen(header: str, chosen: str) -> None:
    assert best(header) == chosen


async def test_a_refusal_is_told_in_bangla_as_a_whole_and_in_each_place(anybody: httpx2.AsyncClient) -> None:
    answer = await anybody.get("/v1/facts?key=nothing", headers=BANGLA)

    problem = answer.json()
    assert answer.status_code == 422
    assert (answer.headers["content-language"], answer.headers["vary"]) == ("bn", "Accept-Language")
    assert problem["title"] == "যা দেওয়া হয়েছে তার কিছু অংশ বোঝা যাচ্ছে না।"
    assert problem["errors"][0]["detail"].startswith('কোনো তথ্যের কী "nothing" নয়')
    assert problem["errors"][0]["code"] == "fact.unknown_key"


async def test_what_has_no_route_and_what_was_never_signed_in_are_told_in_bangla_too(
    anybody: httpx2.AsyncClient,
) -> None:
    nowhere = await anybody.get("/v1/nowhere", headers=BANGLA)
    stranger = await anybody.get("/v1/students/me/plans", headers=BANGLA)

    assert nowhere.json()["title"] == "এখানে এমন কিছু নেই।"
    assert stranger.json()["title"].startswith("এর জন্য সাইন-ইন করতে হবে")
    assert {answer.headers["content-language"] for answer in (nowhere, stranger)} == {"bn"}


async def test_without_a_wish_everything_is_english(anybody: httpx2.AsyncClient) -> None:
    answer = await anybody.get("/v1/nowhere")

    assert answer.headers["content-language"] == "en"
    assert answer.json()["title"] == "There is no such thing here."


async def test_an_answer_without_a_sentence_names_no_language(anybody: httpx2.AsyncClient) -> None:
    answer = await anybody.get("/v1/fact-keys", headers=BANGLA)

    assert "content-language" not in answer.headers
    assert "vary" not in answer.headers


async def test_a_verdict_is_told_as_a_whole_and_finding_by_finding(shared: Shared) -> None:
    async with shared.server.client(shared.token) as client:
        [first] = (await client.get("/v1/students/me/matches?limit=1&country=DE", headers=BANGLA)).json()["items"]
        [same] = (await client.get("/v1/students/me/matches?limit=1&country=DE")).json()["items"]

    assert first["summary"].endswith("।")
    assert first["finding"]["code"] == same["finding"]["code"]
    assert first["finding"]["message"] != same["finding"]["message"]
    assert same["summary"].partition(":")[0] in ("Met", "Probably met", "Not known yet", "Not met")


async def test_a_plan_has_its_steps_advice_and_outlook_in_the_readers_language(shared: Shared) -> None:
    async with shared.server.client(shared.token) as client:
        [plan] = (await client.get("/v1/students/me/plans?limit=1", headers=BANGLA)).json()["items"]
        [same] = (await client.get("/v1/students/me/plans?limit=1")).json()["items"]

    titles = {step["code"]: step["title"] for step in plan["steps"]}
    english = {step["code"]: step["title"] for step in same["steps"]}
    assert (titles["DE3"], english["DE3"]) == ("ভাষা পরীক্ষা দিন", "Take the language test")
    assert "যা থেকে তারিখ ঠিক হয়" in plan["outlooks"][0]["summary"]
    assert "What decides: " in same["outlooks"][0]["summary"]
    assert [step["start"] for step in plan["steps"]] == [step["start"] for step in same["steps"]]


async def test_the_checklist_names_its_papers_in_the_readers_language(shared: Shared) -> None:
    async with shared.server.client(shared.token) as client:
        [plan] = (await client.get("/v1/students/me/plans?limit=1")).json()["items"]
        checklist = (await client.get(f"/v1/plans/{plan['id']}/checklist", headers=BANGLA)).json()

    assert "পাসপোর্ট" in [item["title"] for item in checklist["items"]]
    assert checklist["title"].startswith("মাস্টার্সের ভিসার কাগজ")
    assert all(rule["text"].endswith("।") for rule in checklist["rules"])


async def test_an_answer_that_is_repeated_keeps_the_language_of_the_first_time(owner: httpx2.AsyncClient) -> None:
    await change_profile(owner, **PROFILE)
    programme = await programme_id(owner, "informatics munich")
    wanted = {"targets": [{"programme_id": programme, "term": "winter", "starts_on": "2028-10-01"}]}
    key = {"Idempotency-Key": "one-plan"}

    first = await owner.post("/v1/students/me/plans", json=wanted, headers={**BANGLA, **key})
    again = await owner.post("/v1/students/me/plans", json=wanted, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (first.headers["content-language"], again.headers["content-language"]) == ("bn", "bn")


async def test_a_profile_keeps_the_language_to_write_to_its_student_in(owner: httpx2.AsyncClient) -> None:
    kept = await change_profile(owner, preferred_language="bn-u-nu-latn")
    refused = await change_profile(owner, preferred_language="Bangla, please")

    assert kept.json()["profile"]["preferred_language"] == "bn-u-nu-latn"
    assert refused.status_code == 422
    assert [(error["field"], error["code"]) for error in refused.json()["errors"]] == [
        ("preferred_language", "language.unknown_code")
    ]
