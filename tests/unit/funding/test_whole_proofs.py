"""Money proofs compared as a whole: the sums, each part, each line of funds, the days, the words and the warnings."""

from typing import Any

import pytest

from .money_texts import proof, told

RATES = [
    {"id": "r", "from": "BDT", "to": "EUR", "rate": "0.0075", "on": "2026-06-01", "haircut_percent": "2"},
    {"id": "g", "from": "BDT", "to": "GBP", "rate": "0.006", "on": "2026-06-01"},
]


def money(amount: str, currency: str) -> dict[str, str]:
    return {"amount": amount, "currency": currency}


def line(name: str, amount: str, currency: str, paper: str = "") -> dict[str, str]:
    return {"name": name, **money(amount, currency), **({"paper": paper} if paper else {})}


def account(currency: str, **balances: str) -> dict[str, Any]:
    """Return a statement of these balances, each named by its month and day, such as ``m0510``."""
    days = [{"on": f"2026-{day[1:3]}-{day[3:]}", "amount": amount} for day, amount in balances.items()]
    return {"name": "Bank", "paper": "statement", "currency": currency, "balances": days}


CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    "a paper that stands for the whole sum, while it is open whether tuition comes on top": (
        "DE",
        {
            "tuition": money("100000.00", "BDT"),
            "rates": RATES,
            "funds": [
                line("Blocked", "10800", "EUR", "account"),
                line("Own", "1000.01", "BDT"),
                line("Letter", "1", "EUR", "letter"),
                line("Yen", "5", "JPY"),
            ],
            "papers": [{"kind": "pledge"}],
        },
        """
de, monthly_rate, DE, 2026-06-10: True
required EUR 11,565.00, at least EUR 10,800.00, held EUR 10,807.35, gap EUR 757.65
part living_student: EUR 10,800.00, at least EUR 10,800.00
  12 x EUR 900.00, by month.1, depends on (), lacks None
part tuition: EUR 765.00, at least None
  1 x None, by None, depends on ('university_sector',), lacks None
  from BDT 100,000.00 by r
funds Blocked: True, EUR 10,800.00 by None, None
funds Own: True, EUR 7.35 by r, None
funds Letter: False, None, paper_not_taken (document=letter)
funds Yen: False, None, no_rate (source=JPY, target=EUR)
or scholarship: False, None, None, by ()
or pledge: True, None, None, by ()
proofs account scholarship pledge
rests on month.1, L, https://example.org/rules
depends on ('university_sector',)
said paper_enough (document=pledge)
warning rule_unverified (note=Ask the embassy.)
""",
    ),
    "a cent too little, and a scholarship that is a day too old": (
        "DE",
        {
            "circumstances": {"university_sector": "public"},
            "funds": [line("Blocked", "10799.99", "EUR", "account")],
            "papers": [{"kind": "scholarship", "issued_on": "2025-12-09"}],
        },
        """
de, monthly_rate, DE, 2026-06-10: False
required EUR 10,800.00, at least EUR 10,800.00, held EUR 10,799.99, gap EUR 0.01
part living_student: EUR 10,800.00, at least EUR 10,800.00
  12 x EUR 900.00, by month.1, depends on (), lacks None
funds Blocked: True, EUR 10,799.99 by None, None
or scholarship: False, None, None, by ()
or pledge: False, None, None, by ()
proofs account scholarship pledge
rests on month.1, L, https://example.org/rules
depends on ()
said short (required=EUR 10,800.00, held=EUR 10,799.99, gap=EUR 0.01)
said paper_instead (document=scholarship)
said paper_instead (document=pledge)
warning rule_unverified (note=Ask the embassy.)
""",
    ),
    "a scholarship on its last good day": (
        "DE",
        {
            "circumstances": {"university_sector": "private"},
            "papers": [{"kind": "scholarship", "issued_on": "2025-12-10"}],
        },
        """
de, monthly_rate, DE, 2026-06-10: True
required None, at least EUR 10,800.00, held EUR 0.00, gap None
part living_student: EUR 10,800.00, at least EUR 10,800.00
  12 x EUR 900.00, by month.1, depends on (), lacks None
part tuition: None, at least None, perhaps more
  1 x None, by None, depends on (), lacks tuition_not_stated
or scholarship: True, None, None, by ()
or pledge: False, None, None, by ()
proofs account scholarship pledge
rests on month.1, L, https://example.org/rules
depends on ()
said paper_enough (document=scholarship)
warning rule_unverified (note=Ask the embassy.)
""",
    ),
    "a scholarship of which nobody knows the day": (
        "DE",
        {
            "circumstances": {"university_sector": "private"},
            "tuition": money("100", "EUR"),
            "tuition_paid": money("100", "EUR"),
            "funds": [line("Blocked", "1", "EUR", "account")],
            "papers": [{"kind": "scholarship"}],
        },
        """
de, monthly_rate, DE, 2026-06-10: None
required EUR 10,900.00, at least EUR 10,900.00, held EUR 1.00, gap EUR 10,899.00
part living_student: EUR 10,800.00, at least EUR 10,800.00
  12 x EUR 900.00, by month.1, depends on (), lacks None
part tuition: EUR 100.00, at least EUR 100.00
  1 x None, by None, depends on (), lacks None
  from EUR 100.00 by None
funds Blocked: True, EUR 1.00 by None, None
or scholarship: None, None, None, by ()
or pledge: False, None, None, by ()
proofs account scholarship pledge
rests on month.1, L, https://example.org/rules
depends on ()
said not_known
said paper_instead (document=scholarship)
said paper_instead (document=pledge)
warning rule_unverified (note=Ask the embassy.)
""",
    ),
    "held for just 28 days that ended two days before": (
        "GB",
        {
            "circumstances": {"in_london": True},
            "tuition": money("10000", "GBP"),
            "tuition_paid": money("4000", "GBP"),
            "family": {"partner": True},
            "months": 2,
            "funds": [account("GBP", m0509="10599.99", m0510="10600", m0608="10600")],
        },
        """
gb, held_for_days, GB, 2026-06-10: True
required GBP 10,600.00, at least GBP 10,600.00, held GBP 10,600.00, gap GBP 0.00
part living_student: GBP 3,000.00, at least GBP 3,000.00
  2 x GBP 1,500.00, by london.1, depends on (), lacks None
part living_partner: GBP 1,600.00, at least GBP 1,600.00
  2 x GBP 800.00, by partner.1, depends on (), lacks None
part tuition_unpaid: GBP 6,000.00, at least GBP 6,000.00
  1 x None, by None, depends on (), lacks None
  from GBP 10,000.00 by None
funds Bank: True, GBP 10,600.00 by None, None
holding True, least GBP 10,600.00, window 2026-05-12..2026-06-08, legal ['2026-06-06..2026-06-13']
  0 dips, earliest 2026-06-10, if kept False
proofs statement letter
rests on london.1 partner.1 days.1 within.1, M, https://example.org/rules
depends on ()
said held_long_enough (required=GBP 10,600.00, held=GBP 10,600.00, gap=GBP 0.00, first=2026-05-12, last=2026-06-08)
""",
    ),
    "enough where living costs less, and not where it costs more": (
        "GB",
        {
            "tuition": money("0", "GBP"),
            "rates": RATES,
            "funds": [
                account("BDT", m0501="1750000", m0610="1750000"),
                line("Letter", "1", "GBP", "letter"),
                line("Amount", "5", "GBP", "statement"),
            ],
        },
        """
gb, held_for_days, GB, 2026-06-10: None
required GBP 13,500.00, at least GBP 9,900.00, held GBP 10,501.00, gap GBP 2,999.00
part living_student: GBP 13,500.00, at least GBP 9,900.00
  9 x GBP 1,500.00, by london.1 outside.1, depends on ('in_london',), lacks None
part tuition: GBP 0.00, at least GBP 0.00
  1 x None, by None, depends on (), lacks None
  from GBP 0.00 by None
funds Bank: True, GBP 10,500.00 by g, None
funds Letter: True, GBP 1.00 by None, None
funds Amount: False, None, no_balances
holding False, least GBP 10,501.00, window None, legal []
  28 dips, earliest None, if kept False
proofs statement letter
rests on london.1 outside.1 days.1 within.1, L, https://example.org/rules
depends on ('in_london',)
said not_known
said depends_on (circumstance=in_london)
said dip (on=2026-05-14, held=GBP 10,501.00, by=GBP 2,999.00)
said dip (on=2026-05-15, held=GBP 10,501.00, by=GBP 2,999.00)
said dip (on=2026-05-16, held=GBP 10,501.00, by=GBP 2,999.00)
said dip (on=2026-05-17, held=GBP 10,501.00, by=GBP 2,999.00)
said dip (on=2026-05-18, held=GBP 10,501.00, by=GBP 2,999.00)
said dip (on=2026-05-19, held=GBP 10,501.00, by=GBP 2,999.00)
said dip (on=2026-05-20, held=GBP 10,501.00, by=GBP 2,999.00)
said dip (on=2026-05-21, held=GBP 10,501.00, by=GBP 2,999.00)
said dip (on=2026-05-22, held=GBP 10,501.00, by=GBP 2,999.00)
said dip (on=2026-05-23, held=GBP 10,501.00, by=GBP 2,999.00)
said more_dips (days=18)
said no_day
warning fact_unverified (fact=outside.1, note=Look again.)
""",
    ),
    "an account that dipped, whose statement begins late and ends early": (
        "GB",
        {
            "circumstances": {"in_london": False},
            "tuition": money("0", "GBP"),
            "funds": [account("GBP", m0520="9900", m0525="9000", m0605="9900", m0608="9900")],
        },
        """
gb, held_for_days, GB, 2026-06-10: False
required GBP 9,900.00, at least GBP 9,900.00, held GBP 0.00, gap GBP 9,900.00
part living_student: GBP 9,900.00, at least GBP 9,900.00
  9 x GBP 1,100.00, by outside.1, depends on (), lacks None
part tuition: GBP 0.00, at least GBP 0.00
  1 x None, by None, depends on (), lacks None
  from GBP 0.00 by None
funds Bank: True, GBP 9,900.00 by None, None
holding False, least GBP 0.00, window None, legal []
  19 dips, earliest 2026-07-02, if kept True
proofs statement letter
rests on outside.1 days.1 within.1, L, https://example.org/rules
depends on ()
said not_held (required=GBP 9,900.00, held=GBP 0.00, gap=GBP 9,900.00)
said dip (on=2026-05-25, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-26, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-27, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-28, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-29, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-30, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-31, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-06-01, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-06-02, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-06-03, held=GBP 9,000.00, by=GBP 900.00)
said more_dips (days=1)
said days_not_shown (days=8, first=2026-05-14, last=2026-06-10)
said earliest_if_kept (on=2026-07-02)
warning fact_unverified (fact=outside.1, note=Look again.)
""",
    ),
    "the day before any figure is known": (
        "GB",
        {"on": "2025-12-31"},
        """
gb, held_for_days, GB, 2025-12-31: None
required None, at least None, held None, gap None
part living_student: None, at least None, perhaps more
  1 x None, by None, depends on ('in_london',), lacks rate_not_known (who=student)
part tuition: None, at least None, perhaps more
  1 x None, by None, depends on (), lacks tuition_not_stated
proofs statement letter
rests on None, M, https://example.org/rules
depends on ('in_london',)
said not_known
said rate_not_known (who=student)
said tuition_not_stated
said depends_on (circumstance=in_london)
""",
    ),
    "a cent too little, and an income that is just enough": (
        "AU",
        {
            "family": {"partner": True, "children": 2, "school_children": 1},
            "tuition": money("20000", "AUD"),
            "tuition_paid": money("20000.01", "AUD"),
            "travel": money("2000", "AUD"),
            "income": money("102000", "AUD"),
            "funds": [line("Bank", "61999.99", "AUD")],
        },
        """
au, yearly_sum, AU, 2026-06-10: True
required AUD 62,000.00, at least AUD 62,000.00, held AUD 61,999.99, gap AUD 0.01
part living_student: AUD 29,000.00, at least AUD 29,000.00
  1 x AUD 29,000.00, by year.1, depends on (), lacks None
part living_partner: AUD 10,000.00, at least AUD 10,000.00
  1 x AUD 10,000.00, by year.partner.1, depends on (), lacks None
part living_child: AUD 8,000.00, at least AUD 8,000.00
  2 x AUD 4,000.00, by year.child.1, depends on (), lacks None
part living_school_child: AUD 13,000.00, at least AUD 13,000.00
  1 x AUD 13,000.00, by year.school.1, depends on (), lacks None
part tuition_unpaid: AUD 0.00, at least AUD 0.00
  1 x None, by None, depends on (), lacks None
  from AUD 20,000.00 by None
part travel: AUD 2,000.00, at least AUD 2,000.00
  1 x None, by None, depends on (), lacks None
  from AUD 2,000.00 by None
funds Bank: True, AUD 61,999.99 by None, None
or income: True, AUD 102,000.00, AUD 102,000.00, by ('income.family.1',)
proofs statement
rests on year.1 year.partner.1 year.child.1 year.school.1 income.family.1, U, https://example.org/rules
depends on ()
said income_enough (required=AUD 102,000.00, held=AUD 102,000.00)
warning fact_unverified (fact=income.family.1, note=Look again.)
""",
    ),
    "a cent too little income, and tuition paid in a currency without a rate": (
        "AU",
        {
            "income": money("86999.99", "AUD"),
            "tuition": money("20000", "AUD"),
            "tuition_paid": money("1", "BDT"),
            "funds": [line("Bank", "70000", "AUD")],
        },
        """
au, yearly_sum, AU, 2026-06-10: None
required None, at least AUD 29,000.00, held AUD 70,000.00, gap None
part living_student: AUD 29,000.00, at least AUD 29,000.00
  1 x AUD 29,000.00, by year.1, depends on (), lacks None
part tuition: AUD 20,000.00, at least None
  1 x None, by None, depends on (), lacks no_rate (source=BDT, target=AUD)
  from AUD 20,000.00 by None
part travel: None, at least None, perhaps more
  1 x None, by None, depends on (), lacks travel_not_stated
funds Bank: True, AUD 70,000.00 by None, None
or income: False, AUD 87,000.00, AUD 86,999.99, by ('income.1',)
proofs statement
rests on year.1 income.1, H, https://example.org/rules
depends on ()
said not_known
said no_rate (source=BDT, target=AUD)
said travel_not_stated
said income_instead (required=AUD 87,000.00)
""",
    ),
    "an income in a currency without a rate": (
        "AU",
        {
            "income": money("86999.99", "EUR"),
            "tuition": money("1", "AUD"),
            "travel": money("0", "AUD"),
            "funds": [line("Bank", "29000.99", "AUD")],
        },
        """
au, yearly_sum, AU, 2026-06-10: None
required AUD 29,001.00, at least AUD 29,001.00, held AUD 29,000.99, gap AUD 0.01
part living_student: AUD 29,000.00, at least AUD 29,000.00
  1 x AUD 29,000.00, by year.1, depends on (), lacks None
part tuition: AUD 1.00, at least AUD 1.00
  1 x None, by None, depends on (), lacks None
  from AUD 1.00 by None
part travel: AUD 0.00, at least AUD 0.00
  1 x None, by None, depends on (), lacks None
  from AUD 0.00 by None
funds Bank: True, AUD 29,000.99 by None, None
or income: None, AUD 87,000.00, None, by ('income.1',)
proofs statement
rests on year.1 income.1, H, https://example.org/rules
depends on ()
said not_known
said income_instead (required=AUD 87,000.00)
""",
    ),
    "what the school says, to the cent": (
        "US",
        {
            "cost_of_attendance": money("50000", "USD"),
            "funds": [line("Bank", "50000", "USD", "statement"), line("No paper", "1", "USD")],
        },
        """
us, stated_cost, US, 2026-06-10: True
required USD 50,000.00, at least USD 50,000.00, held USD 50,000.00, gap USD 0.00
part cost_of_attendance: USD 50,000.00, at least USD 50,000.00
  1 x None, by None, depends on (), lacks None
funds Bank: True, USD 50,000.00 by None, None
funds No paper: False, None, no_paper
proofs statement
rests on None, H, https://example.org/rules
depends on ()
said enough (required=USD 50,000.00, held=USD 50,000.00, gap=USD 0.00)
""",
    ),
    "a school that says nothing, by a pack that is out of date": (
        "US",
        {"on": "2027-01-01", "funds": [line("Bank", "50000", "USD", "statement")]},
        """
us, stated_cost, US, 2027-01-01: None
required None, at least None, held None, gap None
part cost_of_attendance: None, at least None, perhaps more
  1 x None, by None, depends on (), lacks cost_not_stated
funds Bank: False, None, None
proofs statement
rests on None, H, https://example.org/rules
depends on ()
said not_known
said cost_not_stated
warning pack.stale (about=own)
""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_proof_says_all_of_this_and_nothing_else(case: str) -> None:
    country, data, text = CASES[case]

    assert told(proof(country, **data)) == text
