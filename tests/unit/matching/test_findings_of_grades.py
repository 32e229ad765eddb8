"""Every finding about a grade whole, by the small rulebook: on the scale itself, by formula, table and line."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from whole_findings import (
    DEGREE,
    FINISHED,
    FORMULA,
    GERMAN,
    GRADE,
    HIGH,
    HOME,
    LOW,
    MEDIUM,
    MET,
    NOT_MET,
    PROBABLY,
    UNKNOWN,
    by_table,
    graded,
    judged,
    rules,
    said,
    state,
)

from higherstudy.domain.catalogue.requirement import (
    GradeNeeded,
)
from higherstudy.domain.matching.verdict import Change, Finding, Standing, Used
from higherstudy.domain.profile.profile import Grade, Profile
from higherstudy.domain.rulebook.grades import Band, GradeConversion, GradeScale, Method, Rounding
from study_builders import PAGE, STATED, bachelor, profile

LIMIT = {"of": "bachelor", "limit": "2.5", "scale": "G"}


def convert(effort: int) -> tuple[Change, ...]:
    return (Change("have_grade_converted", {"scale": "G"}, effort),)


def test_a_grade_that_cannot_be_compared_says_what_is_missing() -> None:
    known = rules(grade_scales=(GERMAN, HOME))

    assert judged(GRADE, profile()) == said(UNKNOWN, "grade.scale_not_known", LIMIT, flip=None)
    assert judged(GRADE, Profile(), known) == said(UNKNOWN, "grade.not_stated", LIMIT, flip=state("qualifications"))
    assert judged(GRADE, profile(qualifications=()), known) == said(NOT_MET, "grade.no_such_degree", LIMIT, flip=None)
    without = profile(qualifications=(replace(bachelor(), grade=None),))
    unstated = said(UNKNOWN, "grade.not_stated", LIMIT, flip=state("qualifications.grade"), used=DEGREE)
    assert judged(GRADE, without, known) == unstated
    params = {**LIMIT, "own": "3.00", "own_scale": "H", "lowest_pass": "2.00"}
    assert graded("3.00") == said(UNKNOWN, "grade.no_conversion", params, flip=convert(5), used=DEGREE)
    open_ended = replace(HOME, lowest_pass=None)
    assert graded("3.00", FORMULA, lowest=None, scales=(GERMAN, open_ended)) == said(
        UNKNOWN, "grade.lowest_pass_unknown", {**params, "lowest_pass": None},
        flip=state("qualifications.grade.lowest_pass"), used=DEGREE,
    )  # fmt: skip
    assert graded("4.01", FORMULA) == said(
        UNKNOWN, "grade.not_usable", {**params, "own": "4.01"}, flip=state("qualifications.grade"), used=DEGREE
    )
    assert graded("3.00", FORMULA, scale="Z").code == "grade.no_conversion"


@pytest.mark.parametrize(
    ("value", "standing", "distance"), [("2.4", MET, ""), ("2.5", MET, ""), ("2.6", NOT_MET, "0.1")]
)
def test_a_grade_on_the_scale_itself_is_compared(value: str, standing: Standing, distance: str) -> None:
    good = standing is MET

    assert graded(value, scale="G", lowest=None) == said(
        standing, "grade.good_enough" if good else "grade.too_low", {**LIMIT, "own": value}, MEDIUM,
        rests_on=("G",), distance=distance, flip=() if good else None, used=DEGREE,
    )  # fmt: skip


def estimated(standing: Standing, code: str, own_grade: str, **more: Any) -> Finding:
    params = {**LIMIT, "own": own_grade, "own_scale": "H", **more.pop("said")}
    usual: dict[str, Any] = {"rests_on": ("formula", "H", "G"), "used": DEGREE}
    return said(standing, code, params, more.pop("confidence", MEDIUM), **{**usual, **more})


def test_a_grade_on_another_scale_is_estimated_by_the_formula() -> None:
    by = {"lowest_pass": "2.00", "conversion": "formula"}
    good = estimated(PROBABLY, "grade.estimate_good_enough", "3.00", said={"estimate": "2.50", **by}, flip=convert(3))
    low = estimated(
        NOT_MET, "grade.estimate_too_low", "2.80", said={"estimate": "2.80", **by}, flip=None, distance="0.30"
    )

    assert graded("3.00", FORMULA) == good  # 1 + 3 (4 - 3) / (4 - 2)
    assert graded("2.80", FORMULA) == low
    assumed = graded("3.00", FORMULA, lowest=None)
    assert assumed == replace(good, confidence=LOW, params={**good.params, "lowest_pass": "2"})
    near = {"estimate": "2.54", "conversion": "formula"}  # it is 2.545: cut to one decimal it would be enough
    undecided = estimated(UNKNOWN, "grade.estimate_undecided", "2.97", said=near, flip=convert(4))
    assert graded("2.97", FORMULA) == undecided
    cut = replace(FORMULA, rounding=Rounding.TRUNCATE_1)
    assert graded("2.97", cut).standing is PROBABLY
    up = replace(FORMULA, rounding=Rounding.HALF_UP_1)
    assert (graded("2.95", up).standing, graded("2.95", up).distance) == (NOT_MET, "0.10")  # 2.575


def test_a_grade_below_the_lowest_pass_is_said_to_be_a_fail() -> None:
    by = {"estimate": "5.00", "lowest_pass": "2.00", "conversion": "formula"}
    failed = estimated(NOT_MET, "grade.estimate_fails", "1.99", said=by, flip=None, distance="2.50")

    assert graded("1.99", FORMULA) == failed
    assert graded("1.99", FORMULA, lowest=None).code == "grade.estimate_fails"  # below that of the scale
    assert graded("2.00", FORMULA).code == "grade.estimate_too_low"  # just passed
    anything = replace(GRADE, at_least=Decimal(5))
    assert graded("1.99", FORMULA, leaf=anything).code == "grade.estimate_fails"
    by_others = {**by, "estimate": "5.00 or 2.0", "conversion": "formula, table"}
    disputed = estimated(
        UNKNOWN, "grade.estimate_undecided_or_fails", "1.99", said=by_others, flip=convert(4),
        rests_on=("formula", "table", "H", "G"),
    )  # fmt: skip
    assert graded("1.99", FORMULA, by_table(("1.0", "2.0"))) == disputed


def test_a_formula_needs_a_scale_on_which_more_is_better_and_a_pass_below_the_best() -> None:
    falling = replace(HOME, best=Decimal(0), worst=Decimal(4))

    assert graded("3.00", FORMULA, scales=(GERMAN, falling)).code == "grade.no_conversion"
    assert graded("3.00", FORMULA, lowest="4.00").code == "grade.not_usable"
    three = (GERMAN, HOME, replace(HOME, id="Z"))
    assert graded("3.00", replace(FORMULA, from_scale="Z"), scales=three).code == "grade.no_conversion"
    assert graded("3.00", replace(FORMULA, institution=" sample UNIVERSITY".strip())).standing is PROBABLY
    assert graded("3.00", replace(FORMULA, institution="Another")).code == "grade.no_conversion"


@pytest.mark.parametrize(
    ("value", "standing", "code", "estimate", "distance"),
    [
        ("3.50", PROBABLY, "grade.counts_as_enough", "2.0", ""),
        ("3.00", UNKNOWN, "grade.estimate_undecided", "3.0", ""),
        ("2.99", UNKNOWN, "grade.estimate_undecided", "3.0", ""),
        ("2.49", NOT_MET, "grade.counts_as_less", "4.0", "1.01 (H)"),
        ("1.99", NOT_MET, "grade.counts_as_less", "less than 4.0", "1.51 (H)"),
    ],
)
def test_a_table_gives_a_class_which_settles_the_limit_or_does_not(
    value: str, standing: Standing, code: str, estimate: str, distance: str
) -> None:
    found = graded(value, by_table(("2.5", "3.0"), ("3.5", "2.0"), ("2.0", "4.0")))

    assert (found.standing, found.code, found.params["estimate"], found.distance) == (
        standing,
        code,
        estimate,
        distance,
    )
    assert found.rests_on == ("table", "H", "G")
    if standing is not UNKNOWN:
        assert found.params["lowest_pass"] is None


def test_a_table_whose_classes_are_not_of_the_scale_or_that_is_empty_says_nothing() -> None:
    named = replace(GERMAN, bands=(Band("Good", Decimal("2.5")), Band("Fair", Decimal("3.5"))))

    assert graded("3.50", by_table(("3.0", "Good"))).code == "grade.no_conversion"
    assert graded("3.50", by_table(("3.0", "Good")), scales=(named, HOME)).standing is PROBABLY
    assert graded("3.50", by_table()).code == "grade.no_conversion"
    assert graded("3.50", by_table(("3.0", "NaN"))).code == "grade.no_conversion"


def test_a_line_converts_where_better_grades_stay_better() -> None:
    percent = GradeScale("P", "Percent", "IN", Decimal(100), Decimal(0), Decimal(40), PAGE, HIGH)
    leaf = GradeNeeded(STATED, "bachelor", "P", Decimal(60))

    def line(factor: str | None, offset: str | None = None, **changes: Any) -> Finding:
        one = GradeConversion(
            "line", "L", Method.LINEAR, "H", "P", PAGE, HIGH, factor=None if factor is None else Decimal(factor),
            offset=None if offset is None else Decimal(offset),
        )  # fmt: skip
        return graded("3.00", replace(one, **changes), scales=(percent, HOME), leaf=leaf)

    assert (line("20").standing, line("20").params["estimate"]) == (PROBABLY, "60.00")
    assert (line("18", "5").standing, line("18", "5").distance) == (NOT_MET, "1.00")
    assert line("20").code == "grade.counts_as_enough"
    for none in (line("-20", "200"), line("0"), line(None)):
        assert none.code == "grade.no_conversion"
    assert line("20", institution="Sample University").code == "grade.no_conversion"  # it is the awarding one's


def test_ways_that_contradict_each_other_settle_nothing() -> None:
    enough, less = by_table(("3.0", "2.0")), by_table(("3.5", "3.0"), ("3.0", "4.0"), id="less")

    found = graded("3.00", FORMULA, less)

    assert found == estimated(
        UNKNOWN, "grade.estimate_undecided", "3.00", said={"estimate": "2.50 or 4.0", "conversion": "formula, less"},
        flip=convert(4), rests_on=("formula", "less", "H", "G"),
    )  # fmt: skip
    assert graded("3.00", FORMULA, enough).standing is PROBABLY
    assert graded("2.00", FORMULA, by_table(("3.0", "2.0"))).standing is UNKNOWN  # less than 2.0 may be enough
    assert graded("2.00", FORMULA, by_table(("3.0", "3.0"))).standing is NOT_MET


def test_of_several_degrees_the_one_that_stands_best_counts() -> None:
    known = rules(grade_scales=(GERMAN,))
    grades = [replace(bachelor(), title=str(value), grade=Grade("G", Decimal(value))) for value in (4, 2, 3)]
    hsc = replace(bachelor(), level="hsc", grade=Grade("G", Decimal(1)))

    found = judged(GRADE, profile(qualifications=(hsc, *grades)), known)

    assert (found.standing, found.used) == (MET, (Used("qualifications", 2, "2", FINISHED),))
    untitled = profile(qualifications=(replace(grades[0], title=""),))
    assert judged(GRADE, untitled, known).used[0].name == "bachelor"
