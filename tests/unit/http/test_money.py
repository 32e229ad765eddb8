"""Money proofs over the API."""

from typing import Any

import httpx2

SAVINGS = {
    "name": "Savings",
    "paper": "bank_statement",
    "currency": "BDT",
    "balances": [
        {"on": "2026-05-01", "amount": "4500000.00"},
        {"on": "2026-05-20", "amount": "3900000.00"},
        {"on": "2026-05-21", "amount": "4500000.00"},
        {"on": "2026-06-10", "amount": "4500000.00"},
    ],
}
CASE: dict[str, Any] = {
    "country": "GB",
    "level": "master",
    "on": "2026-06-10",
    "tuition": {"amount": "18000.00", "currency": "GBP"},
    "tuition_paid": {"amount": "5000.00", "currency": "GBP"},
    "circumstances": {"in_london": True},
    "funds": [SAVINGS],
    "rates": [
        {
            "id": "bank",
            "from": "BDT",
            "to": "GBP",
            "rate": "0.00610",
            "on": "2026-06-09",
            "haircut_percent": "2",
        }
    ],
}


async def test_anybody_may_ask_whether_money_is_enough_and_is_told_the_day_that_broke_it(
    anybody: httpx2.AsyncClient,
) -> None:
    answer = await anybody.post("/v1/money-proofs", json=CASE)

    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["items"]
    assert (found["passes"], found["required"]) == (False, {"amount": "26761.00", "currency": "GBP"})
    assert found["holding"]["dips"] == [
        {
            "on": "2026-05-20",
            "held": {"amount": "23314.20", "currency": "GBP"},
            "short_by": {"amount": "3446.80", "currency": "GBP"},
            "shown": True,
        }
    ]
    assert (found["holding"]["earliest"], found["holding"]["if_kept"]) == ("2026-06-17", True)
    assert [part["code"] for part in found["parts"]] == ["living_student", "tuition_unpaid"]
    assert found["funds"][0]["conversion"] == {
        "original": {"amount": "4500000.00", "currency": "BDT"},
        "converted": {"amount": "26901.00", "currency": "GBP"},
        "rate_id": "bank",
        "rate_on": "2026-06-09",
    }
    assert [(fact["id"], fact["applies_by"]) for fact in found["rests_on"]] == [
        ("gb.living.london.2025-11", "lodgement_date"),
        ("gb.funds.days_held", "lodgement_date"),
        ("gb.funds.days_before_application", "lodgement_date"),
    ]


async def test_every_answer_says_in_words_what_it_leans_on(anybody: httpx2.AsyncClient) -> None:
    answer = await anybody.post("/v1/money-proofs", json={**CASE, "circumstances": {}, "funds": []})

    (found,) = answer.json()["items"]
    assert found["depends_on"] == ["in_london"]
    assert [reason["code"] for reason in found["warnings"]] == ["money_proof.fact_unverified"] * 2
    assert all("{" not in reason["message"] for reason in (*found["said"], *found["warnings"]))


async def test_all_that_is_wrong_is_named_at_once(anybody: httpx2.AsyncClient) -> None:
    wrong = {**CASE, "tuition": {"amount": "x", "currency": "GBP"}, "funds": [{**SAVINGS, "paper": "gold"}]}

    answer = await anybody.post("/v1/money-proofs", json=wrong)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["tuition.amount", "funds[0].paper"]


async def test_a_wrong_currency_is_named_where_it_stands_and_once(anybody: httpx2.AsyncClient) -> None:
    wrong = {**CASE, "tuition": {"amount": "1", "currency": "gbp"}, "funds": [{**SAVINGS, "currency": "bdt"}]}

    answer = await anybody.post("/v1/money-proofs", json=wrong)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["tuition.currency", "funds[0].currency"]
