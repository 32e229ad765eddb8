"""Reading stops by nationality and money rules, and saying what is wrong with one."""

import re
from datetime import date

import pytest

from higherstudy.domain.rulebook.closures import Closing, Closure
from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.money_rules import HeldForDays, MoneyKind, MonthlyRate, Person, StatedCost, YearlySum
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.reading import read_pack

HEAD = """
[pack]
id = "sample"
title = "Sample"
version = "1"
review_by = 2027-01-01

[[sources]]
id = "page"
title = "A page"
kind = "official"
retrieved_on = 2026-11-01

[[document_kinds]]
code = "statement"
title = "Statement"
source = "page"
confidence = "M"
"""
FACT = """
[[facts]]
id = "{key}.1"
key = "{key}"
value = "{value}"
unit = "{unit}"
source = "page"
confidence = "M"
"""
FACTS = (
    FACT.format(key="month", value="1000", unit="GBP/month")
    + FACT.format(key="year", value="20000", unit="AUD/year")
    + FACT.format(key="days", value="4", unit="weeks")
)
CLOSURE = """
[[closures]]
id = "stop"
country = "GB"
nationality = ["SD", "MM"]
what = "suspended"
valid_from = 2026-03-26
valid_to = 2026-12-31
level = "master"
source = "page"
confidence = "M"
"""
RULE = '[[money_rules]]\nid = "rule"\ncountry = "GB"\nproofs = ["statement"]\nsource = "page"\nconfidence = "M"\n'
MONTHLY = RULE + 'kind = "monthly_rate"\nrate = "month"\nmonths = 12\n'
HELD = RULE + 'kind = "held_for_days"\nliving = [{ fact = "month" }]\nmonths = 9\ndays = "days"\nwithin_days = "days"\n'
YEARLY = (
    RULE
    + 'kind = "yearly_sum"\nliving = [{ fact = "year" }, { fact = "year", person = "child" }]\n'
    + 'incomes = [{ fact = "year", with_family = false }]\nminus_paid = true\ntravel = true\n'
)
STATED = RULE + 'kind = "stated_cost"\n'


def pack(text: str) -> RulePack:
    return read_pack(HEAD + FACTS + text, "sample.toml")


def problems(text: str) -> list[str]:
    with pytest.raises(BrokenPack) as caught:
        Rulebook((pack(text),))
    assert all(re.fullmatch(r"sample\.toml:\d+", reason.where) for reason in caught.value.reasons)
    return [f"{reason.params['place']}: {reason.code}" for reason in caught.value.reasons]


def stop(text: str = CLOSURE) -> Closure:
    (found,) = pack(text).closures
    return found


def test_a_stop_holds_from_its_first_day_to_its_last() -> None:
    found = stop()

    assert (found.what, found.complete) == (Closing.SUSPENDED, True)
    days = (date(2026, 3, 25), date(2026, 3, 26), date(2026, 12, 31), date(2027, 1, 1))
    assert [found.holds_on(day) for day in days] == [False, True, True, False]


def test_a_stop_without_days_holds_always() -> None:
    found = stop(CLOSURE.replace("valid_from = 2026-03-26\nvalid_to = 2026-12-31\n", ""))

    assert found.holds_on(date(1990, 1, 1))
    assert found.holds_on(date(2190, 1, 1))


@pytest.mark.parametrize(
    ("citizenships", "complete", "partial"),
    [
        (("SD",), True, True),
        (("SD", "MM"), True, True),
        (("BD",), False, False),
        (("KE",), False, None),
        (("SD", "BD"), None, None),
        ((), False, False),
        (None, None, None),
    ],
)
def test_a_list_that_was_not_read_whole_leaves_those_it_does_not_name_unknown(
    citizenships: tuple[str, ...] | None, complete: bool | None, partial: bool | None
) -> None:
    some = CLOSURE + 'complete = false\nnot_nationality = ["BD"]\n'

    assert stop().shuts_out(citizenships) is complete
    assert stop(some).shuts_out(citizenships) is partial


def test_a_rulebook_gives_the_stops_of_a_country_level_and_day() -> None:
    rules = Rulebook((pack(CLOSURE),))
    day = date(2026, 6, 1)

    def found(country: str, level: str, on: date) -> list[str]:
        return [one.id for one in rules.closures_for(country, level, ("SD",), on)]

    assert found("GB", "master", day) == ["stop"]
    assert found("GB", "bachelor", day) == found("DE", "master", day) == found("GB", "master", date(2026, 1, 1)) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('nationality = ["SD", "MM"]', "nationality = []", "data.missing"),
        ('"SD", "MM"', '"Sudan"', "country.unknown"),
        ("valid_to = 2026-12-31", "valid_to = 2026-03-25", "closure.ends_before_it_begins"),
        ('what = "suspended"', 'what = "shut"', "data.unknown_word"),
        ('level = "master"', 'not_nationality = ["SD"]', "data.twice"),
        ('level = "master"', "levels = []", "data.unknown_key"),
    ],
)
def test_a_stop_that_contradicts_itself_is_refused(old: str, new: str, problem: str) -> None:
    assert old in CLOSURE

    assert problem in problems(CLOSURE.replace(old, new))[0]


def test_two_stops_of_one_name_are_refused() -> None:
    assert "data.twice" in problems(CLOSURE * 2)[0]


@pytest.mark.parametrize(
    ("text", "kind", "terms"),
    [
        (MONTHLY, MoneyKind.MONTHLY_RATE, MonthlyRate),
        (HELD, MoneyKind.HELD_FOR_DAYS, HeldForDays),
        (YEARLY, MoneyKind.YEARLY_SUM, YearlySum),
        (STATED, MoneyKind.STATED_COST, StatedCost),
    ],
)
def test_the_kind_of_a_rule_chooses_what_is_read(text: str, kind: MoneyKind, terms: type) -> None:
    (rule,) = Rulebook((pack(text),)).money_rules_of("GB", "master")

    assert rule.kind is kind
    assert isinstance(rule.terms, terms)


def test_living_is_read_for_each_kind_of_person() -> None:
    (rule,) = pack(YEARLY).money_rules

    assert isinstance(rule.terms, YearlySum)
    assert [one.person for one in rule.terms.living] == [Person.STUDENT, Person.CHILD]


@pytest.mark.parametrize(
    ("text", "old", "new", "problem"),
    [
        (MONTHLY, '"monthly_rate"', '"guess"', "data.unknown_word"),
        (MONTHLY, "months = 12", "months = 12\nliving = []", "data.unknown_key"),
        (MONTHLY, 'rate = "month"', 'rate = "year"', "money_rules[0].rate: fact.no_money_a_month"),
        (MONTHLY, 'rate = "month"', 'rate = "none"', "money_rules[0].rate: fact.no_such_key"),
        (HELD, 'fact = "month"', 'fact = "year"', "money_rules[0].living[0].fact: fact.no_money_a_month"),
        (HELD, '{ fact = "month" }', '{ fact = "month", person = "partner" }', "data.missing"),
        (HELD, '\ndays = "days"', '\ndays = "month"', "money_rules[0].days: fact.no_days"),
        (HELD, 'within_days = "days"', 'within_days = "none"', "money_rules[0].within_days: fact.no_such_key"),
        (YEARLY, '{ fact = "year" }', '{ fact = "month" }', "money_rules[0].living[0].fact: fact.no_money_a_year"),
        (YEARLY, 'incomes = [{ fact = "year"', 'incomes = [{ fact = "month"', "incomes[0].fact: fact.no_money_a_year"),
        (YEARLY, "travel = true\n", "", "data.missing"),
        (STATED, '["statement"]', '["gold"]', "money_rules[0].proofs: document.unknown_kind"),
        (STATED, "proofs", 'alone = ["gold"]\nproofs', "money_rules[0].alone: document.unknown_kind"),
        (STATED, "proofs", 'letters = ["gold"]\nproofs', "money_rules[0].letters: document.unknown_kind"),
    ],
)
def test_a_rule_that_cannot_be_reckoned_with_is_refused(text: str, old: str, new: str, problem: str) -> None:
    assert old in text

    assert any(problem in one for one in problems(text.replace(old, new, 1)))
