"""For whom and on which days a fact counts, to the day, and in which words it says so."""

from datetime import date
from decimal import Decimal

import pytest

from higherstudy.domain.rulebook.fact_words import begin_of, fact_says, figure_of
from higherstudy.domain.rulebook.facts import Fact, Precision, Scope, in_force
from higherstudy.domain.rulebook.overlaps import without_order
from higherstudy.domain.shared.errors import Reason
from higherstudy.domain.shared.sources import Confidence, Source, SourceKind

PAGE = Source("page", "A page", SourceKind.OFFICIAL, date(2026, 11, 1))
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
ALL = Scope("DE", "DE/DHAKA", ("BD", "IN"), "master", "RWTH")
CASE = Scope("DE", "DE/DHAKA", ("IN",), "master", "RWTH")


def fact(
    fact_id: str = "f",
    value: Decimal | str | bool = True,
    *,
    unit: str = "",
    scope: Scope | None = None,
    begin: date | None = None,
    end: date | None = None,
    precision: Precision = Precision.DAY,
) -> Fact:
    return Fact(fact_id, "k", value, PAGE, Confidence.HIGH, unit, scope or Scope(), begin, end, precision)


OTHERS = [
    Scope("NL", "DE/DHAKA", ("IN",), "master", "RWTH"),
    Scope("DE", "DE/DELHI", ("IN",), "master", "RWTH"),
    Scope("DE", "DE/DHAKA", ("PK",), "master", "RWTH"),
    Scope("DE", "DE/DHAKA", ("IN",), "bachelor", "RWTH"),
    Scope("DE", "DE/DHAKA", ("IN",), "master", "TUM"),
]


def test_a_scope_covers_a_case_that_is_like_it_in_all_that_it_names() -> None:
    assert ALL.covers(CASE)
    assert Scope().covers(CASE)
    assert [ALL.covers(other) for other in (*OTHERS, Scope())] == [False] * 6


def test_two_scopes_can_meet_unless_they_name_different_things() -> None:
    assert ALL.can_meet(CASE)
    assert ALL.can_meet(Scope())
    assert Scope().can_meet(ALL)
    assert [ALL.can_meet(other) for other in OTHERS] == [False] * 5


def test_a_scope_is_as_narrow_as_it_names_things() -> None:
    one_each = [Scope(country="DE"), Scope(mission="M"), Scope(nationality=("BD", "IN")), Scope(level="L")]

    assert Scope().narrowness == 0
    assert [scope.narrowness for scope in (*one_each, Scope(institution="I"))] == [1] * 5
    assert ALL.narrowness == 5


def test_a_fact_holds_from_its_first_day_to_its_last() -> None:
    days = (date(2025, 12, 31), FIRST, LAST, date(2027, 1, 1))

    assert [fact(begin=FIRST, end=LAST).holds_on(day) for day in days] == [False, True, True, False]
    assert [fact(begin=FIRST).holds_on(day) for day in days] == [False, True, True, True]
    assert [fact(end=LAST).holds_on(day) for day in days] == [True, True, True, False]


def test_only_a_figure_is_a_number() -> None:
    assert fact(value=Decimal("9.5")).number == Decimal("9.5")
    with pytest.raises(TypeError, match=r"^f is no figure$"):
        _ = fact(value="nine").number


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        (fact("a", scope=Scope(country="DE")), fact("b", begin=FIRST), "a"),  # the narrower
        (fact("a", scope=Scope(nationality=("IN",))), fact("b", scope=Scope(nationality=("BD",))), "a"),  # named first
        (fact("a", scope=Scope(nationality=ALL.nationality)), fact("b", scope=Scope(nationality=("BD",))), "a"),
        (fact("a", begin=FIRST), fact("b"), "a"),  # the latest begun
        (fact("a", begin=FIRST, end=LAST), fact("b", begin=LAST), "a"),  # the other one has not begun
    ],
)  # fmt: skip
def test_of_two_facts_the_one_that_counts_does_so_in_either_order(first: Fact, second: Fact, counts: str) -> None:
    case = Scope("DE", nationality=("IN", "BD"))

    found = [in_force(facts, "k", date(2026, 6, 1), case) for facts in ([first, second], [second, first])]

    assert [one and one.id for one in found] == [counts, counts]


def test_a_fact_of_a_higher_layer_counts_before_a_later_one() -> None:
    first, second = fact("a"), fact("b", begin=FIRST)

    found = in_force([first, second], "k", LAST, Scope(), lambda one: 1 if one is first else 0)

    assert found is first
    assert in_force([first, second], "other", LAST, Scope()) is None


@pytest.mark.parametrize(
    ("one", "other", "is_ordered"),
    [
        (fact("a", end=LAST), fact("b", begin=LAST), False),
        (fact("a", end=date(2026, 12, 30)), fact("b", begin=LAST), True),
        (fact("a"), fact("b", begin=LAST), True),
        (fact("a", begin=LAST), fact("b", end=LAST), False),
        (fact("a"), fact("b"), False),
        (fact("a", begin=FIRST), fact("b", begin=FIRST, end=FIRST), False),
        (fact("a", scope=Scope(country="DE")), fact("b", scope=Scope(level="L"), begin=LAST), False),
        (fact("a", scope=Scope(country="DE")), fact("b", scope=Scope(country="DE", level="L")), True),
        (fact("a", scope=Scope(country="DE")), fact("b", scope=Scope(country="NL")), True),
    ],
)  # fmt: skip
def test_two_facts_that_may_answer_one_question_on_one_day_have_an_order_only_where_one_takes_over(
    one: Fact, other: Fact, is_ordered: bool
) -> None:
    assert list(without_order([one, other])) == ([] if is_ordered else [(one, other)])
    assert list(without_order([other, one])) == ([] if is_ordered else [(other, one)])


@pytest.mark.parametrize(
    ("value", "unit", "figure"),
    [
        (True, "", "yes"),
        (False, "", "no"),
        (Decimal("1E+3"), "EUR/month", "1000 EUR/month"),
        (Decimal("9.50"), "", "9.50"),
        ("as the page says", "", "as the page says"),
    ],
)
def test_a_figure_is_said_with_its_unit(value: Decimal | str | bool, unit: str, figure: str) -> None:
    assert figure_of(fact(value=value, unit=unit)) == figure


def test_a_beginning_is_said_as_exactly_as_it_is_known() -> None:
    said = [begin_of(fact(begin=FIRST, precision=precision)) for precision in Precision]

    assert dict(zip(Precision, said, strict=True)) == {"day": "2026-01-01", "month": "2026-01", "year": "2026"}
    assert begin_of(fact()) == ""


@pytest.mark.parametrize(
    ("begin", "end", "code", "since", "until"),
    [
        (FIRST, LAST, "fact.holds_between", "2026-01-01", "2026-12-31"),
        (FIRST, None, "fact.holds_from", "2026-01-01", ""),
        (None, LAST, "fact.holds_until", "", "2026-12-31"),
        (None, None, "fact.holds", "", ""),
    ],
)
def test_a_fact_says_its_figure_and_for_how_long_it_holds(
    begin: date | None, end: date | None, code: str, since: str, until: str
) -> None:
    said = fact_says(fact(value=Decimal(992), unit="EUR/month", begin=begin, end=end))

    assert said == Reason(code, {"value": "992 EUR/month", "from": since, "until": until})
