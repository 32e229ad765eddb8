"""Rule packs over the wire: their schema, what differs between two, and what an answer says of those it leans on."""

from importlib import resources
from typing import Any

import httpx2
from records import a_record, change_profile, programme_id

from higherstudy.adapters.bundled.packs import bundled_rulebook, pack_schema

GERMANY = resources.files("higherstudy.adapters.bundled").joinpath("packs", "germany.toml").read_text(encoding="utf-8")
RATE = "de.blocked_account.monthly"


async def test_anybody_gets_the_schema_of_packs(anybody: httpx2.AsyncClient) -> None:
    answer = await anybody.get("/v1/rulebook/schema")

    assert (answer.status_code, answer.content) == (200, pack_schema())
    assert answer.headers["content-type"].startswith("application/schema+json")


async def test_a_new_version_is_compared_with_what_is_in_force(admin: httpx2.AsyncClient) -> None:
    newer = GERMANY.replace('value = "992"', 'value = "1010"')

    found = (await admin.post("/v1/rulebook/diff", json={"after": newer})).json()

    assert found["before"] == list(bundled_rulebook().edition)
    assert len(found["after"]) == len(found["before"])
    assert [(one["kind"], one["id"], one["how"], one["message"], one["fields"]) for one in found["changes"]] == [
        (
            "facts",
            f"{RATE}.2024-09",
            "changed",
            "1010 EUR/month from 1 September 2024, was 992 EUR/month",
            [{"field": "value", "before": "992", "after": "1010"}],
        )
    ]
    assert (await admin.get("/v1/packs")).json()["edition"] == bundled_rulebook().edition_id


async def test_two_texts_are_compared_with_one_another_alone(admin: httpx2.AsyncClient) -> None:
    same = await admin.post("/v1/rulebook/diff", json={"before": GERMANY, "after": GERMANY})

    assert (same.status_code, same.json()["changes"]) == (200, [])
    assert len(same.json()["before"]) == 1


async def test_broken_packs_are_refused_with_their_lines_and_nothing_is_compared(admin: httpx2.AsyncClient) -> None:
    answer = await admin.post("/v1/rulebook/diff", json={"before": "[pack]\n", "after": "no toml"})

    assert (answer.status_code, answer.json()["code"]) == (422, "broken_pack")
    fields = [error["field"] for error in answer.json()["errors"]]
    assert {"before:1", "after"} <= set(fields)


async def test_students_and_strangers_compare_nothing(owner: httpx2.AsyncClient, anybody: httpx2.AsyncClient) -> None:
    body = {"after": GERMANY}

    answers = [await client.post("/v1/rulebook/diff", json=body) for client in (owner, anybody)]

    assert [answer.status_code for answer in answers] == [403, 401]


async def test_a_fact_names_its_pack_and_warns_once_the_pack_is_out_of_date(anybody: httpx2.AsyncClient) -> None:
    question = {"key": RATE, "country": "DE"}

    early = (await anybody.get("/v1/facts", params={**question, "on": "2021-05-01"})).json()
    late = (await anybody.get("/v1/facts", params={**question, "on": "2027-02-01"})).json()

    assert [fact["pack"] for fact in early["items"]] == ["germany"]
    assert [one["code"] for one in early["warnings"]] == ["fact.unverified", "fact.begin_not_exact"]
    assert [(one["code"], one["params"], one["message"]) for one in late["warnings"]] == [
        ("pack.stale", {"about": "germany"}, "The rule pack germany should have been reviewed by now.")
    ]


def stale_packs(body: dict[str, Any]) -> set[str]:
    return {one["params"]["about"] for one in body["warnings"] if one["code"] == "pack.stale"}


async def test_a_plan_its_money_and_its_papers_warn_of_the_packs_that_each_leans_on(owner: httpx2.AsyncClient) -> None:
    path = f"/v1/plans/{(await a_record(owner)).plan}"

    later = (await owner.get(path, params={"today": "2027-03-02"})).json()
    now = (await owner.get(path)).json()
    papers = (await owner.get(f"{path}/checklist")).json()

    assert stale_packs(later) == {"de-dhaka-master", "germany"}
    assert [stale_packs(need) for need in later["money"]] == [{"germany"}]
    assert stale_packs(now) == stale_packs(papers) == set()


async def test_a_verdict_warns_of_the_packs_that_it_leans_on_and_of_no_other(owner: httpx2.AsyncClient) -> None:
    path = f"/v1/students/me/verdicts/{await programme_id(owner, 'software systems engineering')}"
    after_all_reviews = {"on": "2028-01-01"}

    before = (await owner.get(path, params=after_all_reviews)).json()
    changed = await change_profile(owner, tests=[{"code": "IELTS_AC", "taken_on": "2026-11-01", "total": "7.0"}])
    assert changed.status_code == 200
    after = (await owner.get(path, params=after_all_reviews)).json()

    assert (before["rests_on"], stale_packs(before)) == ([], set())
    assert ("test:IELTS_AC" in after["rests_on"], stale_packs(after)) == (True, {"tests"})
