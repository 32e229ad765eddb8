"""Totals by each test's own rule, concordances by their publishers, grades by published formulas."""

from datetime import date
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.rulebook.conditions import AllOf, AnyOf, Condition, Is, Not
from higherstudy.domain.rulebook.grades import Rounding, modified_bavarian, rounded
from higherstudy.domain.shared.errors import Invalid

FOUR = ("listening", "reading", "writing", "speaking")


def four(*scores: str) -> dict[str, Decimal | str]:
    return dict(zip(FOUR, map(Decimal, scores), strict=True))


@pytest.mark.parametrize(
    ("test", "scores", "total"),
    [
        ("IELTS_AC", ("6.0", "6.0", "6.0", "6.5"), "6.0"),  # mean 6.125
        ("IELTS_AC", ("6.0", "6.0", "6.5", "6.5"), "6.5"),  # mean 6.25
        ("IELTS_AC", ("7.0", "6.5", "6.5", "7.0"), "7.0"),  # mean 6.75
        ("IELTS_AC", ("9", "9", "9", "9"), "9"),
        ("TOEFL_IBT_2005", ("22", "23", "24", "21"), "90"),
        ("TOEFL_IBT_2026", ("5", "5", "5", "5.5"), "5.0"),  # mean 5.125
        ("TOEFL_IBT_2026", ("5", "5", "5.5", "5.5"), "5.5"),  # mean 5.25
    ],
)
def test_a_total_follows_from_the_sections_by_the_tests_own_rule(
    test: str, scores: tuple[str, ...], total: str
) -> None:
    assert bundled_rulebook().tests[test].total_of(four(*scores)) == Decimal(total)


@pytest.mark.parametrize(
    ("test", "marks"),
    [
        ("JLPT_N1", {"total": 100, "language_knowledge": 19, "reading": 19, "listening": 19}),
        ("JLPT_N2", {"total": 90, "language_knowledge": 19, "reading": 19, "listening": 19}),
        ("JLPT_N3", {"total": 95, "language_knowledge": 19, "reading": 19, "listening": 19}),
        ("JLPT_N4", {"total": 90, "language_knowledge_reading": 38, "listening": 19}),
        ("JLPT_N5", {"total": 80, "language_knowledge_reading": 38, "listening": 19}),
        ("IELTS_AC", {}),
    ],
)
def test_a_test_that_can_be_failed_says_what_passes_in_total_and_in_each_section(
    test: str, marks: dict[str, int]
) -> None:
    assert bundled_rulebook().tests[test].pass_marks() == marks


@pytest.mark.parametrize(
    ("test", "scores", "total"),
    [
        ("DET", ("110", "115", "120", "125"), "120"),  # mean 117.5, nearest 5
        ("DET", ("110", "115", "115", "120"), "115"),
        ("ACT", ("30", "31", "32", "33"), None),  # of three or of four sections: the result does not say
    ],
)
def test_other_tests_have_rules_of_their_own(test: str, scores: tuple[str, ...], total: str | None) -> None:
    scale = bundled_rulebook().tests[test]
    own = [section.name for section in scale.sections if not section.derived]

    found = scale.total_of(dict(zip(own, map(Decimal, scores), strict=True)))

    assert found == (None if total is None else Decimal(total))


def test_pte_is_never_averaged() -> None:
    assert bundled_rulebook().tests["PTE_ACADEMIC"].total_of(four("60", "60", "60", "60")) is None


def test_testdaf_has_no_total_at_all() -> None:
    testdaf = bundled_rulebook().tests["TESTDAF"]

    assert testdaf.total is None
    assert testdaf.sections[0].scale.levels[-1] == "TDN5"


def test_a_total_is_not_made_from_three_sections_of_four() -> None:
    scores = four("7", "7", "7", "7")
    del scores["writing"]

    assert bundled_rulebook().tests["IELTS_AC"].total_of(scores) is None


@pytest.mark.parametrize(
    ("test", "score", "exists"),
    [
        ("IELTS_AC", "6.5", True),
        ("IELTS_AC", "6.25", False),
        ("IELTS_AC", "9.5", False),
        ("TOEFL_IBT_2005", "120", True),
        ("TOEFL_IBT_2026", "90", False),
        ("TOEFL_IBT_2026", "4.5", True),
        ("GMAT_FOCUS", "645", True),
        ("GMAT_FOCUS", "640", False),
        ("GMAT_CLASSIC", "640", True),
        ("GMAT_CLASSIC", "645", False),
        ("DET", "115", True),
        ("DET", "117", False),
    ],
)
def test_a_score_exists_only_on_the_steps_of_its_scale(test: str, score: str, exists: bool) -> None:
    total = bundled_rulebook().tests[test].total

    assert total is not None
    assert total.has(Decimal(score)) is exists


def test_the_two_toefl_editions_meet_on_21_january_2026() -> None:
    tests = bundled_rulebook().tests

    assert tests["TOEFL_IBT_2005"].was_held_on(date(2026, 1, 20))
    assert not tests["TOEFL_IBT_2005"].was_held_on(date(2026, 1, 21))
    assert tests["TOEFL_IBT_2026"].was_held_on(date(2026, 1, 21))


@pytest.mark.parametrize(
    ("toefl", "ielts"),
    [("118", "9"), ("117", "8.5"), ("110", "8"), ("102", "7.5"), ("94", "7"), ("93", "6.5"), ("79", "6.5"),
     ("78", "6"), ("60", "6"), ("46", "5.5"), ("35", "5"), ("32", "4.5")],
)  # fmt: skip
def test_the_old_toefl_total_corresponds_to_ielts_as_its_publisher_says(toefl: str, ielts: str) -> None:
    tables = bundled_rulebook().concordances_between("TOEFL_IBT_2005", "IELTS_AC", "total")

    assert [table.corresponding(Decimal(toefl)) for table in tables] == [Decimal(ielts)]


def test_pte_has_several_tables_in_use_and_all_are_kept_apart() -> None:
    tables = bundled_rulebook().concordances_between("PTE_ACADEMIC", "IELTS_AC", "total")

    assert len({table.id for table in tables}) >= 3
    assert {table.confidence.value for table in tables} == {"L"}


@pytest.mark.parametrize(
    ("best", "lowest_pass", "own", "german"),
    [
        ("4.00", "2.00", "3.50", "1.75"),
        ("4.00", "1.00", "3.50", "1.50"),
        ("4.00", "2.20", "3.75", "1.4167"),
        ("4.00", "2.00", "2.50", "3.25"),
        ("100", "40", "75", "2.25"),
        ("100", "33", "75", "2.1194"),
        ("100", "50", "75", "2.50"),
        ("10", "4", "8.0", "2.00"),
        ("10", "5", "8.0", "2.20"),
        ("5", "1", "4.0", "1.75"),
        ("5", "2", "4.0", "2.00"),
        ("4.00", "2.00", "2.00", "4"),
        ("4.00", "2.00", "4.00", "1"),
        ("4.00", "2.00", "1.99", "5"),
    ],
)
def test_the_modified_bavarian_formula_gives_the_published_grades(
    best: str, lowest_pass: str, own: str, german: str
) -> None:
    found = modified_bavarian(Decimal(own), Decimal(best), Decimal(lowest_pass))

    assert found.quantize(Decimal("0.0001")) == Decimal(german).quantize(Decimal("0.0001"))


@pytest.mark.parametrize(("best", "lowest_pass", "own"), [("4", "4", "3"), ("4", "5", "3"), ("4", "2", "4.01")])
def test_grades_that_cannot_be_are_refused(best: str, lowest_pass: str, own: str) -> None:
    with pytest.raises(Invalid):
        modified_bavarian(Decimal(own), Decimal(best), Decimal(lowest_pass))


def test_rounding_is_the_receivers_policy() -> None:
    exact = Decimal("2.25")

    assert rounded(exact, Rounding.EXACT) == exact
    assert rounded(exact, Rounding.TRUNCATE_1) == Decimal("2.2")
    assert rounded(exact, Rounding.HALF_UP_1) == Decimal("2.3")


EMPLOYED, STATE = Is("employed", (True,)), Is("employer_government", (True,))


@pytest.mark.parametrize(
    ("condition", "circumstances", "holds", "missing"),
    [
        (EMPLOYED, {}, None, {"employed"}),
        (EMPLOYED, {"employed": False}, False, set()),
        (AllOf((EMPLOYED,)), {}, None, {"employed"}),
        (AllOf((EMPLOYED, STATE)), {"employed": True, "employer_government": True}, True, set()),
        (AllOf((EMPLOYED, STATE)), {"employed": False}, False, set()),
        (AllOf((EMPLOYED, STATE)), {"employed": True}, None, {"employer_government"}),
        (AnyOf((EMPLOYED, STATE)), {"employed": True}, True, set()),
        (AnyOf((EMPLOYED, STATE)), {"employed": False}, None, {"employer_government"}),
        (Not(EMPLOYED), {}, None, {"employed"}),
        (Not(EMPLOYED), {"employed": True}, False, set()),
        (AllOf(()), {}, True, set()),
        (AnyOf(()), {}, False, set()),
    ],
)
def test_a_condition_is_unknown_only_while_what_decides_it_is(
    condition: Condition, circumstances: dict[str, str | bool], holds: bool | None, missing: set[str]
) -> None:
    answer = condition.answer(circumstances)

    assert (answer.holds, set(answer.missing)) == (holds, missing)
