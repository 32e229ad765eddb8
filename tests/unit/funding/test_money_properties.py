"""What must hold of every money proof, over cases that hypothesis makes up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from random_money import CURRENCIES, FIRST, ON, RANK, fund_lines, money_cases, moneys

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.funding.case import MoneyCase, Rate
from higherstudy.domain.funding.converting import as_cost, as_funds
from higherstudy.domain.funding.holding import Holding, judge_holding
from higherstudy.domain.funding.proof import MoneyProof
from higherstudy.domain.funding.proving import money_proofs
from higherstudy.domain.shared.money import Money
from laws import cases

RULES = bundled_rulebook()


def proved(case: MoneyCase) -> MoneyProof:
    (found,) = money_proofs(case, RULES)
    return found


@cases(250)
@given(money_cases(), st.data())
def test_more_money_never_makes_a_proof_worse(case: MoneyCase, data: st.DataObject) -> None:
    before = proved(case)

    more = data.draw(fund_lines(CURRENCIES[case.country]))
    after = proved(replace(case, funds=(*case.funds, more)))

    assert RANK[after.passes] >= RANK[before.passes]
    assert before.required == after.required
    if before.held is not None and before.holding is None:
        assert after.held is not None
        assert before.held <= after.held


TAKEN_AWAY: dict[str, Callable[[MoneyCase], MoneyCase]] = {
    "tuition": lambda case: replace(case, tuition=None),
    "tuition paid": lambda case: replace(case, tuition_paid=None),
    "travel": lambda case: replace(case, travel=None),
    "cost of attendance": lambda case: replace(case, cost_of_attendance=None),
    "income": lambda case: replace(case, income=None),
    "rates": lambda case: replace(case, rates=()),
}


@cases(250)
@given(money_cases(), st.sampled_from(sorted(TAKEN_AWAY)))
def test_taking_away_what_is_known_never_turns_a_no_or_an_unknown_into_enough(case: MoneyCase, what: str) -> None:
    before = proved(case)

    less = proved(TAKEN_AWAY[what](case))

    assert before.passes is True or less.passes is not True


@cases(250)
@given(money_cases(), st.sampled_from(("university_sector", "in_london", "in_quebec")))
def test_a_circumstance_that_is_taken_away_never_makes_it_enough(case: MoneyCase, name: str) -> None:
    known = {key: value for key, value in case.circumstances.items() if key != name}

    assert proved(case).passes is True or proved(replace(case, circumstances=known)).passes is not True


@cases(250)
@given(money_cases())
def test_a_proof_that_is_enough_has_no_gap_and_is_the_same_each_time(case: MoneyCase) -> None:
    found = proved(case)

    assert found == proved(case)
    if found.passes and found.holding is None and not any(option.passes for option in found.options):
        assert found.gap is not None
        assert found.gap.minor == 0
    if found.required is not None and found.at_least is not None:
        assert found.at_least <= found.required
    assert found.said


def slowly(balances: dict[date, int], required: int, days: int, within: int, on: date) -> bool:
    """The rule as it is written: some run of so many days, all at the line, ending not too long before."""
    return any(
        all(balances.get(on - timedelta(back + day), 0) >= required for day in range(days))
        for back in range(within + 1)
    )


@cases(100)
@given(
    st.dictionaries(st.integers(0, 70), st.integers(8, 11), min_size=1),
    st.integers(1, 6),
    st.integers(0, 8),
    st.integers(0, 80),
)
def test_the_quick_search_for_a_window_agrees_with_the_rule_as_written(
    held: dict[int, int], days: int, within: int, after: int
) -> None:
    balances = {FIRST + timedelta(day): amount for day, amount in held.items()}
    on = FIRST + timedelta(after)

    def held_on(day: date) -> Money | None:
        return Money(balances[day], "GBP") if day in balances else None

    def judged(day: date) -> Holding:
        return judge_holding(held_on, Money(10, "GBP"), days, within, day)

    found = judged(on)
    assert found.passes is slowly(balances, 10, days, within, on)
    assert found.passes is any(span.first <= on <= span.last for span in found.legal)
    assert found.passes is (not found.dips)
    if found.earliest is not None and not found.if_kept:
        assert judged(found.earliest).passes
        assert not any(judged(on + timedelta(day)).passes for day in range((found.earliest - on).days))


@cases(250)
@given(moneys("BDT", 10_000_000), st.decimals("0.0001", "1000", places=4), st.integers(0, 99))
def test_a_conversion_never_overstates_funds_and_never_understates_costs(
    money: Money, rate: Decimal, haircut: int
) -> None:
    rates = [Rate("rate", "BDT", "JPY", rate, ON, Decimal(haircut))]

    funds, cost = as_funds(money, "JPY", rates, ON), as_cost(money, "JPY", rates, ON)

    assert funds is not None
    assert cost is not None
    assert funds.money.amount <= money.amount * rate <= cost.money.amount
    assert (funds.original, funds.rate) == (money, rates[0])
