"""Money of students drawn at random: what they hold, what it is for, and how much of that is known."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from higherstudy.domain.funding.case import Balance, Family, Funds, MoneyCase, Rate
from higherstudy.domain.shared.money import Money

CURRENCIES = {"DE": "EUR", "GB": "GBP", "US": "USD", "CA": "CAD", "AU": "AUD", "NL": "EUR"}
PAPERS = (
    "bank_statement",
    "blocked_account",
    "gic_certificate",
    "loan_letter",
    "payment_proof",
    "scholarship_award",
    "",
)
FIRST, ON = date(2026, 4, 1), date(2026, 6, 10)
RANK = {False: 0, None: 1, True: 2}
"""How good what a proof says is: not enough, not known, enough."""


def moneys(currency: str, most: int = 60_000) -> st.SearchStrategy[Money]:
    """Return some money, to the hundredth."""
    return st.integers(0, most * 100).map(lambda minor: Money(minor, currency))


@st.composite
def fund_lines(draw: st.DrawFn, currency: str, kinds: Sequence[str] = PAPERS) -> Funds:
    """Return an amount or an account, now and then in a currency without a rate."""
    own = draw(st.sampled_from((currency, currency, "BDT")))
    paper = draw(st.sampled_from(kinds))
    if draw(st.booleans()):
        return Funds("Line", paper, draw(moneys(own)))
    days = sorted(draw(st.sets(st.integers(0, 90), min_size=1, max_size=6)))
    return Funds("Account", paper, None, tuple(Balance(FIRST + timedelta(day), draw(moneys(own))) for day in days))


@st.composite
def money_cases(
    draw: st.DrawFn, countries: Sequence[str] = tuple(CURRENCIES), kinds: Sequence[str] = PAPERS
) -> MoneyCase:
    """Return a student's money for one of the countries, with papers of these kinds; not all of it is known."""
    country = draw(st.sampled_from(countries))
    currency = CURRENCIES[country]
    maybe = st.none() | moneys(currency, 30_000)
    known: dict[str, str | bool] = {
        "university_sector": draw(st.sampled_from(("public", "private", ""))),
        "in_london": draw(st.booleans() | st.just("")),
        "in_quebec": draw(st.booleans() | st.just("")),
    }
    rate = Rate("rate", "BDT", currency, Decimal("0.0065"), ON - timedelta(1), Decimal(draw(st.integers(0, 5))))
    return MoneyCase(
        country=country,
        level="master",
        on=ON,
        months=draw(st.none() | st.integers(1, 24)),
        tuition=draw(maybe),
        tuition_paid=draw(maybe),
        travel=draw(maybe),
        cost_of_attendance=draw(maybe),
        income=draw(st.none() | moneys(currency, 120_000)),
        family=draw(st.sampled_from((Family(), Family(partner=True), Family(children=2, school_children=1)))),
        circumstances={name: value for name, value in known.items() if value != ""},
        funds=tuple(draw(st.lists(fund_lines(currency, kinds), max_size=3))),
        papers=draw(st.sampled_from(({}, {"verpflichtungserklaerung": None}))),
        rates=draw(st.sampled_from(((), (rate,)))),
    )
