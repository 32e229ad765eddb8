"""Money proofs of a sum compared as a whole: each part, each line of funds, the words and the warnings."""

from typing import Any

import pytest

from .money_texts import RATES, account, line, money, proof, told

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
said paper_age_not_stated (document=scholarship)
said paper_instead (document=scholarship)
said paper_instead (document=pledge)
warning rule_unverified (note=Ask the embassy.)
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
said no_rate (source=EUR, target=AUD)
said income_instead (required=AUD 87,000.00)
""",
    ),
    "a cent more than what the school says": (
        "US",
        {
            "cost_of_attendance": money("50000", "USD"),
            "funds": [line("Bank", "50000.01", "USD", "statement"), line("No paper", "1", "USD")],
        },
        """
us, stated_cost, US, 2026-06-10: True
required USD 50,000.00, at least USD 50,000.00, held USD 50,000.01, gap USD 0.00
part cost_of_attendance: USD 50,000.00, at least USD 50,000.00
  1 x None, by None, depends on (), lacks None
funds Bank: True, USD 50,000.01 by None, None
funds No paper: False, None, no_paper
proofs statement
rests on None, H, https://example.org/rules
depends on ()
said enough (required=USD 50,000.00, held=USD 50,000.01, gap=USD 0.00)
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
    "a scholarship of the day itself": (
        "DE",
        {
            "circumstances": {"university_sector": "public"},
            "papers": [{"kind": "scholarship", "issued_on": "2026-06-10"}],
        },
        """
de, monthly_rate, DE, 2026-06-10: True
required EUR 10,800.00, at least EUR 10,800.00, held EUR 0.00, gap EUR 10,800.00
part living_student: EUR 10,800.00, at least EUR 10,800.00
  12 x EUR 900.00, by month.1, depends on (), lacks None
or scholarship: True, None, None, by ()
or pledge: False, None, None, by ()
proofs account scholarship pledge
rests on month.1, L, https://example.org/rules
depends on ()
said paper_enough (document=scholarship)
warning rule_unverified (note=Ask the embassy.)
""",
    ),
    "a scholarship of the day after": (
        "DE",
        {
            "circumstances": {"university_sector": "public"},
            "papers": [{"kind": "scholarship", "issued_on": "2026-06-11"}],
        },
        """
de, monthly_rate, DE, 2026-06-10: False
required EUR 10,800.00, at least EUR 10,800.00, held EUR 0.00, gap EUR 10,800.00
part living_student: EUR 10,800.00, at least EUR 10,800.00
  12 x EUR 900.00, by month.1, depends on (), lacks None
or scholarship: False, None, None, by ()
or pledge: False, None, None, by ()
proofs account scholarship pledge
rests on month.1, L, https://example.org/rules
depends on ()
said short (required=EUR 10,800.00, held=EUR 0.00, gap=EUR 10,800.00)
said paper_instead (document=scholarship)
said paper_instead (document=pledge)
warning rule_unverified (note=Ask the embassy.)
""",
    ),
    "a cent less than what is asked for certain, while more may be": (
        "DE",
        {"tuition": money("100", "EUR"), "funds": [line("Blocked", "10799.99", "EUR", "account")]},
        """
de, monthly_rate, DE, 2026-06-10: False
required EUR 10,900.00, at least EUR 10,800.00, held EUR 10,799.99, gap EUR 100.01
part living_student: EUR 10,800.00, at least EUR 10,800.00
  12 x EUR 900.00, by month.1, depends on (), lacks None
part tuition: EUR 100.00, at least None
  1 x None, by None, depends on ('university_sector',), lacks None
  from EUR 100.00 by None
funds Blocked: True, EUR 10,799.99 by None, None
or scholarship: False, None, None, by ()
or pledge: False, None, None, by ()
proofs account scholarship pledge
rests on month.1, L, https://example.org/rules
depends on ('university_sector',)
said short (required=EUR 10,900.00, held=EUR 10,799.99, gap=EUR 100.01)
said depends_on (circumstance=university_sector)
said paper_instead (document=scholarship)
said paper_instead (document=pledge)
warning rule_unverified (note=Ask the embassy.)
""",
    ),
    "a cent too little, and tuition that nobody stated": (
        "DE",
        {"circumstances": {"university_sector": "private"}, "funds": [line("Blocked", "10799.99", "EUR", "account")]},
        """
de, monthly_rate, DE, 2026-06-10: False
required None, at least EUR 10,800.00, held EUR 10,799.99, gap None
part living_student: EUR 10,800.00, at least EUR 10,800.00
  12 x EUR 900.00, by month.1, depends on (), lacks None
part tuition: None, at least None, perhaps more
  1 x None, by None, depends on (), lacks tuition_not_stated
funds Blocked: True, EUR 10,799.99 by None, None
or scholarship: False, None, None, by ()
or pledge: False, None, None, by ()
proofs account scholarship pledge
rests on month.1, L, https://example.org/rules
depends on ()
said short (required=EUR 10,800.00, held=EUR 10,799.99, gap=EUR 0.01)
said tuition_not_stated
said paper_instead (document=scholarship)
said paper_instead (document=pledge)
warning rule_unverified (note=Ask the embassy.)
""",
    ),
    "just enough, and no income stated": (
        "AU",
        {"tuition": money("0", "AUD"), "travel": money("0", "AUD"), "funds": [line("Bank", "29000", "AUD")]},
        """
au, yearly_sum, AU, 2026-06-10: True
required AUD 29,000.00, at least AUD 29,000.00, held AUD 29,000.00, gap AUD 0.00
part living_student: AUD 29,000.00, at least AUD 29,000.00
  1 x AUD 29,000.00, by year.1, depends on (), lacks None
part tuition: AUD 0.00, at least AUD 0.00
  1 x None, by None, depends on (), lacks None
  from AUD 0.00 by None
part travel: AUD 0.00, at least AUD 0.00
  1 x None, by None, depends on (), lacks None
  from AUD 0.00 by None
funds Bank: True, AUD 29,000.00 by None, None
or income: False, AUD 87,000.00, None, by ('income.1',)
proofs statement
rests on year.1 income.1, H, https://example.org/rules
depends on ()
said enough (required=AUD 29,000.00, held=AUD 29,000.00, gap=AUD 0.00)
""",
    ),
    "an income just enough by a rate of the day": (
        "AU",
        {
            "tuition": money("0", "AUD"),
            "travel": money("0", "AUD"),
            "income": money("48333.34", "EUR"),
            "rates": [{"id": "a", "from": "EUR", "to": "AUD", "rate": "1.8", "on": "2026-06-10"}],
        },
        """
au, yearly_sum, AU, 2026-06-10: True
required AUD 29,000.00, at least AUD 29,000.00, held AUD 0.00, gap AUD 29,000.00
part living_student: AUD 29,000.00, at least AUD 29,000.00
  1 x AUD 29,000.00, by year.1, depends on (), lacks None
part tuition: AUD 0.00, at least AUD 0.00
  1 x None, by None, depends on (), lacks None
  from AUD 0.00 by None
part travel: AUD 0.00, at least AUD 0.00
  1 x None, by None, depends on (), lacks None
  from AUD 0.00 by None
or income: True, AUD 87,000.00, AUD 87,000.01, by ('income.1',)
proofs statement
rests on year.1 income.1, H, https://example.org/rules
depends on ()
said income_enough (required=AUD 87,000.00, held=AUD 87,000.01)
""",
    ),
    "just what is asked for certain, while more may be": (
        "DE",
        {"tuition": money("100", "EUR"), "funds": [line("Blocked", "10800", "EUR", "account")]},
        """
de, monthly_rate, DE, 2026-06-10: None
required EUR 10,900.00, at least EUR 10,800.00, held EUR 10,800.00, gap EUR 100.00
part living_student: EUR 10,800.00, at least EUR 10,800.00
  12 x EUR 900.00, by month.1, depends on (), lacks None
part tuition: EUR 100.00, at least None
  1 x None, by None, depends on ('university_sector',), lacks None
  from EUR 100.00 by None
funds Blocked: True, EUR 10,800.00 by None, None
or scholarship: False, None, None, by ()
or pledge: False, None, None, by ()
proofs account scholarship pledge
rests on month.1, L, https://example.org/rules
depends on ('university_sector',)
said not_known
said depends_on (circumstance=university_sector)
said paper_instead (document=scholarship)
said paper_instead (document=pledge)
warning rule_unverified (note=Ask the embassy.)
""",
    ),
    "a statement that ends the day before, and tuition in a currency without a rate": (
        "AU",
        {
            "tuition": money("1", "USD"),
            "travel": money("0", "AUD"),
            "funds": [account("AUD", m0601="90000", m0609="90000")],
        },
        """
au, yearly_sum, AU, 2026-06-10: False
required None, at least AUD 29,000.00, held AUD 0.00, gap None
part living_student: AUD 29,000.00, at least AUD 29,000.00
  1 x AUD 29,000.00, by year.1, depends on (), lacks None
part tuition: None, at least None, perhaps more
  1 x None, by None, depends on (), lacks no_rate (source=USD, target=AUD)
part travel: AUD 0.00, at least AUD 0.00
  1 x None, by None, depends on (), lacks None
  from AUD 0.00 by None
funds Bank: False, None, not_shown (on=2026-06-10)
or income: False, AUD 87,000.00, None, by ('income.1',)
proofs statement
rests on year.1 income.1, H, https://example.org/rules
depends on ()
said short (required=AUD 29,000.00, held=AUD 0.00, gap=AUD 29,000.00)
said no_rate (source=USD, target=AUD)
said income_instead (required=AUD 87,000.00)
""",
    ),
    "a statement that ends on the day, and tuition paid by a rate of the day": (
        "AU",
        {
            "tuition": money("2000", "AUD"),
            "tuition_paid": money("1000", "EUR"),
            "travel": money("10", "EUR"),
            "rates": [{"id": "a", "from": "EUR", "to": "AUD", "rate": "1.8", "on": "2026-06-10"}],
            "funds": [account("AUD", m0601="90000", m0610="29217.99")],
        },
        """
au, yearly_sum, AU, 2026-06-10: False
required AUD 29,218.00, at least AUD 29,218.00, held AUD 29,217.99, gap AUD 0.01
part living_student: AUD 29,000.00, at least AUD 29,000.00
  1 x AUD 29,000.00, by year.1, depends on (), lacks None
part tuition_unpaid: AUD 200.00, at least AUD 200.00
  1 x None, by None, depends on (), lacks None
  from AUD 2,000.00 by None
part travel: AUD 18.00, at least AUD 18.00
  1 x None, by None, depends on (), lacks None
  from EUR 10.00 by a
funds Bank: True, AUD 29,217.99 by None, None
or income: False, AUD 87,000.00, None, by ('income.1',)
proofs statement
rests on year.1 income.1, H, https://example.org/rules
depends on ()
said short (required=AUD 29,218.00, held=AUD 29,217.99, gap=AUD 0.01)
said income_instead (required=AUD 87,000.00)
""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_proof_says_all_of_this_and_nothing_else(case: str) -> None:
    country, data, text = CASES[case]

    assert told(proof(country, **data)) == text
