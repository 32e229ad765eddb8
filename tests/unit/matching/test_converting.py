"""A grade on another scale by every published way, and a test result by itself."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.matching.converting import ConvertedGrade, convert_grade, plain
from higherstudy.domain.matching.correspondence import check_result
from higherstudy.domain.profile.grades import read_grade
from higherstudy.domain.rulebook.grades import Rounding, modified_bavarian
from higherstudy.domain.shared.errors import Invalid, Reason
from higherstudy.domain.shared.sources import Confidence

RULES = bundled_rulebook()
ON = date(2026, 11, 23)


def converted(value: str, scale: str, to: str, lowest_pass: str | None = None, **institutions: str) -> ConvertedGrade:
    grade = read_grade({"scale": scale, "value": value, "lowest_pass": lowest_pass}, RULES)
    return convert_grade(grade, to, RULES, **institutions)


@pytest.mark.parametrize(
    ("value", "scale", "lowest_pass", "exact", "cut", "half_up"),
    [
        ("3.50", "BD_UGC_4", "2.00", "1.75", "1.7", "1.8"),
        ("3.50", "BD_NSU_4", "1.00", "1.50", "1.5", "1.5"),
        ("3.75", "BD_UGC_4", "2.20", "1.4167", "1.4", "1.4"),
        ("2.50", "BD_UGC_4", "2.00", "3.25", "3.2", "3.3"),
        ("75", "IN_PERCENT", "40", "2.25", "2.2", "2.3"),
        ("75", "IN_PERCENT", "33", "2.1194", "2.1", "2.1"),
        ("75", "IN_PERCENT", "50", "2.50", "2.5", "2.5"),
        ("8.0", "IN_10", "4", "2.00", "2.0", "2.0"),
        ("8.0", "IN_10", "5", "2.20", "2.2", "2.2"),
        ("4.0", "NG_NUC_5", "1", "1.75", "1.7", "1.8"),
        ("4.0", "NG_NUC_5", "2", "2.00", "2.0", "2.0"),
        ("2.00", "BD_UGC_4", "2.00", "4.00", "4.0", "4.0"),  # the lowest pass is one
        ("1.99", "BD_UGC_4", "2.00", "5.00", "5.0", "5.0"),
    ],
)
def test_the_formula_gives_the_exact_value_and_what_each_way_of_rounding_makes_of_it(
    value: str, scale: str, lowest_pass: str, exact: str, cut: str, half_up: str
) -> None:
    (one,) = converted(value, scale, "DE_5", lowest_pass).found

    assert (one.conversion.id, one.shown, one.holds) == ("modified-bavarian", exact, True)
    assert [(policy, plain(way)) for policy, way in one.as_rounded] == [
        (Rounding.EXACT, exact),
        (Rounding.TRUNCATE_1, f"{cut}0"),
        (Rounding.HALF_UP_1, f"{half_up}0"),
    ]
    assert [notice.code for notice in one.notices] == (["grade.below_lowest_pass"] if exact == "5.00" else [])


def test_a_grade_below_the_lowest_pass_is_said_to_be_a_fail_whoever_stated_that_pass() -> None:
    (stated,) = converted("2.10", "BD_UGC_4", "DE_5", "2.20").found
    (assumed,) = converted("1.99", "BD_UGC_4", "DE_5").found

    assert stated.notices == (
        Reason("grade.below_lowest_pass", {"own": "2.10", "lowest_pass": "2.20", "estimate": "5.00", "scale": "DE_5"}),
    )
    assert [one.code for one in assumed.notices] == ["grade.below_lowest_pass", "grade.lowest_pass_assumed"]


def test_the_lowest_pass_of_the_scale_is_only_assumed_and_said_to_be() -> None:
    (assumed,) = converted("3.50", "PK_4", "DE_5").found
    (stated,) = converted("3.50", "PK_4", "DE_5", "2.0").found

    assert (assumed.exact, [notice.code for notice in assumed.notices]) == (
        stated.exact,
        ["grade.lowest_pass_assumed"],
    )
    assert (assumed.confidence, stated.confidence) == (Confidence.UNVERIFIED, Confidence.MEDIUM)


def test_without_any_lowest_pass_it_is_asked_for() -> None:
    found = converted("75", "PERCENT", "DE_5")

    assert found.found == ()
    assert [(reason.code, reason.where) for reason in found.missing] == [("grade.lowest_pass_needed", "lowest_pass")]


def test_six_indian_formulas_stand_side_by_side_and_each_leads_on_by_itself() -> None:
    found = converted("8.0", "IN_10", "IN_PERCENT").found
    values = {plain(one.exact) for one in found if one.exact is not None}
    german = [plain(modified_bavarian(Decimal(value), Decimal(100), Decimal(40))) for value in sorted(values)]

    assert values == {"76.00", "72.50", "75.00", "67.80", "80.00", "67.50"}
    assert german == ["2.625", "2.61", "2.375", "2.25", "2.20", "2.00"]
    assert {one.holds for one in found} == {None}
    assert {one.confidence for one in found} == {Confidence.LOW}


def test_formulas_of_the_awarding_institution_come_first_and_others_are_said_not_to_hold() -> None:
    found = converted("8.0", "IN_10", "IN_PERCENT", awarding=" aktu ").found

    assert [one.conversion.id for one in found if one.holds] == ["in-aktu-minus-7.5", "in-aktu-7.1-plus-11"]
    assert [one.holds for one in found] == [True, True, *[False] * 9]


@pytest.mark.parametrize(
    ("value", "shown"), [("3.7", "first"), ("3.0", "2:1"), ("2.6", "2:2"), ("2.59", "less than 2:2")]
)
def test_a_table_names_the_class_that_the_grade_counts_as(value: str, shown: str) -> None:
    (one,) = converted(value, "PK_4", "UK_HONS", receiving="Loughborough University").found

    assert (one.conversion.id, one.shown, one.exact, one.holds) == ("lboro-pk", shown, None, True)


def test_an_older_and_a_newer_table_both_stand_there() -> None:
    found = converted("3.6", "NG_NUC_5", "UK_HONS").found

    assert [(one.conversion.id, one.shown) for one in found] == [
        ("lboro-ng-5", "2:1"),
        ("lboro-ng-5-older", "less than 2:1"),
    ]


def test_two_conversions_are_never_put_one_after_the_other() -> None:
    ids = {one.conversion.id for one in converted("8.0", "IN_10", "DE_5", "4").found}

    assert ids == {"modified-bavarian"}


def test_every_answer_says_whose_word_counts() -> None:
    found = converted("3.50", "BD_UGC_4", "DE_5", receiving="RWTH Aachen University")

    assert found.binding.code == "grade.conversion_is_estimate"
    assert found.binding.params["institution"] == "RWTH Aachen University"


@pytest.mark.parametrize(
    ("stated", "to", "where", "code"),
    [
        ({"scale": "MOON_3", "value": "3"}, "DE_5", "scale", "grade.unknown_scale"),
        ({"scale": "BD_UGC_4", "value": "4.2"}, "DE_5", "value", "grade.off_scale"),
        ({"scale": "BD_UGC_4", "value": "good"}, "DE_5", "value", "data.not_decimal"),
        ({"scale": "BD_UGC_4", "value": "3", "lowest_pass": "9"}, "DE_5", "lowest_pass", "grade.off_scale"),
        ({"scale": "BD_UGC_4", "value": "3", "lowest_pass": "4"}, "DE_5", "lowest_pass", "grade.pass_not_below_best"),
        ({"scale": "BD_UGC_4", "value": "3"}, "MOON_3", "to", "grade.unknown_scale"),
        ({"scale": "BD_UGC_4", "value": "3"}, "BD_UGC_4", "to", "grade.on_that_scale_already"),
    ],
)
def test_what_is_wrong_with_a_question_is_named_by_its_field(
    stated: dict[str, str], to: str, where: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        convert_grade(read_grade(stated, RULES), to, RULES)

    assert [(reason.where, reason.code) for reason in refused.value.reasons] == [(where, code)]


FOUR = {"listening": "7.0", "reading": "6.5", "writing": "6.0", "speaking": "6.5"}


def result(**changes: Any) -> dict[str, Any]:
    usual = {"code": "IELTS_AC", "taken_on": "2025-09-13", "sections": FOUR}
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def test_a_result_gets_its_total_its_last_day_and_every_table_that_leads_on_from_it() -> None:
    found = check_result(result(), RULES, ON)

    assert (found.total, found.total_by_rule) == (Decimal("6.5"), Decimal("6.5"))
    assert (found.until, found.counts) == (date(2027, 9, 13), True)
    by_table = {one.table.id: one.to_score for one in found.corresponding}
    assert by_table["ets-ielts-toefl2005-total"] == 79
    assert by_table["ielts-cefr"] == "B2"
    assert {"ielts-pte-old-printed-2026", "ielts-pte-eikondocs", "ielts-pte-2025-07"} <= by_table.keys()


@pytest.mark.parametrize(("on", "counts"), [(date(2027, 9, 13), True), (date(2027, 9, 14), False)])
def test_a_result_counts_up_to_its_last_day(on: date, counts: bool) -> None:
    assert check_result(result(), RULES, on).counts is counts


def test_a_test_of_today_has_a_result_and_one_of_tomorrow_is_still_to_come() -> None:
    assert check_result(result(taken_on="2026-11-23"), RULES, ON).counts is True
    with pytest.raises(Invalid) as refused:
        check_result(result(taken_on="2026-11-24"), RULES, ON)

    said = {"on": "2026-11-24", "today": "2026-11-23"}
    assert refused.value.reasons == (Reason("test.to_come", said, "taken_on"),)


def test_without_the_day_of_the_test_its_edition_is_taken_as_right_and_no_last_day_is_told() -> None:
    found = check_result({"code": "TOEFL_IBT_2005", "total": "90"}, RULES, ON)

    assert (found.until, found.counts) == (None, None)
    assert [one.to_score for one in found.corresponding if one.table.id == "ets-toefl2005-ielts-total"] == [
        Decimal("6.5")
    ]


@pytest.mark.parametrize(("listening", "passed"), [("19", True), ("18", False), (None, None)])
def test_a_test_that_can_be_failed_is_passed_by_the_total_and_every_section(
    listening: str | None, passed: bool | None
) -> None:
    sections = {"language_knowledge": "40", "reading": "40"} | ({"listening": listening} if listening else {})

    assert check_result({"code": "JLPT_N2", "sections": sections}, RULES, ON).passed is passed


def test_a_score_below_a_table_s_last_row_corresponds_to_nothing_in_it() -> None:
    found = check_result({"code": "PTE_ACADEMIC", "total": "20"}, RULES, ON)

    assert {one.to_score for one in found.corresponding if one.table.to_test == "IELTS_AC"} == {None}


@pytest.mark.parametrize(
    ("changed", "where", "code"),
    [
        ({"total": "7.5"}, "total", "test.total_differs"),
        ({"total": "6.3"}, "total", "test.off_scale"),
        ({"code": "IELTS_99"}, "code", "test.unknown"),
        ({"sections": {"dancing": "7.0"}}, "sections.dancing", "test.unknown_section"),
        ({"code": "TESTDAF", "total": "4", "sections": None}, "total", "test.has_no_total"),
    ],
)
def test_a_result_that_cannot_be_is_refused_by_its_field(changed: dict[str, Any], where: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_result(result(**changed), RULES, ON)

    assert [(reason.where, reason.code) for reason in refused.value.reasons] == [(where, code)]
