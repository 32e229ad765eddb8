"""What there is to know of the money for a target besides the amount."""

from datetime import date

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.funding.need import money_needs
from higherstudy.domain.funding.to_know import money_to_know

RULES = bundled_rulebook()


def test_a_sum_that_is_not_known_for_its_day_is_said_to_be_so_with_the_last_one_that_was() -> None:
    day = date(2027, 2, 6)  # the norm of the Netherlands is set anew every January; the packs hold that of 2026
    assert money_needs("NL", "master", day, {}, None, RULES) == ()
    (found,) = money_to_know("NL", "master", day, {}, RULES)
    assert found.code == "money.sum_ran_out"
    assert found.params == {"country": "NL", "on": "2027-02-06", "until": "2026-12-31", "last": "EUR 13,572.00"}
    assert Messages().reason(found).startswith("How much money the Netherlands asks to see on 6 February 2027 is not")


def test_a_sum_that_is_known_leaves_nothing_to_say() -> None:
    assert money_to_know("NL", "master", date(2026, 12, 31), {}, RULES) == ()
    assert money_to_know("DE", "master", date(2027, 1, 10), {}, RULES) == ()


def test_a_sum_of_which_no_earlier_one_is_known_is_said_not_to_be_known() -> None:
    (found,) = money_to_know("NL", "master", date(2025, 6, 1), {}, RULES)
    assert (found.code, found.params) == ("money.sum_not_known", {"country": "NL", "on": "2025-06-01"})


def test_money_that_has_to_be_held_is_told_with_the_day_since_when() -> None:
    (found,) = money_to_know("GB", "master", date(2026, 6, 17), {}, RULES)
    assert found.code == "money.held_since"
    assert found.params == {
        "country": "GB",
        "days": 28,
        "within_days": 31,
        "since": "2026-05-21",  # the 17th of June is the 28th day
        "on": "2026-06-17",
    }


def test_where_the_school_states_the_sum_that_is_said() -> None:
    (found,) = money_to_know("US", "master", date(2027, 6, 1), {}, RULES)
    assert found.code == "money.school_states_it"
