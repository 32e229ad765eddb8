"""The report of mutation testing fails when it should."""

from mutation.run import Tally, function_of, page, problems_of


def test_a_mutant_belongs_to_its_function_or_method() -> None:
    assert function_of("higherstudy.domain.funding.need.x_money_needs__mutmut_12") == "funding.need.money_needs"
    method = "higherstudy.domain.rulebook.facts.xǁScopeǁcovers__mutmut_3"
    assert function_of(method) == "rulebook.facts.Scope.covers"


def test_too_few_noticed_is_a_problem() -> None:
    found = list(problems_of([Tally("funding", 100, 84), Tally("matching", 100, 85)], {}, {}))

    assert found == ["funding: 84.0 % noticed, at least 85 are wanted"]


def test_more_unnoticed_than_have_a_reason_are_a_problem() -> None:
    known = {"a.b": (2, "they are alike"), "c.d": (9, "not looked at yet")}

    found = list(problems_of([], {"a.b": 3, "c.d": 1, "e.f": 1}, known))

    assert found == [
        "a.b: 3 unnoticed, 2 have a reason",
        "c.d: 1 unnoticed, 0 have a reason",
        "e.f: 1 unnoticed, 0 have a reason",
    ]
    assert list(problems_of([], {"a.b": 2}, known)) == []


def test_the_page_written_anew_keeps_its_reasons() -> None:
    text = page([Tally("funding", 10, 9)], {"a.b": 2, "e.f": 1}, {"a.b": "they are alike"})

    assert "| funding | 10 | 9 | 90.0 |" in text
    assert "| `a.b` | 2 | they are alike |" in text
    assert "| `e.f` | 1 | not looked at yet |" in text
