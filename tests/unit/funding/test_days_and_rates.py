"""How long money was held and what it comes to in another currency, to the day and to the cent."""

from datetime import date
from decimal import Decimal

import pytest

from higherstudy.domain.funding.case import Balance, Family, Funds, Rate
from higherstudy.domain.funding.converting import Converted, as_cost, as_funds, by_rate, rate_for
from higherstudy.domain.funding.holding import Dip, Holding, Span, judge_holding
from higherstudy.domain.funding.need import MoneyNeed, money_needs
from higherstudy.domain.funding.required import figure
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.sources import Confidence

from .money_texts import RULES

ON = date(2026, 6, 10)
TEN, NINE, NOTHING = Money(10, "GBP"), Money(9, "GBP"), Money(0, "GBP")


def june(day: int) -> date:
    return date(2026, 6, day)


def judged(held: dict[int, int], on: int, days: int = 3, within: int = 2) -> Holding:
    """Return how ten pence stand on a day of June, held by days of June."""
    balances = {june(day): Money(minor, "GBP") for day, minor in held.items()}
    return judge_holding(balances.get, TEN, days, within, june(on))


def days(first: int, last: int, minor: int = 10) -> dict[int, int]:
    return dict.fromkeys(range(first, last + 1), minor)


@pytest.mark.parametrize(
    ("held", "on", "holding"),
    [
        # just long enough, on its last day and on the last one on which it still counts
        (days(5, 7), 7, Holding(True, TEN, Span(june(5), june(7)), (), (Span(june(7), june(9)),), june(7))),
        (days(5, 7), 9, Holding(True, TEN, Span(june(5), june(7)), (), (Span(june(7), june(9)),), june(9))),
        # more than enough: the latest run counts, and the least held in it
        (
            days(1, 9) | {8: 11},
            9,
            Holding(True, TEN, Span(june(7), june(9)), (), (Span(june(3), june(11)),), june(9)),
        ),
        # a day too late: the run that lacks one day is the nearest
        (
            days(5, 7),
            10,
            Holding(
                False,
                NOTHING,
                None,
                (Dip(june(8), NOTHING, TEN, False),),
                (Span(june(7), june(9)),),
                june(10),
                True,
            ),
        ),
        # before it is long enough: from its third day on
        (
            days(5, 8),
            6,
            Holding(
                False,
                NOTHING,
                None,
                (Dip(june(4), NOTHING, TEN, False),),
                (Span(june(7), june(10)),),
                june(7),
            ),
        ),
        # a penny less on one day, and good again if the rest stays
        (
            days(5, 8) | {7: 9},
            8,
            Holding(False, NINE, None, (Dip(june(7), NINE, Money(1, "GBP"), True),), (), june(10), True),
        ),
        # two good runs apart, and two whose days for an application touch
        (
            days(1, 3) | days(7, 9),
            6,
            Holding(
                False,
                NOTHING,
                None,
                (Dip(june(4), NOTHING, TEN, False),),
                (Span(june(3), june(5)), Span(june(9), june(11))),
                june(9),
            ),
        ),
        (
            days(1, 3) | days(4, 4, 9) | days(5, 7) | days(8, 8, 9),
            5,
            Holding(True, TEN, Span(june(1), june(3)), (), (Span(june(3), june(5)), Span(june(7), june(9))), june(5)),
        ),
        # nothing shown at all, and too little at the end
        ({}, 3, Holding(False, NOTHING, None, tuple(Dip(june(d), NOTHING, TEN, False) for d in (1, 2, 3)), (), None)),
        (
            days(1, 2) | {3: 9},
            3,
            Holding(False, NINE, None, (Dip(june(3), NINE, Money(1, "GBP"), True),), (), None),
        ),
    ],
)  # fmt: skip
def test_money_that_was_held_is_judged_to_the_day(held: dict[int, int], on: int, holding: Holding) -> None:
    assert judged(held, on) == holding


def test_days_for_an_application_that_touch_are_one_span() -> None:
    assert judged(days(1, 3) | days(6, 8), 3, within=4).legal == (Span(june(3), june(12)),)
    assert judged(days(1, 3) | days(5, 7), 3, within=3).legal == (Span(june(3), june(10)),)
    assert judged(days(1, 3) | days(5, 7), 3, within=2).legal == (Span(june(3), june(5)), Span(june(7), june(9)))


def test_an_account_shows_its_money_from_its_first_balance_to_its_last() -> None:
    account = Funds("Bank", balances=(Balance(june(1), TEN), Balance(june(5), NINE), Balance(june(8), TEN)))

    shown = [account.held_on(day) for day in (date(2026, 5, 31), june(1), june(4), june(5), june(8), june(9))]
    assert shown == [None, TEN, TEN, NINE, TEN, None]
    assert account.currency == "GBP"
    assert (Funds("Cash", amount=NINE).held_on(june(1)), Funds("Cash", amount=NINE).currency) == (NINE, "GBP")


def test_a_partner_or_a_child_comes_along() -> None:
    families = (Family(), Family(partner=True), Family(children=1), Family(school_children=1))

    assert [family.comes_along for family in families] == [False, True, True, False]


RATE = Rate("a", "BDT", "EUR", Decimal("0.0075"), june(1), Decimal(2))


@pytest.mark.parametrize(
    ("minor", "funds", "cost"),
    [
        (100_000, 735, 765),  # 7.50, two percent less or more
        (100_001, 735, 766),
        (99_999, 734, 765),
        (0, 0, 0),
    ],
)
def test_funds_are_rounded_down_and_costs_up_to_the_cent(minor: int, funds: int, cost: int) -> None:
    money = Money(minor, "BDT")

    assert as_funds(money, "EUR", [RATE], june(1)) == Converted(money, Money(funds, "EUR"), RATE)
    assert as_cost(money, "EUR", [RATE], june(1)) == Converted(money, Money(cost, "EUR"), RATE)
    assert by_rate(money, RATE) == Money(funds, "EUR")


def test_money_of_the_currency_needs_no_rate_and_other_money_needs_one_of_the_day() -> None:
    assert as_funds(TEN, "GBP", [], ON) == as_cost(TEN, "GBP", [], ON) == Converted(TEN, TEN, None)
    assert as_funds(Money(1, "BDT"), "EUR", [RATE], date(2026, 5, 31)) is None
    assert as_cost(Money(1, "BDT"), "GBP", [RATE], ON) is None
    assert as_cost(Money(1, "EUR"), "BDT", [RATE], ON) is None


def test_a_currency_without_cents_is_rounded_to_whole_ones() -> None:
    rate = Rate("a", "BDT", "JPY", Decimal("1.25"), june(1))

    assert as_funds(Money(1_000, "BDT"), "JPY", [rate], ON) == Converted(Money(1_000, "BDT"), Money(12, "JPY"), rate)
    assert as_cost(Money(1_000, "BDT"), "JPY", [rate], ON) == Converted(Money(1_000, "BDT"), Money(13, "JPY"), rate)


def test_of_two_rates_of_one_day_the_one_with_the_later_id_counts() -> None:
    rates = [Rate(name, "BDT", "EUR", Decimal(1), june(day)) for name, day in (("b", 2), ("c", 1), ("a", 2), ("d", 3))]

    assert rate_for("BDT", "EUR", rates, june(2)) == rates[0]


@pytest.mark.parametrize(
    ("country", "tuition", "circumstances", "need"),
    [
        (
            "DE",
            Money.of("100", "EUR"),
            {},
            MoneyNeed(
                rule="de",
                amount=Money.of("10800", "EUR"),
                a_month=Money.of("900", "EUR"),
                months=12,
                tuition_too=None,
                proofs=("account",),
                on=ON,
                rests_on=("month.1",),
                confidence=Confidence.LOW,
                source_url="https://example.org/figures",
                tuition_counted=None,
                depends_on=("university_sector",),
            ),
        ),
        (
            "GB",
            None,
            {},
            MoneyNeed(
                rule="gb",
                amount=Money.of("13500", "GBP"),
                a_month=Money.of("1500", "GBP"),
                months=9,
                tuition_too=True,
                proofs=("statement",),
                on=ON,
                rests_on=("london.1", "outside.1"),
                confidence=Confidence.LOW,
                source_url="https://example.org/figures",
                tuition_counted=False,
                depends_on=("in_london",),
            ),
        ),
        (
            "AU",
            Money.of("1000", "AUD"),
            {},
            MoneyNeed(
                rule="au",
                amount=Money.of("30000", "AUD"),
                a_month=None,
                months=12,
                tuition_too=True,
                proofs=("statement",),
                on=ON,
                rests_on=("year.1",),
                confidence=Confidence.HIGH,
                source_url="https://example.org/figures",
                tuition_counted=True,
                depends_on=(),
            ),
        ),
        ("US", None, {}, None),
    ],
)
def test_what_has_to_be_shown_is_told_whole(
    country: str, tuition: Money | None, circumstances: dict[str, str], need: MoneyNeed | None
) -> None:
    found = money_needs(Scope(country, level="master"), ON, circumstances, tuition, RULES)

    assert found == (() if need is None else (need,))


@pytest.mark.parametrize("country", ["DE", "GB", "AU"])
def test_before_any_figure_is_known_nothing_is_told(country: str) -> None:
    assert money_needs(Scope(country, level="master"), date(2025, 12, 31), {}, None, RULES) == ()


def test_a_figure_that_the_source_gives_in_words_is_none() -> None:
    assert RULES.in_force("unread", ON) is not None
    assert figure("unread", ON, Scope("GB", level="master"), RULES) is None
