"""Matching the whole catalogue over HTTP: filters, order, and what would open more."""

import asyncio
from typing import Any

import httpx2
import pytest
from records import PROFILE, Server, change_profile

ME = "/v1/students/me"


async def test_each_match_says_how_it_fits(owner: httpx2.AsyncClient) -> None:
    await change_profile(owner, budget_a_year={"amount": "20000", "currency": "EUR"}, target={"fields": ["061"]})

    found = (await owner.get(f"{ME}/matches", params={"limit": 100})).json()

    fits = [item["fit"] for item in found["items"]]
    assert all(set(fit) == {"field", "tuition", "deadline"} for fit in fits)
    assert {fit["field"]["fits"] for fit in fits} >= {"yes", "no"}
    assert all(part["message"].endswith(".") for fit in fits for part in fit.values())


async def test_the_order_is_standing_then_effort_then_fit_then_name(owner: httpx2.AsyncClient) -> None:
    await change_profile(owner, target={"fields": ["061"]})
    standings, fits = ["met", "probably_met", "unknown", "not_met"], ["yes", "unknown", "no"]

    found = (await owner.get(f"{ME}/matches", params={"limit": 100})).json()

    def order(item: dict[str, Any]) -> tuple[Any, ...]:
        fit = [fits.index(item["fit"][name]["fits"]) for name in ("field", "tuition", "deadline")]
        effort = 10**6 if item["effort"] is None else item["effort"]
        programme = item["programme"]
        return standings.index(item["standing"]), effort, fit, programme["name"], programme["key"]

    assert found["items"] == sorted(found["items"], key=order)
    assert sum(found["counts"].values()) == found["total"] == len(found["items"])


async def test_every_filter_narrows(owner: httpx2.AsyncClient) -> None:
    everything = (await owner.get(f"{ME}/matches")).json()["total"]

    for params in (
        {"country": "DE"},
        {"text": "science"},
        {"language": "de"},
        {"max_tuition": "9000", "currency": "GBP"},
        {"starts_from": "2027-10-01", "starts_until": "2027-10-31"},
        {"deadline_ahead": "true"},
        {"standing": ["met", "probably_met"]},
        {"missing": "stated"},
    ):
        some = (await owner.get(f"{ME}/matches", params=params)).json()
        assert 0 <= some["total"] < everything, params
        assert len(some["items"]) == min(20, some["total"]), params


@pytest.mark.parametrize(
    ("params", "where"),
    [
        ({"max_tuition": "a lot"}, "max_tuition"),
        ({"starts_from": "2028-10-01", "starts_until": "2027-10-01"}, "starts_until"),
        ({"max_tuition": "1.234", "currency": "EUR"}, "max_tuition"),
        ({"currency": "euro"}, "currency"),
        ({"standing": "perhaps"}, "standing"),
        ({"missing": "luck"}, "missing"),
        ({"starts_from": "2027-02-30"}, "starts_from"),
        ({"deadline_ahead": "soon"}, "deadline_ahead"),
    ],
)
async def test_a_wrong_filter_is_named(owner: httpx2.AsyncClient, params: dict[str, str], where: str) -> None:
    answers = [await owner.get(f"{ME}/{what}", params=params) for what in ("matches", "unlocks")]

    refused = [answer for answer in answers if where not in ("standing", "missing") or "matches" in str(answer.url)]
    assert {answer.status_code for answer in refused} <= {400, 422}
    assert all(where in answer.text for answer in refused)


async def test_what_opens_more_is_listed_and_each_change_can_be_paged(owner: httpx2.AsyncClient) -> None:
    await change_profile(owner, **PROFILE)

    found = (await owner.get(f"{ME}/unlocks", params={"limit": 100, "programmes": 2})).json()

    gains = [(one["opened"] + one["words_left"]) / one["change"]["effort"] for one in found["items"]]
    assert gains == sorted(gains, reverse=True)
    assert found["items"]
    for one in found["items"][:5]:
        page = (await owner.get(f"{ME}/unlocks/{one['key']}", params={"limit": 1})).json()
        assert (page["opened"], page["items"]) == (one["opened"], one["programmes"][:1])
        assert (page["next"] is None) == (one["opened"] + one["words_left"] == 1)


async def test_a_profile_that_says_nothing_hears_what_is_asked_for(owner: httpx2.AsyncClient) -> None:
    await change_profile(owner, **dict.fromkeys(PROFILE))

    found = (await owner.get(f"{ME}/unlocks")).json()

    assert found["unanswered"] == ["tests", "qualifications", "citizenships", "work", "papers"]
    together = next(one for one in found["items"] if one["key"] == "complete_profile")
    assert (together["at_best"], together["change"]["params"]) == (True, {"field": ", ".join(found["unanswered"])})
    assert (await owner.get(f"{ME}/unlocks/complete_profile")).json()["opened"] == together["opened"] > 0


async def test_a_change_that_opens_nothing_is_not_found(owner: httpx2.AsyncClient) -> None:
    answer = await owner.get(f"{ME}/unlocks/raise_luck")

    assert (answer.status_code, "raise_luck" in answer.text) == (404, True)


async def test_many_match_at_the_same_time(server: Server, owner: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(*(owner.get(f"{ME}/matches") for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
