"""Where no amount can be named, it is said why: a plan that is silent about money reads as if none were asked for."""

from datetime import date
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.funding.need import money_needs, money_unknown
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.money_rules import MoneyRule, MonthlyRate, StatedCost
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.shared.errors import Reason
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE

RULES = bundled_rulebook()
THIS_YEAR, NEXT_YEAR = date(2026, 11, 23), date(2027, 2, 20)


@pytest.mark.parametrize(
    ("country", "on", "why"),
    [
        ("NL", THIS_YEAR, ()),
        ("NL", NEXT_YEAR, (Reason("money_need.not_known", {"country": "NL", "on": "2027-02-20"}),)),
        ("US", THIS_YEAR, (Reason("money_need.school_states", {"country": "US"}),)),
        ("DE", NEXT_YEAR, ()),
        ("SE", NEXT_YEAR, ()),
    ],
)
def test_each_rule_without_an_amount_has_its_reason(country: str, on: date, why: tuple[Reason, ...]) -> None:
    assert money_unknown(Scope(country, level="master"), on, {}, RULES) == why


@pytest.mark.parametrize("country", ["AU", "CA", "DE", "GB", "NL", "US"])
@pytest.mark.parametrize("on", [THIS_YEAR, NEXT_YEAR])
def test_in_no_country_with_a_money_rule_a_plan_is_silent(country: str, on: date) -> None:
    case = Scope(country, level="master")

    assert money_needs(case, on, {}, None, RULES) or money_unknown(case, on, {}, RULES)


def test_a_reason_is_told_once_for_all_rules_that_have_it_and_only_for_rules_of_the_level() -> None:
    last = date(2026, 12, 31)
    rate = Fact("rate", "rate", Decimal(900), PAGE, Confidence.HIGH, unit="EUR/month", valid_to=last)
    rules = (
        MoneyRule("a", "DE", "", MonthlyRate("rate", 12), (), PAGE, Confidence.HIGH),
        MoneyRule("b", "DE", "master", StatedCost(), (), PAGE, Confidence.HIGH),
        MoneyRule("c", "DE", "", MonthlyRate("rate", 6), (), PAGE, Confidence.HIGH),
    )
    book = Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", (rate,), money_rules=rules),))

    not_known = Reason("money_need.not_known", {"country": "DE", "on": "2027-02-20"})
    stated = Reason("money_need.school_states", {"country": "DE"})
    assert money_unknown(Scope("DE", level="master"), NEXT_YEAR, {}, book) == (not_known, stated)
    assert money_unknown(Scope("DE", level="bachelor"), NEXT_YEAR, {}, book) == (not_known,)
