"""Grades on other scales: which conversion holds where, and what it settles."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.requirement import GradeNeeded
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import judge, judge_programme
from higherstudy.domain.matching.verdict import Finding, Standing
from higherstudy.domain.profile.profile import Grade
from higherstudy.domain.rulebook.grades import GradeConversion, Method, Rounding
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE, STATED, bachelor, institution, profile, programme

ON = date(2026, 11, 23)
LOUGHBOROUGH = "Loughborough University"


def needed(scale: str, limit: str) -> GradeNeeded:
    return GradeNeeded(STATED, "bachelor", scale, Decimal(limit))


def found(
    leaf: GradeNeeded,
    scale: str,
    value: str,
    lowest_pass: str | None = None,
    *,
    receiving: str = "",
    awarding: str = "",
) -> Finding:
    grade = Grade(scale, Decimal(value), None if lowest_pass is None else Decimal(lowest_pass))
    student = profile(qualifications=(bachelor(grade=grade, institution=awarding),))
    return judge(leaf, Evidence(student, ON), bundled_rulebook(), receiving)


def asked(finding: Finding) -> list[tuple[str, object]]:
    """Return the changes that a finding proposes, each with the field that it asks for."""
    return [(change.code, change.params.get("field")) for change in finding.flip or ()]


def test_a_university_s_own_table_decides_for_its_programmes_and_names_the_class() -> None:
    finding = found(needed("UK_HONS", "60"), "PK_4", "3.2", receiving=LOUGHBOROUGH)

    assert (finding.standing, finding.params["estimate"]) == (Standing.PROBABLY_MET, "2:1")
    assert finding.rests_on == ("lboro-pk", "PK_4", "UK_HONS")


def test_the_table_is_found_by_the_institution_of_the_programme() -> None:
    offer = programme(needed("UK_HONS", "60"), institution=institution(name=LOUGHBOROUGH))
    student = profile(qualifications=(bachelor(grade=Grade("PK_4", Decimal("3.2"))),))

    assert judge_programme(offer, Evidence(student, ON), bundled_rulebook()).standing is Standing.PROBABLY_MET


def test_a_university_s_own_table_is_used_by_nobody_else() -> None:
    finding = found(needed("UK_HONS", "60"), "PK_4", "3.2", receiving="Sample University")

    assert (finding.standing, finding.code) == (Standing.UNKNOWN, "grade.no_conversion")


@pytest.mark.parametrize(
    ("value", "limit", "expected"),
    [
        ("2.9", "60", Standing.NOT_MET),
        ("2.5", "50", Standing.NOT_MET),
        ("3.2", "70", Standing.NOT_MET),
        ("3.2", "65", Standing.UNKNOWN),
        ("3.2", "50", Standing.PROBABLY_MET),
        ("2.0", "40", Standing.UNKNOWN),
        ("4.0", "80", Standing.UNKNOWN),
    ],
)
def test_a_limit_inside_of_a_class_is_not_settled_by_a_table(value: str, limit: str, expected: Standing) -> None:
    assert found(needed("UK_HONS", limit), "PK_4", value, receiving=LOUGHBOROUGH).standing is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("3.3", Standing.NOT_MET), ("3.6", Standing.UNKNOWN), ("3.8", Standing.PROBABLY_MET)],
)
def test_an_older_and_a_newer_table_that_contradict_each_other_settle_nothing(value: str, expected: Standing) -> None:
    assert found(needed("UK_HONS", "60"), "NG_NUC_5", value, receiving=LOUGHBOROUGH).standing is expected


def test_a_linear_formula_holds_for_degrees_of_the_university_that_made_it() -> None:
    leaf = needed("IN_PERCENT", "60")

    own = found(leaf, "IN_10", "7.0", awarding=" university of mumbai ")
    other = found(leaf, "IN_10", "7.0", awarding="Another University")

    assert own.standing is Standing.PROBABLY_MET
    assert own.rests_on[0] == "in-mumbai"
    assert other.code == "grade.no_conversion"


def test_two_formulas_of_one_university_must_agree() -> None:
    leaf = needed("IN_PERCENT", "60")

    standings = [found(leaf, "IN_10", value, awarding="AKTU").standing for value in ("6.7", "6.8", "6.9", "7.0")]

    assert standings == [Standing.NOT_MET, Standing.UNKNOWN, Standing.PROBABLY_MET, Standing.PROBABLY_MET]


def test_without_a_conversion_nobody_is_asked_for_a_pass_that_would_not_help() -> None:
    stated = found(needed("US_4", "3.0"), "BD_UGC_4", "3.2", "2.0")
    not_stated = found(needed("US_4", "3.0"), "PERCENT", "70")

    assert [(one.code, asked(one)) for one in (stated, not_stated)] == [
        ("grade.no_conversion", [("have_grade_converted", None)])
    ] * 2


def test_a_pass_is_asked_for_exactly_where_it_is_what_is_missing() -> None:
    finding = found(needed("DE_5", "2.5"), "PERCENT", "70")

    assert finding.code == "grade.lowest_pass_unknown"
    assert asked(finding) == [("complete_profile", "qualifications.grade.lowest_pass")]


def test_a_limit_that_only_rounding_decides_stays_open_and_shows_the_digits_that_it_turns_on() -> None:
    finding = found(needed("DE_5", "2.5"), "PERCENT", "69.95", "40")

    assert (finding.standing, finding.code) == (Standing.UNKNOWN, "grade.estimate_undecided")
    assert finding.params["estimate"] == "2.502"
    assert asked(finding) == [("have_grade_converted", None)]


def test_a_limit_that_no_rounding_reaches_is_not_met_with_its_distance() -> None:
    finding = found(needed("DE_5", "2.5"), "PERCENT", "67.99", "40")

    assert (finding.standing, finding.distance) == (Standing.NOT_MET, "0.10")


@pytest.mark.parametrize(("value", "lowest_pass"), [("3.2", "4.0"), ("3.2", "4.5"), ("4.5", "2.0")])
def test_a_grade_that_cannot_be_is_unknown_and_breaks_nothing(value: str, lowest_pass: str) -> None:
    finding = found(needed("DE_5", "2.5"), "BD_UGC_4", value, lowest_pass)

    assert (finding.standing, finding.code) == (Standing.UNKNOWN, "grade.not_usable")


def test_an_estimate_is_no_surer_than_the_lowest_pass_that_it_takes_from_the_home_scale() -> None:
    leaf = needed("DE_5", "2.5")

    assert found(leaf, "PK_4", "3.8").confidence is Confidence.UNVERIFIED
    assert found(leaf, "PK_4", "3.8", "2.0").confidence is not Confidence.UNVERIFIED


def _with(*conversions: GradeConversion) -> Rulebook:
    pack = RulePack("own", "Own", "1", date(2027, 1, 1), "0", grade_conversions=conversions)
    return Rulebook((*(replace(pack, grade_conversions=()) for pack in bundled_rulebook().packs), pack))


FORMULA = GradeConversion(
    "own", "Own", Method.MODIFIED_BAVARIAN, "*", "DE_5", PAGE, Confidence.HIGH, rounding=Rounding.TRUNCATE_1
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda one: one, Standing.PROBABLY_MET),
        (lambda one: replace(one, rounding=Rounding.HALF_UP_1), Standing.NOT_MET),
        (lambda one: replace(one, rounding=Rounding.EXACT), Standing.UNKNOWN),
        (lambda one: replace(one, institution="Somebody else"), Standing.UNKNOWN),
    ],
)
def test_the_receiver_s_own_rounding_settles_the_limit(
    change: Callable[[GradeConversion], GradeConversion], expected: Standing
) -> None:
    student = profile(qualifications=(bachelor(grade=Grade("PERCENT", Decimal("69.00"), Decimal(40))),))

    finding = judge(needed("DE_5", "2.5"), Evidence(student, ON), _with(change(FORMULA)))

    assert finding.standing is expected


def test_a_line_on_which_a_better_grade_comes_out_worse_is_not_used() -> None:
    line = replace(FORMULA, method=Method.LINEAR, factor=Decimal(1))
    student = profile(qualifications=(bachelor(grade=Grade("PERCENT", Decimal(2), Decimal(1))),))

    finding = judge(needed("DE_5", "2.5"), Evidence(student, ON), _with(line))

    assert finding.code == "grade.no_conversion"
