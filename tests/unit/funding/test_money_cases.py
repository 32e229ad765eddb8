"""Money cases that are read, converted and put into words."""

from datetime import date
from typing import Any

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.funding.case import Rate
from higherstudy.domain.funding.converting import as_funds, rate_for
from higherstudy.domain.funding.proof import MoneyProof
from higherstudy.domain.funding.proving import money_proofs
from higherstudy.domain.funding.reading import BrokenMoneyCase, read_money_case, read_money_case_file
from higherstudy.domain.shared.errors import NotFound
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.reading import exact

RULES = bundled_rulebook()
CASE = {"country": "GB", "level": "master", "on": "2026-06-10"}
EUR_RATES = [{"id": "r", "from": "BDT", "to": "EUR", "rate": "0.0075", "on": "2026-06-01", "haircut_percent": "2"}]


def proof(**data: Any) -> MoneyProof:
    (found,) = money_proofs(read_money_case({**CASE, **data}, RULES), RULES)
    return found


def problems(**data: Any) -> list[tuple[str, str]]:
    with pytest.raises(BrokenMoneyCase) as caught:
        read_money_case({**CASE, **data}, RULES)
    return [(reason.where, reason.code) for reason in caught.value.reasons]


def line(**data: Any) -> dict[str, Any]:
    return {"name": "Savings", "currency": "GBP", **data}


@pytest.mark.parametrize(
    ("data", "where", "code"),
    [
        ({"country": "XX"}, "country", "country.unknown"),
        ({"level": "kindergarten"}, "level", "data.unknown_word"),
        ({"on": "2026-02-30"}, "on", "data.not_a_date"),
        ({"months": 0}, "months", "data.not_whole_number"),
        ({"tuition": {"amount": "-1", "currency": "GBP"}}, "tuition.amount", "money.negative"),
        ({"tuition": {"amount": "1.234", "currency": "GBP"}}, "tuition.amount", "money.too_many_decimals"),
        ({"tuition": {"amount": "1", "currency": "pounds"}}, "tuition.currency", "money.currency_unknown"),
        ({"surprise": 1}, "surprise", "data.unknown_key"),
        ({"circumstances": {"left_handed": True}}, "circumstances.left_handed", "condition.unknown_circumstance"),
        ({"circumstances": {"in_london": "yes"}}, "circumstances.in_london", "data.not_true_or_false"),
        ({"family": {"children": 1, "school_children": 2}}, "family.school_children", "data.number_too_large"),
        ({"funds": [line()]}, "funds[0].amount", "data.missing"),
        ({"funds": [line(amount="1", paper="gold")]}, "funds[0].paper", "document.unknown_kind"),
        ({"funds": [line(amount="NaN")]}, "funds[0].amount", "data.not_decimal"),
        (
            {"funds": [line(amount="1", balances=[{"on": "2026-06-01", "amount": "1"}])]},
            "funds[0].amount",
            "data.both_given",
        ),
        (
            {"funds": [line(balances=[{"on": "2026-06-02", "amount": "1"}, {"on": "2026-06-01", "amount": "1"}])]},
            "funds[0].balances",
            "money_proof.balances_out_of_order",
        ),
        (
            {"funds": [line(balances=[{"on": "2026-06-02", "amount": "-1"}])]},
            "funds[0].balances[0].amount",
            "money.negative",
        ),
        ({"funds": [line(amount="1")] * 21}, "funds", "data.too_many"),
        ({"papers": [{"kind": "gold"}]}, "papers[0].kind", "document.unknown_kind"),
        ({"papers": [{"kind": "passport"}, {"kind": "passport"}]}, "papers[1].kind", "data.twice"),
        ({"rates": [{**EUR_RATES[0], "rate": "0"}]}, "rates[0].rate", "money_proof.rate_out_of_range"),
        ({"rates": [{**EUR_RATES[0], "rate": "1e9"}]}, "rates[0].rate", "data.not_decimal"),
        (
            {"rates": [{**EUR_RATES[0], "haircut_percent": "100"}]},
            "rates[0].haircut_percent",
            "money_proof.haircut_out_of_range",
        ),
        ({"rates": EUR_RATES * 2}, "rates[1].id", "data.twice"),
    ],
)
def test_what_cannot_be_understood_is_named_with_its_place(data: dict[str, Any], where: str, code: str) -> None:
    assert (where, code) in problems(**data)


def test_every_problem_of_a_file_is_named_with_its_line() -> None:
    text = (
        'country = "GB"\nlevel = "master"\non = 2026-06-10\n\n[[funds]]\nname = "A"\ncurrency = "GBP"\namount = "x"\n'
    )

    with pytest.raises(BrokenMoneyCase) as caught:
        read_money_case_file(text, "money.toml", RULES)

    assert [reason.where for reason in caught.value.reasons] == ["money.toml:8"]


def test_text_that_is_no_toml_is_refused_with_the_files_name() -> None:
    with pytest.raises(BrokenMoneyCase) as caught:
        read_money_case_file("[[", "money.toml", RULES)

    assert [reason.code for reason in caught.value.reasons] == ["case.not_toml"]


def test_a_country_without_a_money_rule_is_not_found() -> None:
    with pytest.raises(NotFound) as caught:
        money_proofs(read_money_case({**CASE, "country": "SE"}, RULES), RULES)

    assert [reason.code for reason in caught.value.reasons] == ["money_proof.no_rule"]


def test_a_conversion_keeps_the_original_the_rate_and_its_day() -> None:
    found = proof(
        country="NL", rates=EUR_RATES, funds=[line(currency="BDT", amount="2000000.00", paper="payment_proof")]
    )

    converted = found.funds[0].converted
    assert converted is not None
    assert converted.rate is not None
    assert (str(converted.original), str(converted.money)) == ("BDT 2,000,000.00", "EUR 14,700.00")
    assert (converted.rate.id, converted.rate.on, found.passes) == ("r", date(2026, 6, 1), True)


def test_the_last_rate_that_is_not_of_a_later_day_counts_and_none_is_turned_around() -> None:
    one = exact("1")
    assert one is not None
    rates = [Rate(str(day), "BDT", "EUR", one, date(2026, 6, day)) for day in (1, 9, 11)]

    assert rate_for("BDT", "EUR", rates, date(2026, 6, 10)) == rates[1]
    assert rate_for("BDT", "EUR", rates, date(2026, 5, 31)) is None
    assert as_funds(Money(1, "EUR"), "BDT", rates, date(2026, 6, 10)) is None


def test_a_line_that_does_not_count_says_why() -> None:
    found = proof(
        circumstances={"in_london": True},
        tuition={"amount": "0", "currency": "GBP"},
        funds=[
            line(amount="20000.00", paper="bank_statement"),
            line(amount="20000.00", paper="passport"),
            line(currency="BDT", balances=[{"on": "2026-06-01", "amount": "1"}]),
        ],
    )

    assert [one.why_not.code for one in found.funds if one.why_not] == [
        "money_proof.no_balances",
        "money_proof.paper_not_taken",
        "money_proof.no_rate",
    ]
    assert found.passes is None


def test_a_loan_letter_counts_from_the_day_on_which_it_is_there() -> None:
    found = proof(
        circumstances={"in_london": True},
        tuition={"amount": "5000", "currency": "GBP"},
        funds=[line(amount="18761.00", paper="loan_letter")],
    )

    assert found.passes is True


def test_while_it_is_not_known_where_one_lives_the_greater_sum_counts_and_the_lesser_is_named() -> None:
    found = proof(tuition={"amount": "0", "currency": "GBP"}, funds=[line(amount="12000.00", paper="loan_letter")])

    assert (str(found.required), str(found.at_least), found.passes) == ("GBP 13,761.00", "GBP 10,539.00", None)
    assert found.depends_on == ("in_london",)


def test_figures_that_nobody_has_verified_are_warned_of_and_so_is_a_stale_pack() -> None:
    early, late = proof(circumstances={"in_london": True}), proof(on="2030-01-01", circumstances={"in_london": True})

    assert [reason.code for reason in early.warnings] == ["money_proof.fact_unverified"]
    assert [reason.params["about"] for reason in late.warnings if reason.code == "pack.stale"] == ["united-kingdom"]


def test_a_proof_names_the_facts_their_day_and_the_packs_it_was_made_with() -> None:
    found = proof(circumstances={"in_london": False})

    assert found.rests_on == (
        "gb.living.outside_london.2025-11",
        "gb.funds.days_held",
        "gb.funds.days_before_application",
    )
    assert found.parts[0].facts[0].applies_by == "lodgement_date"
    assert (found.confidence.value, found.rulebook) == ("L", RULES.edition)
