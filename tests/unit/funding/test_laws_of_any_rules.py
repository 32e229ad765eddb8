"""What must hold of a money proof by any rules: the sums, the days and the papers that count are random."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from random_money import FIRST, RANK, fund_lines, money_cases
from random_packs import COUNTRY, RULEBOOKS

from higherstudy.domain.funding.case import Funds, MoneyCase
from higherstudy.domain.funding.proof import MoneyProof
from higherstudy.domain.funding.proving import money_proofs
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack
from higherstudy.domain.shared.money import Money
from laws import cases

PAPERS = ("one.paper0", "one.paper1", "")
CASES = money_cases((COUNTRY,), PAPERS)


def compared(before: MoneyCase, after: MoneyCase, rulebook: Rulebook) -> list[tuple[MoneyProof, MoneyProof]]:
    """Return the proofs by each rule, before and after."""
    return list(zip(money_proofs(before, rulebook), money_proofs(after, rulebook), strict=True))


@cases(80)
@given(RULEBOOKS, CASES, st.integers(0, 120), fund_lines("EUR", PAPERS))
def test_more_money_never_makes_a_proof_worse_by_any_rules(
    rulebook: Rulebook, drawn: MoneyCase, days: int, more: Funds
) -> None:
    case = replace(drawn, on=FIRST + timedelta(days=days))

    for before, after in compared(case, replace(case, funds=(*case.funds, more)), rulebook):
        assert RANK[after.passes] >= RANK[before.passes]
        assert after.required == before.required


@cases(80)
@given(RULEBOOKS, CASES, st.integers(0, 5_000_000))
def test_a_greater_amount_on_every_line_never_makes_a_proof_worse(
    rulebook: Rulebook, case: MoneyCase, add: int
) -> None:
    richer = tuple(
        replace(
            line,
            amount=line.amount and Money(line.amount.minor + add, line.currency),
            balances=tuple(replace(b, amount=Money(b.amount.minor + add, line.currency)) for b in line.balances),
        )
        for line in case.funds
    )

    for before, after in compared(case, replace(case, funds=richer), rulebook):
        assert RANK[after.passes] >= RANK[before.passes]


@cases(80)
@given(RULEBOOKS, CASES, st.sampled_from(["tuition", "tuition_paid", "travel", "income"]))
def test_taking_away_what_is_known_never_makes_it_enough_by_any_rules(
    rulebook: Rulebook, case: MoneyCase, what: str
) -> None:
    for before, after in compared(case, replace(case, **{what: None}), rulebook):  # type: ignore[arg-type]
        assert before.passes is True or after.passes is not True


@cases(60)
@given(RULEBOOKS, RULEBOOKS, CASES)
def test_a_proof_is_the_same_with_the_same_facts_though_other_editions_came(
    rulebook: Rulebook, other: Rulebook, case: MoneyCase
) -> None:
    before = money_proofs(case, rulebook)

    money_proofs(case, other)
    again = Rulebook(tuple(read_pack(pack.text, pack.file) for pack in rulebook.packs))

    assert [repr(found) for found in money_proofs(case, again)] == [repr(found) for found in before]
    for proof in before:
        assert all(rulebook.fact(name).holds_on(case.on) for name in proof.rests_on if rulebook.has_fact(name))


@cases(60)
@given(RULEBOOKS, CASES, st.dates(date(2019, 1, 1), date(2031, 1, 1)))
def test_a_proof_rests_on_the_fact_of_its_day(rulebook: Rulebook, drawn: MoneyCase, on: date) -> None:
    case = replace(drawn, on=on)

    for proof in money_proofs(case, rulebook):
        for name in proof.rests_on:
            if rulebook.has_fact(name):
                fact = rulebook.fact(name)
                assert rulebook.in_force(fact.key, on, fact.scope) == fact


@cases(60)
@given(RULEBOOKS, CASES, st.dates(date(2019, 1, 1), date(2031, 1, 1)))
def test_what_is_not_known_is_always_told_with_what_would_have_to_be_known(
    rulebook: Rulebook, drawn: MoneyCase, on: date
) -> None:
    for proof in money_proofs(replace(drawn, on=on), rulebook):
        if proof.passes is None:
            answer, *why = [reason.code for reason in proof.said]
            assert answer == "money_proof.not_known"
            assert any(code.endswith(LACKING) for code in why)
            assert all(reason.params["fact"] for reason in proof.said if "fact" in reason.params)


LACKING = ("_not_known", "_not_stated", "no_rate", "no_rate_for", "depends_on")
