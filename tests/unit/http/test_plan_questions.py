"""Why a plan's days are as they are, and how likely it is to arrive in time, over HTTP."""

import httpx2
import pytest
from records import a_record


async def test_why_a_step_falls_on_its_day_is_answered_by_the_whole_chain(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)

    why = (await owner.get(f"/v1/plans/{record.plan}/why/DE17")).json()

    assert [link["key"] for link in why["links"]][-2:] == ["DE16", "DE17"]
    assert why["links"][0]["reasons"][0]["code"] in ("because.today", "because.reported_begun")
    assert all(reason["message"] for link in why["links"] for reason in link["reasons"])
    assert why["gate"]["code"] == "gate.not_yet"
    assert why["due"]["code"] == "due.studies_begin"


async def test_the_key_of_a_target_explains_its_arrival(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    plan = (await owner.get(f"/v1/plans/{record.plan}")).json()

    why = (await owner.get(f"/v1/plans/{record.plan}/why/{plan['lead']}")).json()

    assert why["links"][-1]["finish"] == plan["outlooks"][0]["arrives_on"]
    assert [one["code"] for one in why["verdict"]] == [one["code"] for one in plan["outlooks"][0]["reasons"]]


async def test_a_step_that_the_plan_does_not_have_is_not_found(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)

    refused = await owner.get(f"/v1/plans/{record.plan}/why/SWIM")

    assert refused.status_code == 404
    assert refused.json()["errors"][0]["code"] == "plan.unknown_step"


async def test_the_chance_is_an_estimate_with_samples_error_and_assumptions(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)
    asked = f"/v1/plans/{record.plan}/chance?samples=400&seed=5"

    one, same = (await owner.get(asked)).json(), (await owner.get(asked)).json()

    assert one == same
    assert one["is_estimate"] is True
    (first, *_) = one["items"]
    assert (first["samples"], first["seed"]) == (400, 5)
    assert 0 <= first["chance"] <= 1
    assert first["standard_error"] > 0
    assert {"chance.spread", "chance.independent"} <= {reason["code"] for reason in first["assumptions"]}


@pytest.mark.parametrize("asked", ["samples=99", "samples=100001", "seed=-1", "seed=x", "today=9999-01-01"])
async def test_a_question_out_of_bounds_is_refused(owner: httpx2.AsyncClient, asked: str) -> None:
    record = await a_record(owner)

    refused = await owner.get(f"/v1/plans/{record.plan}/chance?{asked}")

    assert refused.status_code == 422
    assert asked.partition("=")[0] in refused.text


async def test_a_plan_names_its_holidays_and_what_each_step_counts(owner: httpx2.AsyncClient) -> None:
    record = await a_record(owner)

    plan = (await owner.get(f"/v1/plans/{record.plan}")).json()

    assert [one.partition(" ")[0] for one in plan["calendars"]] == ["holidays"]
    assert plan["notices"] == []
    visit = next(step for step in plan["steps"] if step["code"] == "DE15")
    assert (visit["counts"], visit["calendar"]) == ("calendar", "both")
