"""Money to be shown, country by country, by the figures and days of the sources named beside the cases."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.funding.proof import MoneyProof
from higherstudy.domain.funding.proving import money_proofs
from higherstudy.domain.funding.reading import read_money_case

RULES = bundled_rulebook()


def proof(**data: Any) -> MoneyProof:
    """The one proof of the case."""
    (found,) = money_proofs(read_money_case({"level": "master", **data}, RULES), RULES)
    return found


def money(amount: str, currency: str) -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def funds(paper: str, amount: str, currency: str) -> dict[str, str]:
    return {"name": "Savings", "paper": paper, "amount": amount, "currency": currency}


REQUIRED: dict[str, tuple[Mapping[str, Any], str | None, tuple[str, ...]]] = {
    # several third parties, none of them official: 720, 853, 861, 934, 992 EUR a month
    "de 2019-08-31": ({"country": "DE", "on": "2019-08-31"}, "8640.00 EUR", ("before-2019-09",)),
    "de 2019-09-01": ({"country": "DE", "on": "2019-09-01"}, "10236.00 EUR", ("2019-09",)),
    "de 2020-12-31": ({"country": "DE", "on": "2020-12-31"}, "10236.00 EUR", ("2019-09",)),
    "de 2021-01-01": ({"country": "DE", "on": "2021-01-01"}, "10332.00 EUR", ("2021",)),
    "de 2022-12-31": ({"country": "DE", "on": "2022-12-31"}, "10332.00 EUR", ("2021",)),
    "de 2023-01-01": ({"country": "DE", "on": "2023-01-01"}, "11208.00 EUR", ("2023-01",)),
    "de 2024-08-31": ({"country": "DE", "on": "2024-08-31"}, "11208.00 EUR", ("2023-01",)),
    "de 2024-09-01": ({"country": "DE", "on": "2024-09-01"}, "11904.00 EUR", ("2024-09",)),
    # SiGBa (M): at a private university a year of tuition besides
    "de private": (
        {
            "country": "DE",
            "on": "2026-09-01",
            "tuition": money("9000", "EUR"),
            "circumstances": {"university_sector": "private"},
        },
        "20904.00 EUR",
        ("2024-09",),
    ),
    # ukvisa.blog (L) from 11 November 2025, GOV.UK (H) before: nine months
    "gb london": ({"country": "GB", "on": "2026-06-01", "circumstances": {"in_london": True}}, "13761.00 GBP", ()),
    "gb outside": ({"country": "GB", "on": "2026-06-01", "circumstances": {"in_london": False}}, "10539.00 GBP", ()),
    "gb last day": ({"country": "GB", "on": "2025-11-10", "circumstances": {"in_london": True}}, "13347.00 GBP", ()),
    "gb outside 2025": (
        {"country": "GB", "on": "2025-02-01", "circumstances": {"in_london": False}},
        "10224.00 GBP",
        (),
    ),
    "gb 2024": ({"country": "GB", "on": "2024-12-31", "circumstances": {"in_london": True}}, "12006.00 GBP", ()),
    "gb five months": (
        {"country": "GB", "on": "2026-06-01", "months": 5, "circumstances": {"in_london": False}},
        "5855.00 GBP",
        (),
    ),
    "gb a year is nine months": (
        {"country": "GB", "on": "2026-06-01", "months": 12, "circumstances": {"in_london": False}},
        "10539.00 GBP",
        (),
    ),
    # while it is not known where, the greater sum counts
    "gb somewhere": ({"country": "GB", "on": "2026-06-01"}, "13761.00 GBP", ()),
    # several pages (M)
    "ca 2023": ({"country": "CA", "on": "2023-12-31", "circumstances": {"in_quebec": False}}, "10000.00 CAD", ()),
    "ca 2024": ({"country": "CA", "on": "2024-01-01", "circumstances": {"in_quebec": False}}, "20635.00 CAD", ()),
    "ca 2025-08-31": ({"country": "CA", "on": "2025-08-31", "circumstances": {"in_quebec": False}}, "20635.00 CAD", ()),
    "ca 2025-09-01": ({"country": "CA", "on": "2025-09-01", "circumstances": {"in_quebec": False}}, "22895.00 CAD", ()),
    # the sum of 1 September 2026 was not found, nor that of Quebec, nor those of families
    "ca 2026-09-01": ({"country": "CA", "on": "2026-09-01", "circumstances": {"in_quebec": False}}, None, ()),
    "ca quebec": ({"country": "CA", "on": "2026-01-01", "circumstances": {"in_quebec": True}}, None, ()),
    "ca partner": (
        {"country": "CA", "on": "2026-01-01", "circumstances": {"in_quebec": False}, "family": {"partner": True}},
        None,
        (),
    ),
    # several pages (M), since 10 May 2024
    "au alone": ({"country": "AU", "on": "2026-06-01"}, "29710.00 AUD", ()),
    "au couple": ({"country": "AU", "on": "2026-06-01", "family": {"partner": True}}, "40104.00 AUD", ()),
    "au family": (
        {
            "country": "AU",
            "on": "2026-06-01",
            "family": {"partner": True, "children": 2, "school_children": 1},
        },
        "62504.00 AUD",
        (),
    ),
    "au before": ({"country": "AU", "on": "2024-05-09"}, None, ()),
    # one page (L), set anew every January
    "nl 2026": ({"country": "NL", "on": "2026-06-22"}, "13572.00 EUR", ()),
    "nl 2027": ({"country": "NL", "on": "2027-01-01"}, None, ()),
    # the school says what it costs
    "us": (
        {"country": "US", "on": "2026-06-01", "cost_of_attendance": money("52000", "USD")},
        "52000.00 USD",
        (),
    ),
    "us not stated": ({"country": "US", "on": "2026-06-01"}, None, ()),
}
NOTHING_ELSE = {"GB": "tuition", "CA": "tuition travel", "AU": "tuition travel"}


@pytest.mark.parametrize("case", REQUIRED)
def test_a_country_asks_for_the_sum_of_the_day(case: str) -> None:
    data, sum_, endings = REQUIRED[case]
    currency = {"GB": "GBP", "CA": "CAD", "AU": "AUD"}.get(data["country"], "")
    others = {name: money("0", currency) for name in NOTHING_ELSE.get(data["country"], "").split()}
    if data["country"] == "DE":
        data = {"circumstances": {"university_sector": "public"}, **data}

    found = proof(**others, **data)

    assert (f"{found.required.amount} {found.required.currency}" if found.required else None) == sum_
    assert tuple(name.rpartition(".")[2] for name in found.rests_on)[: len(endings)] == endings


def statement(first: date, last: date, amount: str, dips: Mapping[date, str]) -> list[dict[str, str]]:
    """Balances from the first day to the last, with less at the end of some days."""
    stated = {first: amount, last: amount}
    for on, less in dips.items():
        stated |= {on: less} | ({} if on == last else {on + timedelta(days=1): amount})
    return [{"on": on.isoformat(), "amount": stated[on]} for on in sorted(stated)]


def held(first: date, last: date, dips: Mapping[date, str], on: date) -> MoneyProof:
    """The proof of an account for London, without any tuition left to pay: GBP 13,761 are required."""
    account = {
        "name": "Savings",
        "paper": "bank_statement",
        "currency": "GBP",
        "balances": statement(first, last, "13761.00", dips),
    }
    return proof(
        country="GB",
        on=on.isoformat(),
        circumstances={"in_london": True},
        tuition=money("0", "GBP"),
        funds=[account],
    )


JUNE = date(2026, 6, 1)
# first and last day of the statement, day of the dip, day of application: passes, earliest day, only if it stays
WINDOWS: dict[str, tuple[date, date, date | None, date, bool, date | None, bool]] = {
    # GOV.UK (H): 28 days in a row, the last of them at most 31 days before the application
    "28 days to the day": (JUNE, date(2026, 6, 28), None, date(2026, 6, 28), True, date(2026, 6, 28), False),
    "27 days": (JUNE, date(2026, 6, 27), None, date(2026, 6, 27), False, date(2026, 6, 28), True),
    "31 days later": (JUNE, date(2026, 6, 28), None, date(2026, 7, 29), True, date(2026, 7, 29), False),
    "32 days later": (JUNE, date(2026, 6, 28), None, date(2026, 7, 30), False, date(2026, 7, 30), True),
    "a dip on the first day": (JUNE, date(2026, 6, 28), JUNE, date(2026, 6, 28), False, date(2026, 6, 29), True),
    "a dip in the middle": (
        JUNE,
        date(2026, 7, 20),
        date(2026, 6, 15),
        date(2026, 7, 1),
        False,
        date(2026, 7, 13),
        False,
    ),
    "a dip before a whole window": (
        JUNE,
        date(2026, 7, 20),
        date(2026, 6, 15),
        date(2026, 7, 13),
        True,
        date(2026, 7, 13),
        False,
    ),
    "a dip after a whole window": (
        JUNE,
        date(2026, 7, 20),
        date(2026, 6, 29),
        date(2026, 7, 20),
        True,
        date(2026, 7, 20),
        False,
    ),
    "a dip on the last day": (
        JUNE,
        date(2026, 6, 27),
        date(2026, 6, 27),
        date(2026, 6, 27),
        False,
        None,
        False,
    ),
}


@pytest.mark.parametrize("case", WINDOWS)
def test_the_28_days_of_the_united_kingdom(case: str) -> None:
    first, last, dip, on, passes, earliest, if_kept = WINDOWS[case]

    found = held(first, last, {dip: "13760.99"} if dip else {}, on)

    assert found.holding is not None
    assert (found.passes, found.holding.earliest, found.holding.if_kept) == (passes, earliest, if_kept)


def test_one_day_a_penny_below_the_line_is_named_with_the_penny() -> None:
    found = held(JUNE, date(2026, 7, 20), {date(2026, 6, 15): "13760.99"}, date(2026, 7, 1))

    assert found.holding is not None
    assert [(dip.on, dip.short_by.amount) for dip in found.holding.dips if dip.shown] == [
        (date(2026, 6, 15), Decimal("0.01"))
    ]
    assert [reason.code for reason in found.said] == [
        "money_proof.not_held",
        "money_proof.dip",
        "money_proof.earliest",
    ]


def test_two_accounts_hold_together_what_neither_holds_alone() -> None:
    both = [
        {
            "name": name,
            "paper": "bank_statement",
            "currency": "GBP",
            "balances": statement(JUNE, date(2026, 6, 30), amount, {}),
        }
        for name, amount in (("hers", "10000.00"), ("her father's", "3761.00"))
    ]
    case = {"country": "GB", "on": "2026-06-30", "circumstances": {"in_london": True}, "tuition": money("0", "GBP")}

    assert proof(**case, funds=both).passes is True
    assert [proof(**case, funds=[one]).passes for one in both] == [False, False]


# data besides the country's own, and whether it is enough
ENOUGH: dict[str, tuple[Mapping[str, Any], bool | None]] = {
    "de to the cent": (
        {
            "country": "DE",
            "on": "2026-09-01",
            "circumstances": {"university_sector": "public"},
            "funds": [funds("blocked_account", "11904.00", "EUR")],
        },
        True,
    ),
    "de a cent less": (
        {
            "country": "DE",
            "on": "2026-09-01",
            "circumstances": {"university_sector": "public"},
            "funds": [funds("blocked_account", "11903.99", "EUR")],
        },
        False,
    ),
    "de with the old sum": (
        {
            "country": "DE",
            "on": "2026-09-01",
            "circumstances": {"university_sector": "public"},
            "funds": [funds("blocked_account", "11208.00", "EUR")],
        },
        False,
    ),
    "de sector not known, tuition neither": (
        {"country": "DE", "on": "2026-09-01", "funds": [funds("blocked_account", "11904.00", "EUR")]},
        None,
    ),
    # muenchen.de, canada.diplo.de (H): a sponsor's declaration not older than six months
    "de sponsor in time": (
        {
            "country": "DE",
            "on": "2026-09-01",
            "papers": [{"kind": "verpflichtungserklaerung", "issued_on": "2026-03-01"}],
        },
        True,
    ),
    "de sponsor a day too old": (
        {
            "country": "DE",
            "on": "2026-09-01",
            "circumstances": {"university_sector": "public"},
            "papers": [{"kind": "verpflichtungserklaerung", "issued_on": "2026-02-28"}],
        },
        False,
    ),
    "au income alone": (
        {"country": "AU", "on": "2026-06-01", "income": money("87856", "AUD"), "travel": money("2500", "AUD")},
        True,
    ),
    "au income a dollar short": (
        {
            "country": "AU",
            "on": "2026-06-01",
            "income": money("87855", "AUD"),
            "tuition": money("40000", "AUD"),
            "travel": money("2500", "AUD"),
        },
        False,
    ),
    "au income with family": (
        {"country": "AU", "on": "2026-06-01", "income": money("102500", "AUD"), "family": {"partner": True}},
        True,
    ),
    "au savings": (
        {
            "country": "AU",
            "on": "2026-06-01",
            "tuition": money("40000", "AUD"),
            "travel": money("2500", "AUD"),
            "funds": [funds("bank_statement", "72210", "AUD")],
        },
        True,
    ),
    "ca paid tuition comes off": (
        {
            "country": "CA",
            "on": "2026-01-15",
            "circumstances": {"in_quebec": False},
            "tuition": money("20000", "CAD"),
            "tuition_paid": money("8000", "CAD"),
            "travel": money("1500", "CAD"),
            "funds": [funds("gic_certificate", "22895", "CAD"), funds("bank_statement", "13500", "CAD")],
        },
        True,
    ),
    "ca journey not stated": (
        {
            "country": "CA",
            "on": "2026-01-15",
            "circumstances": {"in_quebec": False},
            "tuition": money("20000", "CAD"),
            "funds": [funds("gic_certificate", "60000", "CAD")],
        },
        None,
    ),
    "us covered by lines with papers": (
        {
            "country": "US",
            "on": "2026-06-01",
            "cost_of_attendance": money("52000", "USD"),
            "funds": [funds("scholarship_award", "30000", "USD"), funds("affidavit_of_support", "22000", "USD")],
        },
        True,
    ),
    "us a line without a paper does not count": (
        {
            "country": "US",
            "on": "2026-06-01",
            "cost_of_attendance": money("52000", "USD"),
            "funds": [funds("scholarship_award", "30000", "USD"), {"name": "Uncle", **money("22000", "USD")}],
        },
        False,
    ),
    "nl deposit": ({"country": "NL", "on": "2026-06-22", "funds": [funds("payment_proof", "13572", "EUR")]}, True),
    "nl deposit of another year": (
        {"country": "NL", "on": "2027-02-01", "funds": [funds("payment_proof", "14000", "EUR")]},
        None,
    ),
    "another currency without a rate is not known": (
        {"country": "NL", "on": "2026-06-22", "funds": [funds("payment_proof", "9000000", "BDT")]},
        None,
    ),
}


@pytest.mark.parametrize("case", ENOUGH)
def test_the_money_is_enough_not_enough_or_not_known(case: str) -> None:
    data, passes = ENOUGH[case]

    assert proof(**data).passes is passes
