"""Since when money has to be there where a country wants it held for days in a row."""

from datetime import date

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.funding.held_since import money_held_since
from higherstudy.domain.rulebook.facts import Scope

RULES = bundled_rulebook()


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
