"""Scores and grades at the ends of their scales, on the last step and just beside it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from higherstudy.domain.rulebook.grades import Rounding, modified_bavarian, rounded
from higherstudy.domain.rulebook.scores import ConcordanceRow, Scale, Score, Section, TestScale, TotalRule
from higherstudy.domain.shared.errors import Invalid, Reason

from .everything_read import everything_read

ALL = everything_read("0" * 64)
BANDS = Scale(Decimal("1.5"), Decimal(9), Decimal("0.5"))
LEVELS = Scale(levels=("A", "B", "C"))


def numbers(*scores: str) -> list[Decimal]:
    return [Decimal(score) for score in scores]


def test_a_scale_of_numbers_has_its_ends_and_whole_steps_between_them() -> None:
    assert [BANDS.has(score) for score in numbers("1", "1.5", "2", "2.25", "9", "9.5")] == [
        *(False, True, True, False, True, False)
    ]
    assert [BANDS.has("B"), LEVELS.has("B"), LEVELS.has("D"), LEVELS.has(Decimal(1))] == [False, True, False, False]


def test_the_steps_of_a_scale_are_counted_from_its_lowest_score() -> None:
    odd = Scale(Decimal(1), Decimal(10), Decimal(3))

    assert [score for score in range(12) if odd.has(Decimal(score))] == [1, 4, 7, 10]


@pytest.mark.parametrize("missing", ["minimum", "maximum", "step"])
def test_a_scale_that_is_not_whole_has_no_score(missing: str) -> None:
    absent: dict[str, Any] = {missing: None}

    assert not replace(BANDS, **absent).has(Decimal(2))


def test_a_better_score_has_a_higher_rank() -> None:
    assert [LEVELS.rank(level) for level in ("A", "B", "C")] == [0, 1, 2]
    assert BANDS.rank(Decimal("6.5")) == Decimal("6.5")


BOTH = Section("both", Scale(Decimal(0), Decimal(9), Decimal(1)), derived=True, mean_of=("one", "two"))


@pytest.mark.parametrize(
    ("score", "sections", "may_be"),
    [
        (Decimal(6), {"one": Decimal(6), "two": Decimal(7)}, True),  # the mean, 6.5, lies between two steps
        (Decimal(7), {"one": Decimal(6), "two": Decimal(7)}, True),
        (Decimal(5), {"one": Decimal(6), "two": Decimal(7)}, False),
        (Decimal(8), {"one": Decimal(6), "two": Decimal(8)}, False),  # a whole step from the mean
        (Decimal(9), {"one": Decimal(2)}, True),
        (Decimal(9), {"one": Decimal(2), "two": "A"}, True),
        ("A", {"one": Decimal(2), "two": Decimal(2)}, True),
    ],
)
def test_a_derived_score_lies_less_than_a_step_from_the_mean_of_its_parts(
    score: Score, sections: dict[str, Score], may_be: bool
) -> None:
    assert BOTH.may_be(score, sections) is may_be


def test_a_derived_score_may_be_anything_where_nothing_says_how_it_is_formed() -> None:
    parts: dict[str, Score] = {"one": Decimal(2), "two": Decimal(2)}

    assert replace(BOTH, mean_of=()).may_be(Decimal(9), parts)
    assert replace(BOTH, scale=LEVELS).may_be(Decimal(9), parts)


def of_two(rule: TotalRule) -> TestScale:
    scale = Scale(Decimal(0), Decimal(200), Decimal("0.5"))
    return replace(ALL.tests[0], sections=(Section("one", scale), Section("two", scale), BOTH), total_rule=rule)


@pytest.mark.parametrize(
    ("rule", "one", "two", "total"),
    [
        (TotalRule.SUM, "6", "7.5", "13.5"),
        (TotalRule.MEAN_HALF_UP, "6", "6.5", "6.5"),  # mean 6.25
        (TotalRule.MEAN_HALF_UP, "6", "6.4", "6"),
        (TotalRule.MEAN_NEAREST_HALF, "6", "7.5", "7"),  # mean 6.75
        (TotalRule.MEAN_NEAREST_1, "6", "7", "7"),
        (TotalRule.MEAN_NEAREST_1, "6", "6.99998", "6"),
        (TotalRule.MEAN_NEAREST_5, "110", "115", "115"),  # mean 112.5
        (TotalRule.MEAN_NEAREST_5, "110", "114.9", "110"),
        (TotalRule.AS_GIVEN, "6", "7", None),
        (TotalRule.NONE, "6", "7", None),
    ],
)
def test_a_total_is_formed_by_its_rule_and_a_derived_section_enters_none(
    rule: TotalRule, one: str, two: str, total: str | None
) -> None:
    sections: dict[str, Score] = {"one": Decimal(one), "two": Decimal(two), "both": Decimal(1)}

    assert of_two(rule).total_of(sections) == (None if total is None else Decimal(total))


def test_no_total_is_formed_of_some_of_the_sections_or_of_none() -> None:
    assert of_two(TotalRule.SUM).total_of({"one": Decimal(6)}) is None
    assert of_two(TotalRule.SUM).total_of({"one": Decimal(6), "two": "A"}) is None
    assert replace(of_two(TotalRule.SUM), sections=(BOTH,)).total_of({"both": Decimal(6)}) is None


def test_a_mean_of_three_just_below_half_a_step_is_not_taken_up() -> None:
    scale = Scale(Decimal(0), Decimal(9), Decimal("0.5"))
    three = tuple(Section(name, scale) for name in ("a", "b", "c"))
    test = replace(ALL.tests[0], sections=three, total_rule=TotalRule.MEAN_NEAREST_1)

    assert test.total_of(dict(zip("abc", numbers("6", "6", "7.4"), strict=True))) == 6  # mean 6.4666...
    assert test.total_of(dict(zip("abc", numbers("6", "6", "7.5"), strict=True))) == 7


def test_sections_and_marks_are_found_by_name() -> None:
    test = ALL.tests[0]

    assert test.section("both") == test.sections[1]
    assert test.section("lost") is None
    assert test.pass_marks() == {"total": 5, "reading": 4}
    assert replace(test, total=None).pass_marks() == {"reading": 4}


def test_an_edition_is_in_use_from_its_first_day_to_its_last() -> None:
    test = ALL.tests[0]
    days = (date(2026, 1, 20), date(2026, 1, 21), date(2030, 1, 21), date(2030, 1, 22))

    assert [test.was_held_on(day) for day in days] == [False, True, True, False]
    assert [replace(test, taken_from=None).was_held_on(day) for day in days] == [True, True, True, False]
    assert [replace(test, taken_until=None).was_held_on(day) for day in days] == [False, True, True, True]


def test_a_table_is_read_from_its_best_row_down() -> None:
    rows = [ConcordanceRow(Decimal(score), level) for score, level in ((9, "C"), (7, "B"), (6, "B"), (4, "A"))]
    table = replace(ALL.concordances[0], rows=tuple(rows))

    assert [table.corresponding(score) for score in numbers("9", "8.9", "6", "5.9", "4", "3.9")] == [
        *("C", "B", "B", "A", "A", None)
    ]
    assert [table.least_for(level, LEVELS) for level in "CBA"] == [9, 6, 4]
    assert replace(table, rows=tuple(rows[1:])).least_for("C", LEVELS) is None


@pytest.mark.parametrize(("best", "worst"), [(4, 1), (1, 4)])
def test_a_grade_scale_has_its_ends_and_knows_which_is_the_better(best: int, worst: int) -> None:
    scale = replace(ALL.grade_scales[0], best=Decimal(best), worst=Decimal(worst))

    assert [scale.has(grade) for grade in numbers("0.99", "1", "4", "4.01")] == [False, True, True, False]
    assert scale.is_as_good(Decimal(best), Decimal(2))
    assert scale.is_as_good(Decimal(2), Decimal(2))
    assert not scale.is_as_good(Decimal(worst), Decimal(2))


@pytest.mark.parametrize(
    ("grade", "lowest_pass", "reason"),
    [
        ("3", "4.0", Reason("grade.pass_not_below_best", {"lowest_pass": "4.0", "best": "4"})),
        ("4.01", "2", Reason("grade.above_best", {"grade": "4.01", "best": "4"})),
    ],
)
def test_a_grade_that_cannot_be_converted_is_refused_with_what_contradicts_it(
    grade: str, lowest_pass: str, reason: Reason
) -> None:
    with pytest.raises(Invalid) as caught:
        modified_bavarian(Decimal(grade), Decimal(4), Decimal(lowest_pass))

    assert caught.value.reasons == (reason,)


@pytest.mark.parametrize(
    ("exact", "policy", "expected"),
    [
        ("2.25", Rounding.EXACT, "2.25"),
        ("2.29", Rounding.TRUNCATE_1, "2.2"),
        ("2.25", Rounding.HALF_UP_1, "2.3"),
        ("2.24", Rounding.HALF_UP_1, "2.2"),
    ],
)
def test_a_grade_is_rounded_to_the_receivers_decimals(exact: str, policy: Rounding, expected: str) -> None:
    assert str(rounded(Decimal(exact), policy)) == expected
