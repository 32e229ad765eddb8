"""How much money has to be shown, by the facts of the day on which the papers are lodged."""

from datetime import date
from typing import Any

import pytest
from unit.rulebook.everything import as_pack
from unit.rulebook.least import HEAD, LEAST

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.funding.need import MoneyNeed, money_needs
from higherstudy.domain.funding.proving import money_proofs
from higherstudy.domain.funding.reading import read_money_case
from higherstudy.domain.rulebook.conditions import Circumstances
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack
from higherstudy.domain.shared.money import Money


def need(on: date, circumstances: Circumstances, tuition: Money | None = None) -> MoneyNeed:
    (found,) = money_needs(Scope("DE", level="master"), on, circumstances, tuition, bundled_rulebook())
    return found


@pytest.mark.parametrize(
    ("on", "amount"),
    [
        (date(2020, 1, 1), "10236"),
        (date(2023, 6, 1), "11208"),
        (date(2024, 8, 31), "11208"),
        (date(2027, 1, 9), "11904"),
    ],
)
def test_a_year_of_the_blocked_account_follows_the_rate_of_the_day(on: date, amount: str) -> None:
    assert need(on, {"university_sector": "public"}).amount == Money.of(amount, "EUR")


def test_a_private_university_asks_for_a_years_tuition_on_top() -> None:
    found = need(date(2027, 1, 9), {"university_sector": "private"}, Money.of("9000", "EUR"))

    assert (found.amount, found.tuition_too, found.tuition_counted) == (Money.of("20904", "EUR"), True, True)


def test_while_the_sector_is_not_known_neither_is_whether_tuition_comes_on_top() -> None:
    found = need(date(2027, 1, 9), {})

    assert (found.tuition_too, found.tuition_counted, found.depends_on) == (None, None, ("university_sector",))


@pytest.mark.parametrize("tuition", [None, Money.of("900000", "BDT")])
def test_tuition_that_is_unknown_or_in_another_currency_is_said_not_to_be_counted(tuition: Money | None) -> None:
    found = need(date(2027, 1, 9), {"university_sector": "private"}, tuition)

    assert (found.amount, found.tuition_too, found.tuition_counted) == (Money.of("11904", "EUR"), True, False)


def test_tuition_of_zero_is_counted() -> None:
    found = need(date(2027, 1, 9), {"university_sector": "private"}, Money.of("0", "EUR"))

    assert (found.amount, found.tuition_counted) == (Money.of("11904", "EUR"), True)


def test_the_answer_names_the_fact_and_how_far_it_can_be_trusted() -> None:
    found = need(date(2027, 1, 9), {"university_sector": "public"})

    assert found.rests_on == ("de.blocked_account.monthly.2024-09",)
    assert found.confidence.value == "M"


def test_a_country_without_a_rule_gives_no_figure() -> None:
    assert money_needs(Scope("AT", level="master"), date(2027, 1, 1), {}, None, bundled_rulebook()) == ()


def test_a_rule_by_the_month_takes_the_rate_of_its_level_and_adds_no_tuition_unless_it_says_so() -> None:
    rate = {**LEAST["facts"][0], "value": "900", "unit": "EUR/month", "scope": {"level": "master"}}
    bachelor = {**rate, "id": "b", "value": "700", "scope": {"level": "bachelor"}}
    rule = {**LEAST["money_rules"][0], "level": "master", "months": 12}
    rules = Rulebook((read_pack(as_pack({**HEAD, "facts": [rate, bachelor], "money_rules": [rule]}), "own.toml"),))

    (found,) = money_needs(Scope("DE", level="master"), date(2027, 1, 9), {}, Money.of("9000", "EUR"), rules)

    assert (found.amount, found.tuition_too, found.tuition_counted) == (Money.of("10800", "EUR"), False, None)
    assert (found.rests_on, found.depends_on) == (("f",), ())


SCHOOL = """
[pack]
id = "school"
title = "A school and a citizenship"
version = "1"
review_by = 2027-05-31
layer = "institution"

[[sources]]
id = "page"
title = "A page"
kind = "official"
retrieved_on = 2026-11-23
"""
OWN = """
[[facts]]
id = "{id}"
key = "de.blocked_account.monthly"
value = "{value}"
unit = "EUR/month"
scope = {{ {scope} }}
source = "page"
confidence = "H"
"""


def test_a_figure_for_an_institution_a_mission_or_a_citizenship_goes_before_that_of_the_country() -> None:
    text = SCHOOL + "".join(
        OWN.format(id=name, value=value, scope=scope)
        for name, value, scope in (
            ("school", "1010", 'country = "DE", institution = "Lake School"'),
            ("people", "1020", 'country = "DE", nationality = ["AL"], level = "master"'),
            ("mission", "1030", 'country = "DE", nationality = ["AL"], level = "master", mission = "DE/TIRANA"'),
        )
    )
    rules = Rulebook((*bundled_rulebook().packs, read_pack(text, "school.toml")))

    def rate(**case: Any) -> str:
        (found,) = money_needs(Scope("DE", level="master", **case), date(2027, 1, 9), {}, None, rules)
        return found.rests_on[0]

    assert rate() == "de.blocked_account.monthly.2024-09"
    assert rate(institution="Lake School") == "school"
    assert rate(institution="Hill School", nationality=("BD",)) == "de.blocked_account.monthly.2024-09"
    assert rate(nationality=("AL",)) == "people"
    assert rate(nationality=("AL",), mission="DE/TIRANA") == "mission"


def test_a_proof_of_money_goes_by_whom_it_is_for_too() -> None:
    text = SCHOOL + OWN.format(id="school", value="1010", scope='country = "DE", institution = "Lake School"')
    rules = Rulebook((*bundled_rulebook().packs, read_pack(text, "school.toml")))
    case = {"country": "DE", "level": "master", "on": "2027-01-09", "circumstances": {"university_sector": "public"}}

    (at_school,) = money_proofs(read_money_case({**case, "institution": "Lake School"}, rules), rules)
    (elsewhere,) = money_proofs(read_money_case(case, rules), rules)

    assert (at_school.required, elsewhere.required) == (Money.of("12120", "EUR"), Money.of("11904", "EUR"))
