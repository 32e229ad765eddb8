"""Since when money has to be there where a country wants it held for days in a row."""

from datetime import date
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.funding.held_since import money_held_since
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.money_rules import HeldForDays, LivingRate, MoneyRule, MonthlyRate
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.shared.errors import Params, Reason
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE

RULES = bundled_rulebook()
CHANGE, DAY_BEFORE = date(2026, 6, 17), date(2026, 6, 16)


def test_money_that_has_to_be_held_is_told_with_the_day_since_when() -> None:
    (found,) = money_held_since(Scope("GB", level="master"), date(2026, 6, 17), RULES)

    assert found.code == "money_need.held_since"
    assert found.params == {
        "country": "GB",
        "days": 28,
        "within_days": 31,
        "since": "2026-05-21",  # the 17th of June is the 28th day
        "on": "2026-06-17",
    }
    assert "every day from 21 May 2026 on." in Messages().reason(found)


def test_where_no_money_has_to_be_held_for_days_nothing_is_said() -> None:
    assert money_held_since(Scope("DE", level="master"), date(2026, 6, 17), RULES) == ()


def figure(key: str, value: int, unit: str = "days", begins: date | None = None, ends: date | None = None) -> Fact:
    name = f"{key} of {value}"
    return Fact(name, key, Decimal(value), PAGE, Confidence.HIGH, unit=unit, valid_from=begins, valid_to=ends)


def three_rules() -> Rulebook:
    """Return a rule by the month, one of which not all days are known yet, and one for a Master's whose days change."""
    facts = (
        figure("month", 1000, "GBP/month"),
        figure("days", 28, ends=DAY_BEFORE),
        figure("days", 60, begins=CHANGE),
        figure("within", 31, ends=DAY_BEFORE),
        figure("within", 14, begins=CHANGE),
        figure("next_year", 31, begins=date(2027, 1, 1)),
    )
    living = (LivingRate("month"),)
    rules = (
        MoneyRule("a", "GB", "", MonthlyRate("month", 9), (), PAGE, Confidence.HIGH),
        MoneyRule("b", "GB", "", HeldForDays(living, 9, "days", "next_year"), (), PAGE, Confidence.HIGH),
        MoneyRule("c", "GB", "master", HeldForDays(living, 9, "days", "within"), (), PAGE, Confidence.HIGH),
    )
    return Rulebook((RulePack("p", "P", "1", date(2099, 1, 1), "0", facts, money_rules=rules),))


@pytest.mark.parametrize(
    ("on", "days", "within", "since"), [(DAY_BEFORE, 28, 31, "2026-05-20"), (CHANGE, 60, 14, "2026-04-19")]
)
def test_each_rule_of_the_level_whose_days_are_known_on_the_day_is_told_whatever_stands_before_it(
    on: date, days: int, within: int, since: str
) -> None:
    said: Params = {"country": "GB", "days": days, "within_days": within, "since": since, "on": on.isoformat()}

    assert money_held_since(Scope("GB", level="master"), on, three_rules()) == (Reason("money_need.held_since", said),)
    assert money_held_since(Scope("GB", level="bachelor"), on, three_rules()) == ()
