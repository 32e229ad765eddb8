"""Money proofs of accounts compared as a whole: the sums, the days, the words and the warnings."""

from typing import Any

import pytest

from .money_texts import RATES, account, line, money, proof, told

CASES: dict[str, tuple[str, dict[str, Any], str]] = {
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
  1 x None, by None, depends on ('in_london',), lacks rate_not_known (who=student, fact=london, outside, on=2025-12-31)
part tuition: None, at least None, perhaps more
  1 x None, by None, depends on (), lacks tuition_not_stated
proofs statement letter
rests on None, M, https://example.org/rules
depends on ('in_london',)
said not_known
said rate_not_known (who=student, fact=london, outside, on=2025-12-31)
said tuition_not_stated
said depends_on (circumstance=in_london)
""",
    ),
    "two rates that may hold, of which one is not known": (
        "GB",
        {"on": "2026-02-15", "tuition": money("0", "GBP"), "funds": [line("Letter", "13500", "GBP", "letter")]},
        """
gb, held_for_days, GB, 2026-02-15: None
required GBP 13,500.00, at least GBP 0.00, held GBP 13,500.00, gap GBP 0.00
part living_student: GBP 13,500.00, at least None, perhaps more
  9 x GBP 1,500.00, by london.1, depends on ('in_london',), lacks rate_not_known (who=student, fact=outside, on=2026-02-15)
part tuition: GBP 0.00, at least GBP 0.00
  1 x None, by None, depends on (), lacks None
  from GBP 0.00 by None
funds Letter: True, GBP 13,500.00 by None, None
holding True, least GBP 13,500.00, window 2026-01-19..2026-02-15, legal ['2025-02-07..2027-03-27']
  0 dips, earliest 2026-02-15, if kept False
proofs statement letter
rests on london.1 days.1 within.1, M, https://example.org/rules
depends on ('in_london',)
said not_known
said rate_not_known (who=student, fact=outside, on=2026-02-15)
said depends_on (circumstance=in_london)
""",  # noqa: E501 - a line of the text
    ),
    "a day on which nobody knows how long ago the last day held may be": (
        "GB",
        {
            "on": "2026-01-31",
            "tuition": money("0", "GBP"),
            "circumstances": {"in_london": True},
            "funds": [line("Letter", "13500", "GBP", "letter")],
        },
        """
gb, held_for_days, GB, 2026-01-31: None
required GBP 13,500.00, at least GBP 13,500.00, held None, gap None
part living_student: GBP 13,500.00, at least GBP 13,500.00
  9 x GBP 1,500.00, by london.1, depends on (), lacks None
part tuition: GBP 0.00, at least GBP 0.00
  1 x None, by None, depends on (), lacks None
  from GBP 0.00 by None
funds Letter: True, GBP 13,500.00 by None, None
proofs statement letter
rests on london.1, M, https://example.org/rules
depends on ()
said not_known
said within_days_not_known (fact=within, on=2026-01-31)
""",
    ),
    "ten days of a dip, and long enough later on": (
        "GB",
        {
            "circumstances": {"in_london": False},
            "tuition": money("0", "GBP"),
            "funds": [account("GBP", m0514="9000", m0524="9900", m0630="9900")],
        },
        """
gb, held_for_days, GB, 2026-06-10: False
required GBP 9,900.00, at least GBP 9,900.00, held GBP 9,000.00, gap GBP 900.00
part living_student: GBP 9,900.00, at least GBP 9,900.00
  9 x GBP 1,100.00, by outside.1, depends on (), lacks None
part tuition: GBP 0.00, at least GBP 0.00
  1 x None, by None, depends on (), lacks None
  from GBP 0.00 by None
funds Bank: True, GBP 9,900.00 by None, None
holding False, least GBP 9,000.00, window None, legal ['2026-06-20..2026-07-05']
  10 dips, earliest 2026-06-20, if kept False
proofs statement letter
rests on outside.1 days.1 within.1, L, https://example.org/rules
depends on ()
said not_held (required=GBP 9,900.00, held=GBP 9,000.00, gap=GBP 900.00)
said dip (on=2026-05-14, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-15, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-16, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-17, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-18, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-19, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-20, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-21, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-22, held=GBP 9,000.00, by=GBP 900.00)
said dip (on=2026-05-23, held=GBP 9,000.00, by=GBP 900.00)
said earliest (on=2026-06-20)
warning fact_unverified (fact=outside.1, note=Look again.)
""",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_proof_says_all_of_this_and_nothing_else(case: str) -> None:
    country, data, text = CASES[case]

    assert told(proof(country, **data)) == text


@pytest.mark.parametrize(("on", "lacking"), [("2025-12-31", {"days", "within"}), ("2026-01-15", {"within"})])
def test_a_rule_whose_days_are_not_known_names_the_figure_that_lacks(on: str, lacking: set[str]) -> None:
    found = proof("GB", on=on, tuition=money("0", "GBP"), circumstances={"in_london": True})

    assert found.passes is None
    assert {str(one.params["fact"]) for one in found.lacks} == lacking
    assert all(one.params["on"] == on for one in found.lacks)
    assert set(map(repr, found.lacks)) <= set(map(repr, found.said))
