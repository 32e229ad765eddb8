"""A money case as it is read: every field of one that says everything, and every problem of one that is wrong."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from higherstudy.domain.funding.case import Balance, Family, Funds, MoneyCase, Rate
from higherstudy.domain.funding.proving import money_proofs
from higherstudy.domain.funding.reading import BrokenMoneyCase, read_money_case, read_money_case_file
from higherstudy.domain.shared.errors import NotFound, Reason
from higherstudy.domain.shared.money import Money

from .money_texts import RULES

LEAST = {"country": "GB", "level": "master", "on": "2026-06-10"}
RATE = {"id": "r", "from": "BDT", "to": "GBP", "rate": "0.006", "on": "2026-06-01"}
HALVES: list[dict[str, Any]] = [{"of": 1}, {"on": "2026-06-01"}, {"amount": "1"}]
LEVELS = "bachelor, master, doctorate, diploma, other"


def money(amount: str, currency: str = "GBP") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def line(**said: Any) -> dict[str, Any]:
    return {"name": "Bank", "currency": "GBP", **said}


def balances(count: int) -> list[dict[str, str]]:
    return [{"on": (date(2020, 1, 1) + timedelta(day)).isoformat(), "amount": "1"} for day in range(count)]


def rates(count: int) -> list[dict[str, str]]:
    return [{**RATE, "id": str(number)} for number in range(count)]


def refusals(**data: Any) -> list[str]:
    with pytest.raises(BrokenMoneyCase) as caught:
        read_money_case({**LEAST, **data}, RULES)
    return [str(reason) for reason in caught.value.reasons]


def test_a_case_that_says_everything_is_read_with_all_that_it_says() -> None:
    data = {
        **LEAST,
        "months": 10,
        "tuition": money("1.01"),
        "tuition_paid": money("2"),
        "travel": money("3"),
        "cost_of_attendance": money("4"),
        "income": money("5", "JPY"),
        "family": {"partner": True, "children": 2, "school_children": 1},
        "circumstances": {"in_london": True, "nationality": "BD"},
        "funds": [
            line(amount="6", paper="letter"),
            line(balances=[{"on": "2026-06-01", "amount": "7"}, {"on": "2026-06-02", "amount": "8"}]),
        ],
        "papers": [{"kind": "pledge"}, {"kind": "scholarship", "issued_on": "2026-06-03"}],
        "rates": [{**RATE, "haircut_percent": "1.5"}, {**RATE, "id": "s"}],
        "citizenships": ["BD", "IN"],
        "mission": "GB/DHAKA",
        "institution": "Lake School",
    }

    assert read_money_case(data, RULES) == MoneyCase(
        country="GB",
        level="master",
        on=date(2026, 6, 10),
        months=10,
        tuition=Money(101, "GBP"),
        tuition_paid=Money(200, "GBP"),
        travel=Money(300, "GBP"),
        cost_of_attendance=Money(400, "GBP"),
        income=Money(5, "JPY"),
        family=Family(True, 2, 1),
        circumstances={"in_london": True, "nationality": "BD"},
        funds=(
            Funds("Bank", "letter", Money(600, "GBP"), ()),
            Funds(
                "Bank",
                "",
                None,
                (Balance(date(2026, 6, 1), Money(700, "GBP")), Balance(date(2026, 6, 2), Money(800, "GBP"))),
            ),
        ),
        papers={"pledge": None, "scholarship": date(2026, 6, 3)},
        rates=(
            Rate("r", "BDT", "GBP", Decimal("0.006"), date(2026, 6, 1), Decimal("1.5")),
            Rate("s", "BDT", "GBP", Decimal("0.006"), date(2026, 6, 1), Decimal(0)),
        ),
        citizenships=("BD", "IN"),
        mission="GB/DHAKA",
        institution="Lake School",
    )


def test_a_case_that_says_the_least_is_of_somebody_alone_of_whom_nothing_more_is_known() -> None:
    found = read_money_case(LEAST, RULES)

    assert found == MoneyCase(
        country="GB",
        level="master",
        on=date(2026, 6, 10),
        months=None,
        tuition=None,
        tuition_paid=None,
        travel=None,
        cost_of_attendance=None,
        income=None,
        family=Family(False, 0, 0),
        circumstances={},
        funds=(),
        papers={},
        rates=(),
    )
    assert read_money_case({**LEAST, "family": {}}, RULES) == found


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        ({"country": "X" * 41}, [f"country: country.unknown (given={'X' * 40})"]),
        ({"country": "", "level": "", "on": ""}, [
            "country: data.not_text", "level: data.not_text", "on: data.not_a_date (given=)"
        ]),
        ({"level": "y" * 41}, [f"level: data.unknown_word (given={'y' * 40}, known={LEVELS})"]),
        ({"months": 0}, ["months: data.not_whole_number (given=0, at_least=1)"]),
        ({"months": 1201}, ["months: data.number_too_large (given=1201, at_most=1200)"]),
        ({"surprise": 1}, ["surprise: data.unknown_key"]),
        ({"citizenships": ["BD", "X" * 41]}, [f"citizenships[1]: country.unknown (given={'X' * 40})"]),
        (
            {
                "tuition": money("-0.01"),
                "travel": money("1.001"),
                "income": {**money("1"), "a": 1},
                "tuition_paid": {},
                "cost_of_attendance": 5,
            },
            [
                "tuition.amount: money.negative (amount=GBP -0.01)",
                "tuition_paid.amount: data.missing",
                "tuition_paid.currency: data.missing",
                "travel.amount: money.too_many_decimals (amount=1.001, currency=GBP)",
                "cost_of_attendance: data.not_a_table",
                "income.a: data.unknown_key",
            ],
        ),
        (
            {"family": {"partner": 1, "children": 31, "school_children": 31, "cats": 1}},
            [
                "family.partner: data.not_true_or_false (given=1)",
                "family.children: data.number_too_large (given=31, at_most=30)",
                "family.school_children: data.number_too_large (given=31, at_most=30)",
                "family.cats: data.unknown_key",
            ],
        ),
        (
            {"family": {"children": 1, "school_children": 2}},
            ["family.school_children: data.number_too_large (given=2, at_most=1)"],
        ),
        (
            {"circumstances": {"in_london": "yes", "z" * 81: True, "employed": True}},
            [
                "circumstances.in_london: data.not_true_or_false (given=yes)",
                f"circumstances.{'z' * 80}: condition.unknown_circumstance (given={'z' * 40})",
            ],
        ),
        (
            {"funds": [line(), line(amount="1", paper="p" * 81), line(amount="1", shown=True), {"amount": "1"}]},
            [
                "funds[0].amount: data.missing",
                f"funds[1].paper: document.unknown_kind (kind={'p' * 80})",
                "funds[2].shown: data.unknown_key",
                "funds[3].name: data.missing",
                "funds[3].currency: data.missing",
            ],
        ),
        (
            {"funds": [line(amount="x"), line(amount="-1"), line(amount="1.001"), line(currency="pound", amount="1")]},
            [
                "funds[0].amount: data.not_decimal (given=x)",
                "funds[1].amount: money.negative (amount=GBP -1.00)",
                "funds[2].amount: money.too_many_decimals (amount=1.001, currency=GBP)",
                "funds[3].currency: money.currency_unknown (currency=pound)",
            ],
        ),
        (
            {"funds": [line(amount="1", balances=balances(1)), line(balances=[]), line(balances=HALVES)]},
            [
                "funds[0].amount: data.both_given (other=balances)",
                "funds[2].balances[0].on: data.missing",
                "funds[2].balances[0].amount: data.missing",
                "funds[2].balances[0].of: data.unknown_key",
                "funds[2].balances[1].amount: data.missing",
                "funds[2].balances[2].on: data.missing",
            ],
        ),
        (
            {
                "funds": [
                    line(balances=[{"on": "2026-06-01", "amount": "-1"}, {"on": "2026-06-01", "amount": "1.001"}]),
                    line(balances=[{"on": "2026-06-01", "amount": "1"}, {"on": "2026-06-01", "amount": "1"}]),
                    line(balances=balances(501)),
                ]
            },
            [
                "funds[0].balances[0].amount: money.negative (amount=GBP -1.00)",
                "funds[0].balances[1].amount: money.too_many_decimals (amount=1.001, currency=GBP)",
                "funds[1].balances: money_proof.balances_out_of_order",
                "funds[2].balances: data.too_many (at_most=500)",
            ],
        ),
        ({"funds": [line(amount="1")] * 21}, ["funds: data.too_many (at_most=20)"]),
        (
            {"papers": [{"kind": "pledge"}, {"kind": "pledge"}, {}, {"kind": "letter", "pages": 1}]},
            [
                "papers[1].kind: data.twice (given=pledge)",
                "papers[2].kind: data.missing",
                "papers[3].pages: data.unknown_key",
            ],
        ),
        (
            {"papers": [{"kind": "q" * 81}, {"kind": "q" * 81}]},
            [
                f"papers[0].kind: document.unknown_kind (kind={'q' * 80})",
                f"papers[1].kind: document.unknown_kind (kind={'q' * 80})",
                f"papers[1].kind: data.twice (given={'q' * 80})",
            ],
        ),
        (
            {"rates": [{}, {**RATE, "by": "me"}]},
            [
                *(f"rates[0].{key}: data.missing" for key in ("id", "from", "to", "rate", "on")),
                "rates[1].by: data.unknown_key",
            ],
        ),
        (
            {
                "rates": [
                    {**RATE, "rate": "0"},
                    {**RATE, "id": "s", "rate": "1000000.01", "haircut_percent": "-0.01"},
                    {**RATE, "id": "t" * 81, "haircut_percent": "100"},
                    {**RATE, "id": "t" * 81, "from": "taka", "to": "pound"},
                ]
            },
            [
                "rates[0].rate: money_proof.rate_out_of_range",
                "rates[1].rate: money_proof.rate_out_of_range",
                "rates[1].haircut_percent: money_proof.haircut_out_of_range",
                "rates[2].haircut_percent: money_proof.haircut_out_of_range",
                "rates[3].from: money.currency_unknown (currency=taka)",
                "rates[3].to: money.currency_unknown (currency=pound)",
                f"rates[3].id: data.twice (given={'t' * 80})",
            ],
        ),
        ({"rates": rates(101)}, ["rates: data.too_many (at_most=100)"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place_and_what_was_given_and_nothing_else_is(
    data: dict[str, Any], problems: list[str]
) -> None:
    assert refusals(**data) == problems


@pytest.mark.parametrize(
    "data",
    [
        {"months": 1},
        {"months": 1200},
        {"tuition": money("0")},
        {"family": {"children": 30, "school_children": 30}},
        {"funds": [line(amount="0")] * 20},
        {"funds": [line(balances=balances(500))]},
        {"rates": rates(100)},
        {"rates": [{**RATE, "rate": "1000000", "haircut_percent": "99.99"}]},
        {"rates": [{**RATE, "rate": "0.000001", "haircut_percent": "0"}]},
        *({"level": level} for level in LEVELS.split(", ")),
    ],
)
def test_what_lies_just_within_its_limits_is_read(data: dict[str, Any]) -> None:
    assert read_money_case({**LEAST, **data}, RULES).country == "GB"


def test_a_file_is_read_as_what_it_says() -> None:
    text = 'country = "GB"\nlevel = "master"\non = 2026-06-10\npapers = [{ kind = "pledge" }]\n'

    assert read_money_case_file(text, "m.toml", RULES) == read_money_case(
        {**LEAST, "papers": [{"kind": "pledge"}]}, RULES
    )


def test_a_file_tells_its_problems_with_its_name_and_their_lines() -> None:
    with pytest.raises(BrokenMoneyCase) as caught:
        read_money_case_file(
            'country = "GB"\nlevel = "master"\non = 2026-06-10\n\n[tuition]\namount = "x"\n', "m", RULES
        )
    with pytest.raises(BrokenMoneyCase) as no_toml:
        read_money_case_file("[[", "m.toml", RULES)

    assert [str(reason) for reason in caught.value.reasons] == [
        "m:6: data.not_decimal (given=x, place=tuition.amount)",
        "m:5: data.missing (place=tuition.currency)",
    ]
    [reason] = no_toml.value.reasons
    assert (reason.code, reason.where, set(reason.params)) == ("case.not_toml", "m.toml", {"detail"})
    assert "(at " in str(reason.params["detail"])


def test_a_country_without_a_rule_is_told_with_the_level_that_was_asked_for() -> None:
    with pytest.raises(NotFound) as caught:
        money_proofs(read_money_case({**LEAST, "country": "SE"}, RULES), RULES)

    assert caught.value.reasons == (Reason("money_proof.no_rule", {"country": "SE", "level": "master"}, "country"),)
