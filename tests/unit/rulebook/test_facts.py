"""Dated facts: a question names its day, and history stays."""

from datetime import date
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.shared.errors import NotFound

GERMANY = Scope(country="DE", level="master")


@pytest.mark.parametrize(
    ("day", "euro_a_month"),
    [
        (date(2019, 8, 31), "720"),
        (date(2019, 9, 1), "853"),
        (date(2021, 6, 1), "861"),
        (date(2022, 12, 31), "861"),
        (date(2023, 1, 1), "934"),
        (date(2024, 8, 31), "934"),
        (date(2024, 9, 1), "992"),
        (date(2026, 11, 23), "992"),
    ],
)
def test_the_blocked_account_asks_for_what_was_in_force_on_the_day(day: date, euro_a_month: str) -> None:
    fact = bundled_rulebook().in_force("de.blocked_account.monthly", day, GERMANY)

    assert fact is not None
    assert fact.number == Decimal(euro_a_month)


def test_a_proposal_is_never_the_answer_to_a_question_about_the_rate() -> None:
    days = [date(2026, 10, 1), date(2027, 10, 1), date(2030, 1, 1)]

    rates = {bundled_rulebook().in_force("de.blocked_account.monthly", day, GERMANY) for day in days}

    assert {fact.number for fact in rates if fact} == {Decimal(992)}


def test_a_fact_of_another_country_does_not_answer() -> None:
    assert bundled_rulebook().in_force("de.blocked_account.monthly", date(2026, 1, 1), Scope(country="NL")) is None


def test_the_narrower_fact_goes_before_the_wider() -> None:
    wide, narrow = Scope(country="DE"), Scope(country="DE", mission="DE/DHAKA")

    assert narrow.narrowness > wide.narrowness
    assert wide.covers(narrow)
    assert not narrow.covers(wide)


def test_every_fact_names_its_source_and_the_day_it_was_read() -> None:
    rulebook = bundled_rulebook()

    facts = [fact for key in rulebook.fact_keys() for fact in rulebook.facts(key)]

    assert len(facts) > 100
    assert all(fact.source.title and fact.source.retrieved_on.year >= 2026 for fact in facts)


def test_an_unverified_fact_says_what_to_check_first() -> None:
    rulebook = bundled_rulebook()
    unverified = [f for key in rulebook.fact_keys() for f in rulebook.facts(key) if f.confidence.value == "U"]

    assert unverified
    assert [fact.id for fact in unverified if not fact.note] == []


def test_asking_for_a_fact_that_never_was_says_so() -> None:
    with pytest.raises(NotFound):
        bundled_rulebook().fact("de.moon_tax")
